// Every error names its request, so that a person can tell support which one it was.
import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../context.js';

export const nameRequest: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        if (response.body.kind !== 'single') return;
        const { singleResult } = response.body;
        singleResult.errors = singleResult.errors?.map((error) => ({
          ...error,
          extensions: { ...error.extensions, requestId: contextValue.requestId },
        }));
        if (singleResult.errors === undefined) delete singleResult.errors;
      },
    };
  },
};
