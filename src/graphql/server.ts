// GraphQL over HTTP: who calls, in which language, under which id; then Apollo; then errors without secrets.
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { Fault } from '../errors.js';
import { type CallerSettings, contextOf } from './caller-of.js';
import type { RequestContext } from './context.js';
import { type ErrorLog, publicErrors } from './public-errors.js';
import { singleMutation } from './single-mutation.js';
import { illFormedVariable, wellFormedText } from './well-formed-text.js';

export interface GraphQLSettings extends CallerSettings {
  schema: GraphQLSchema;
  /** Introspection and the schema's names in messages. */
  openSchema: boolean;
  log: ErrorLog;
}

declare module 'fastify' {
  interface FastifyRequest {
    graphql: RequestContext | null;
  }
}

const MAX_TOKENS = 1_000;

export async function serveGraphQL(app: FastifyInstance, settings: GraphQLSettings): Promise<void> {
  const apollo = new ApolloServer<RequestContext>({
    schema: settings.schema,
    introspection: settings.openSchema,
    hideSchemaDetailsFromClientErrors: !settings.openSchema,
    includeStacktraceInErrorResponses: false,
    // Shutting down is main.ts' work.
    stopOnTerminationSignals: false,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationOptions: { maxErrors: 5 },
    executionOptions: { maxCoercionErrors: 5 },
    validationRules: [singleMutation, wellFormedText],
    formatError: publicErrors(settings.log),
    plugins: [
      nameRequestInErrors,
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
  await apollo.start();
  app.addHook('onClose', () => apollo.stop());

  const handler = fastifyApolloHandler(apollo, {
    context: async (request) => {
      if (!request.graphql) throw new Error('the request was not prepared');
      return request.graphql;
    },
  });
  app.decorateRequest('graphql', null);
  app.post('/graphql', {
    preHandler: async (request) => {
      request.graphql = await contextOf(request.headers, request.id, settings);
      checkBody(request.body);
    },
    handler,
  });
}

/** @throws Fault BAD_REQUEST where it is no GraphQL request (lists are none); BAD_USER_INPUT for ill-formed text */
function checkBody(body: unknown): void {
  const request = body as
    | { query?: unknown; variables?: unknown; operationName?: unknown }
    | null
    | undefined;
  const isText = (value: unknown) => value === undefined || value === null || typeof value === 'string';
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw new Fault('BAD_REQUEST', { message: 'The body must be one JSON object with a query.' });
  }
  if (typeof request.query !== 'string' || request.query === '') {
    throw new Fault('BAD_REQUEST', { message: 'query must be a GraphQL document.' });
  }
  if (!isText(request.operationName))
    throw new Fault('BAD_REQUEST', { message: 'operationName must be text.' });
  const { variables } = request;
  if (variables !== undefined && (typeof variables !== 'object' || Array.isArray(variables))) {
    throw new Fault('BAD_REQUEST', { message: 'variables must be an object.' });
  }
  const field = illFormedVariable(variables ?? {});
  if (field !== undefined) {
    throw new Fault('BAD_USER_INPUT', { field, message: 'A text holds what is no character.' });
  }
}

/** So that a person can tell support which request it was. */
const nameRequestInErrors: ApolloServerPlugin<RequestContext> = {
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
