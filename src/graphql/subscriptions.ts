// Subscriptions over WebSocket on /graphql, by graphql-ws. It would run queries and mutations too, past every
// rule of the HTTP side, so anything but a subscription is refused, and the same limits hold here.
import websocket from '@fastify/websocket';
import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { makeHandler } from 'graphql-ws/use/@fastify/websocket';
import { v7 as uuidv7 } from 'uuid';
import { errorName, Fault } from '../errors.js';
import { type CallerSettings, contextOf } from './caller-of.js';
import type { RequestContext } from './context.js';
import { describeFault, type ErrorLog, publicErrors } from './public-errors.js';

export interface SubscriptionSettings extends CallerSettings {
  schema: GraphQLSchema;
  openSchema: boolean;
  /** Answers a plain GET on the same path. */
  onGet: RouteHandlerMethod;
  log: ErrorLog;
}

const MAX_MESSAGE_BYTES = 16 * 1024;
const MAX_TOKENS = 1_000;
const SUBSCRIPTIONS_A_CONNECTION = 20;

/** Close codes of graphql-transport-ws. */
const FORBIDDEN = 4403;

interface ConnectionExtra {
  context?: RequestContext;
  ending?: NodeJS.Timeout;
  /** Subscriptions that run on this connection. */
  running?: number;
  [key: PropertyKey]: unknown;
}

export async function serveSubscriptions(
  app: FastifyInstance,
  settings: SubscriptionSettings,
): Promise<void> {
  const { schema, log } = settings;
  const describe = publicErrors(log);
  const rules = settings.openSchema ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];

  const describeAll = (errors: readonly GraphQLError[], requestId: string): GraphQLFormattedError[] =>
    errors.map((error) => {
      const formatted = error.toJSON();
      const code = error.extensions.code ?? (error.originalError ? 'INTERNAL' : 'GRAPHQL_VALIDATION_FAILED');
      // Further in, errors without a path are not unwrapped, such as those of `refuse`.
      const { originalError = error } = error;
      const thrown = originalError instanceof GraphQLError ? error : originalError;
      const described = describe({ ...formatted, extensions: { ...formatted.extensions, code } }, thrown);
      return { ...described, extensions: { ...described.extensions, requestId } };
    });

  const wsHandler = makeHandler<Record<string, unknown>, ConnectionExtra>(
    {
      connectionInitWaitTimeout: 5_000,
      async onConnect({ connectionParams, extra }) {
        try {
          extra.context = await contextOf(connectionParams ?? {}, uuidv7(), settings);
        } catch (error) {
          if (!(error instanceof Fault))
            log.error({ error: errorName(error) }, 'a bug in accepting a connection');
          return false;
        }
        const { caller } = extra.context;
        if (!caller) return false;
        // A token that has ended must not go on listening. Timers take 24.8 days at most; tokens live shorter.
        const left = Math.min(caller.expiresAt.getTime() - Date.now(), 2_147_483_647);
        extra.ending = setTimeout(() => extra.socket.close(FORBIDDEN, 'the token has ended'), left);
        return true;
      },
      onSubscribe(
        { extra },
        _id,
        { query, variables, operationName },
      ): ExecutionArgs | readonly GraphQLError[] {
        if (!extra.context) throw new Error('a subscription before the connection was accepted');
        if ((extra.running ?? 0) >= SUBSCRIPTIONS_A_CONNECTION) return refuse(new Fault('OVERLOADED'));
        let document: ReturnType<typeof parse>;
        try {
          document = parse(query, { maxTokens: MAX_TOKENS });
        } catch {
          return [new GraphQLError('', { extensions: { code: 'GRAPHQL_PARSE_FAILED' } })];
        }
        const errors = validate(schema, document, rules, { maxErrors: 5 });
        if (errors.length > 0) return errors;
        if (getOperationAST(document, operationName)?.operation !== 'subscription') {
          return refuse(
            new Fault('BAD_REQUEST', { message: 'Only subscriptions are served here; POST the others.' }),
          );
        }
        extra.running = (extra.running ?? 0) + 1;
        return {
          schema,
          document,
          operationName: operationName ?? null,
          variableValues: variables ?? null,
          contextValue: { ...extra.context, requestId: uuidv7() },
        };
      },
      onNext({ extra }, _id, _payload, _args, result) {
        if (!result.errors) return;
        return { ...result, errors: describeAll(result.errors, extra.context?.requestId ?? '') };
      },
      onError: ({ extra }, _id, _payload, errors) => describeAll(errors, extra.context?.requestId ?? ''),
      onComplete({ extra }) {
        extra.running = (extra.running ?? 1) - 1;
      },
      onDisconnect: ({ extra }) => clearTimeout(extra.ending),
    },
    12_000,
  );

  await app.register(websocket, { options: { maxPayload: MAX_MESSAGE_BYTES } });
  app.register(async (routes) => {
    routes.route({ method: 'GET', url: '/graphql', handler: settings.onGet, wsHandler });
  });
}

/** Faults travel as errors of graphql, and are described like all others. */
function refuse(fault: Fault): readonly GraphQLError[] {
  return [new GraphQLError(describeFault(fault).message, { originalError: fault })];
}
