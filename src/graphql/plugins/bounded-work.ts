// Looks at an operation once its variables are known: no subscriptions by HTTP, no text that no database keeps,
// and nothing that would cost too much.
import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { Fault } from '../../errors.js';
import type { RequestContext } from '../context.js';
import { requireAffordable } from '../document-cost.js';
import { requireWellFormed } from '../well-formed-text.js';

export const boundedWork: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, document, operation, request: { variables = {} } }) {
        // None where the document has several and none is named; that is refused next.
        if (!operation) return;
        try {
          if (operation.operation === 'subscription') {
            throw new Fault('BAD_REQUEST', { message: 'Subscriptions are served by WebSocket.' });
          }
          requireWellFormed(variables);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          throw new GraphQLError(error.message, {
            originalError: error,
            extensions: { http: { status: 400 } },
          });
        }
        requireAffordable(schema, { document, operation, variables });
      },
    };
  },
};
