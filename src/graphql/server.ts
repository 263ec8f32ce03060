// GraphQL over HTTP: who calls, in which language, under which id; then Apollo; then errors without secrets.
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Room } from '../limits/room.js';
import { type CallerSettings, contextOf } from './caller-of.js';
import type { RequestContext } from './context.js';
import { corsOptions, type OriginSettings } from './cross-origin.js';
import { coercionLimits, ownRules, parseLimits, validationLimits } from './document-limits.js';
import { boundedWork } from './plugins/bounded-work.js';
import { chooseStatus } from './plugins/choose-status.js';
import { nameRequest } from './plugins/name-request.js';
import { type ErrorLog, publicErrors } from './public-errors.js';
import { requireWellFormedRequest } from './well-formed-request.js';

export interface GraphQLSettings extends CallerSettings, OriginSettings {
  schema: GraphQLSchema;
  /** Introspection and the schema's names in messages. */
  openSchema: boolean;
  /** What is beyond it is answered OVERLOADED. */
  room: Room;
  log: ErrorLog;
}

declare module 'fastify' {
  interface FastifyRequest {
    graphql: RequestContext | null;
  }
}

/** @returns what answers a query by GET; that route is shared with the sockets */
export async function serveGraphQL(
  app: FastifyInstance,
  settings: GraphQLSettings,
): Promise<RouteHandlerMethod> {
  const { room } = settings;
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
    parseOptions: parseLimits,
    validationOptions: validationLimits,
    executionOptions: coercionLimits,
    validationRules: [...ownRules],
    formatError: publicErrors(settings.log),
    plugins: [
      boundedWork,
      nameRequest,
      chooseStatus,
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
  const answer = (request: FastifyRequest, reply: FastifyReply) =>
    room.within(async () => {
      const { id: requestId, address } = request;
      request.graphql = await contextOf(request.headers, { requestId, address }, settings);
      requireWellFormedRequest(request);
      return handler.call(app, request, reply);
    });
  await app.register(async (routes) => {
    if (settings.origins.length > 0) await routes.register(cors, corsOptions(settings));
    // Not before the body is there: who sends it slowly takes no room, and who is sent away hears why.
    routes.post('/graphql', answer);
  });
  return answer;
}
