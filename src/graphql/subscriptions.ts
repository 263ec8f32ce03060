// Subscriptions over WebSocket on /graphql, by graphql-ws. It would run queries and mutations too, past every
// rule of the HTTP side, so anything but a subscription is refused, and the same limits hold here.
import websocket, { type WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { makeHandler } from 'graphql-ws/use/@fastify/websocket';
import { v7 as uuidv7 } from 'uuid';
import { noProxies } from '../auth/client-address.js';
import { errorName, Fault } from '../errors.js';
import { type Share, Shares } from '../limits/shares.js';
import { contextOf } from './caller-of.js';
import type { RequestContext } from './context.js';
import { mayConnect } from './cross-origin.js';
import { requireAffordable } from './document-cost.js';
import { ownRules, parseLimits, validationLimits } from './document-limits.js';
import { publicErrors } from './public-errors.js';
import type { GraphQLSettings } from './server.js';
import { CallersConnections, closing, FAREWELL_MS, guard, MESSAGE_BYTES, quieten } from './socket-limits.js';
import { requireWellFormed } from './well-formed-text.js';

export interface SubscriptionSettings extends Omit<GraphQLSettings, 'room'> {
  /** More sockets than these are refused, so that there are connections left for requests. */
  maxSockets?: number;
  /** Of one address, before they have said whose they are; absent: all. */
  strangersShare?: Share;
  /** Answers a plain GET on the same path. */
  onGet: RouteHandlerMethod;
}

/** Close code of graphql-transport-ws. */
const FORBIDDEN = 4403;
const INTRODUCTION_MS = 3_000;
const KEEP_ALIVE_MS = 12_000;

interface ConnectionExtra {
  readonly socket: WebSocket;
  readonly request: FastifyRequest;
  context?: RequestContext;
  ending?: NodeJS.Timeout;
  [key: PropertyKey]: unknown;
}

export async function serveSubscriptions(
  app: FastifyInstance,
  settings: SubscriptionSettings,
): Promise<void> {
  const { schema, log, maxSockets = 2_000 } = settings;
  const { strangersShare = { most: maxSockets, isExempt: noProxies } } = settings;
  const describe = publicErrors(log);
  const rules = [
    ...specifiedRules,
    ...ownRules,
    ...(settings.openSchema ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  const connections = new CallersConnections();
  const strangers = new Shares(strangersShare);
  /** Once it is known whose it is, a socket counts for its caller, and no longer for its address. */
  const introduced = new WeakMap<FastifyRequest, () => void>();

  const describeAll = (errors: readonly GraphQLError[], requestId: string): GraphQLFormattedError[] =>
    errors.map((error) => {
      const formatted = error.toJSON();
      const code = error.extensions.code ?? (error.originalError ? 'INTERNAL' : 'GRAPHQL_VALIDATION_FAILED');
      // Further in, errors without a path are not unwrapped, such as those of a source that breaks.
      const { originalError = error } = error;
      const thrown = originalError instanceof GraphQLError ? error : originalError;
      const described = describe({ ...formatted, extensions: { ...formatted.extensions, code } }, thrown);
      return { ...described, extensions: { ...described.extensions, requestId } };
    });

  /** What to run, or what is wrong with the document. @throws Fault, GraphQLError */
  const admit = (context: RequestContext, { query, variables, operationName }: SubscribePayload) => {
    let document: ReturnType<typeof parse>;
    try {
      document = parse(query, parseLimits);
    } catch {
      return [new GraphQLError('', { extensions: { code: 'GRAPHQL_PARSE_FAILED' } })];
    }
    const errors = validate(schema, document, rules, validationLimits);
    if (errors.length > 0) return errors;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== 'subscription') {
      throw new Fault('BAD_REQUEST', { message: 'Only subscriptions are served here; POST the others.' });
    }
    requireWellFormed(variables ?? {});
    requireAffordable(schema, { document, operation, variables: variables ?? {} });
    return {
      schema,
      document,
      operationName: operationName ?? null,
      variableValues: variables ?? null,
      contextValue: { ...context, requestId: uuidv7() },
    };
  };

  const wsHandler = makeHandler<Record<string, unknown>, ConnectionExtra>(
    {
      connectionInitWaitTimeout: INTRODUCTION_MS,
      async onConnect(connection) {
        const { connectionParams, extra } = connection;
        const { socket, request } = extra;
        let context: RequestContext;
        try {
          const arrival = { requestId: uuidv7(), address: request.address };
          context = await contextOf(connectionParams ?? {}, arrival, settings);
        } catch (error) {
          const isBug = !(error instanceof Fault);
          if (isBug) log.error({ error: errorName(error) }, 'a bug in accepting a connection');
          // A refusal is final to clients.
          if (isBug || error.code === 'OVERLOADED') socket.close(closing.later, 'try again later');
          return false;
        }
        const { caller } = context;
        if (!caller || socket.readyState !== socket.OPEN) return false;
        if (!connections.add(caller.actor, connection)) {
          socket.close(closing.later, 'too many connections');
          return false;
        }
        introduced.get(request)?.();
        extra.context = context;
        // A token that has ended must not go on listening. Timers take 24.8 days at most; tokens live shorter.
        const left = Math.min(caller.expiresAt.getTime() - Date.now(), 2_147_483_647);
        extra.ending = setTimeout(() => socket.close(FORBIDDEN, 'the token has ended'), left);
        return true;
      },
      onSubscribe(connection, _id, payload): ExecutionArgs | readonly GraphQLError[] {
        const { context } = connection.extra;
        const actor = context?.caller?.actor;
        if (!context || actor === undefined)
          throw new Error('a subscription before the connection was accepted');
        try {
          if (!connections.mayRun(actor, connection)) throw new Fault('OVERLOADED');
          return admit(context, payload);
        } catch (error) {
          if (error instanceof GraphQLError) return [error];
          if (error instanceof Fault) return [new GraphQLError(error.message, { originalError: error })];
          throw error;
        }
      },
      onNext({ extra }, _id, _payload, _args, result) {
        if (!result.errors) return;
        return { ...result, errors: describeAll(result.errors, extra.context?.requestId ?? '') };
      },
      onError: ({ extra }, _id, _payload, errors) => describeAll(errors, extra.context?.requestId ?? ''),
      onClose(connection) {
        const { context, ending } = connection.extra;
        clearTimeout(ending);
        if (context?.caller) connections.remove(context.caller.actor, connection);
      },
    },
    KEEP_ALIVE_MS,
  );

  await app.register(websocket, {
    options: { maxPayload: MESSAGE_BYTES, closeTimeout: FAREWELL_MS },
    // A client that breaks off or breaks the protocol is no news, and ws has closed its socket by then.
    errorHandler: (error, socket) => {
      log.debug({ error: errorName(error) }, 'a socket broke');
      socket.terminate();
    },
  });
  app.register(async (routes) => {
    routes.route({
      method: 'GET',
      url: '/graphql',
      handler: settings.onGet,
      preValidation: async (request) => {
        const { ws, headers } = request;
        if (!ws) return;
        if (!mayConnect(headers.origin, headers.host, settings)) throw new Fault('FORBIDDEN');
        const taken = app.websocketServer.clients.size < maxSockets ? strangers.take(request.address) : null;
        if (!taken) throw new Fault('OVERLOADED', { retryAfterMs: 5_000 });
        introduced.set(request, taken);
        request.raw.socket.once('close', taken);
      },
      wsHandler(socket, request) {
        guard(socket);
        quieten(socket, () => wsHandler.call(this, socket, request));
      },
    });
  });
}
