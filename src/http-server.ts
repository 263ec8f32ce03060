// The HTTP server before anything is mounted: ids, limits, guards, security headers, and one shape of errors.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  LogController,
} from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { clientAddress, type IsProxy, noProxies } from './auth/client-address.js';
import { errorName, Fault, type FaultCode } from './errors.js';
import { describeFault } from './graphql/public-errors.js';
import { limitPipelined } from './limits/pipelined.js';
import { type Share, Shares } from './limits/shares.js';
import { securityHeaders } from './security-headers.js';

/** Far below what Apollo would take; the largest honest request is a few kilobytes. */
const BODY_LIMIT = 64 * 1024;

export interface HttpServerSettings {
  /** Whose X-Forwarded-For counts; absent: nobody's. */
  isProxy?: IsProxy;
  /** What comes beyond so many connections is closed at once. */
  maxConnections?: number;
  /** Of one address; absent: all. */
  connectionShare?: Share;
  patience?: Patience;
}

export interface Patience {
  /** How long a client may take for its headers, and for a whole request; and how often that is looked after. */
  headersMs: number;
  requestMs: number;
  checkMs: number;
  /** How long nothing may move on a connection: longer than any of our calls lasts. */
  stillMs: number;
}

const usualPatience = { headersMs: 10_000, requestMs: 30_000, checkMs: 5_000, stillMs: 120_000 };

declare module 'fastify' {
  interface FastifyRequest {
    /** Where it comes from, past our own proxies. */
    address: string;
  }
}

export function createHttpServer(
  log: FastifyBaseLogger,
  {
    isProxy = noProxies,
    maxConnections = 5_000,
    connectionShare = { most: maxConnections, isExempt: noProxies },
    patience = usualPatience,
  }: HttpServerSettings = {},
): FastifyInstance {
  const headers = securityHeaders();
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => uuidv7(),
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: 'idle',
    // Slow clients are cut, and those that take nothing of their answers.
    requestTimeout: patience.requestMs,
    connectionTimeout: patience.stillMs,
    keepAliveTimeout: 30_000,
    http: {
      headersTimeout: patience.headersMs,
      connectionsCheckingInterval: patience.checkMs,
      // Node would refuse a request without Host by itself, with an empty answer; the hook below refuses it better.
      requireHostHeader: false,
    },
    routerOptions: { maxParamLength: 128 },
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, headers),
    frameworkErrors: (error, request, reply) => {
      endUpgrade(request.raw, reply.raw);
      reply.headers(headers).header('x-request-id', request.id);
      // Fastify types this reply by the route it never had.
      sendFault(reply as unknown as FastifyReply, faultOf(error), request.id);
    },
  });
  app.server.maxConnections = maxConnections;
  shareOut(app, connectionShare, log);
  app.decorateRequest('address', '');
  let warned = false;
  const countPipelined = limitPipelined();
  app.addHook('onRequest', async (request, reply) => {
    endUpgrade(request.raw, reply.raw);
    if (!countPipelined(request.raw, reply.raw)) {
      request.raw.socket.destroy();
      throw new Fault('OVERLOADED');
    }
    // Now: a socket that has gone meanwhile has no address any more.
    const { remoteAddress } = request.raw.socket;
    const forwardedFor = request.headers['x-forwarded-for']?.toString();
    request.address = clientAddress(remoteAddress, forwardedFor, isProxy);
    if (forwardedFor !== undefined && !warned && !isProxy(remoteAddress ?? '')) {
      warned = true;
      log.warn('X-Forwarded-For from an address that TRUSTED_PROXIES does not list is not believed');
    }
    reply.headers(headers).header('x-request-id', request.id);
    // A malformed Host makes URL parsing further in throw.
    if (!/^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(request.headers.host ?? '')) {
      throw new Fault('BAD_REQUEST', { message: 'The Host header is not valid.' });
    }
  });
  // A connection that is kept open after its last answer would hold the shutdown until it idles out.
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
    // Answers may hold tokens and persons: nobody on the way keeps one, unless its route says so.
    if (!reply.hasHeader('cache-control') && !reply.raw.hasHeader('cache-control')) {
      reply.header('cache-control', 'no-store');
    }
  });
  app.setErrorHandler((error: FastifyError | Fault, request, reply) => {
    const fault = error instanceof Fault ? error : faultOf(error);
    if (fault.code === 'INTERNAL')
      log.error({ requestId: request.id, error: errorName(error) }, 'a bug in answering');
    sendFault(reply, fault, request.id);
  });
  app.setNotFoundHandler((request, reply) => sendFault(reply, new Fault('NOT_FOUND'), request.id));
  return app;
}

/**
 * What asks for a WebSocket has left Node's hands, and comes into those of ws only once it is one: refused before,
 * its socket would be looked after by nobody.
 */
function endUpgrade(request: IncomingMessage & { upgrade?: boolean }, response: ServerResponse): void {
  if (request.upgrade) response.once('finish', () => request.socket.destroySoon());
}

/** Closes what an address opens beyond its share. */
function shareOut({ server }: FastifyInstance, share: Share, log: FastifyBaseLogger): void {
  const shares = new Shares(share);
  let warned = false;
  server.on('connection', (socket) => {
    const giveBack = shares.take(clientAddress(socket.remoteAddress, undefined, noProxies));
    if (giveBack) {
      socket.once('close', giveBack);
      return;
    }
    socket.destroy();
    if (warned) return;
    warned = true;
    log.warn(
      'an address holds MAX_CONNECTIONS_PER_ADDRESS connections, and more of it are closed; if it is a proxy, TRUSTED_PROXIES has to list it',
    );
  });
}

const statusOf: Partial<Record<FaultCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  INVALID_CLIENT: 400,
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  PAYLOAD_TOO_LARGE: 413,
  OVERLOADED: 503,
  AUDIT_UNAVAILABLE: 503,
};

/** In the shape of a GraphQL error, so that clients have one kind to read. */
function sendFault(reply: FastifyReply, fault: Fault, requestId: string): FastifyReply {
  if (fault.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(fault.retryAfterMs / 1_000));
  return reply
    .status(statusOf[fault.code] ?? 500)
    .type('application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(faultBody(fault, requestId));
}

function faultBody(fault: Fault, requestId: string): object {
  const described = describeFault(fault);
  return { errors: [{ ...described, extensions: { ...described.extensions, requestId } }] };
}

/** What Node refuses before Fastify sees it: what is no HTTP, too many headers, headers that come too slowly. */
function refuseConnection(
  error: Error & { code?: string },
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = uuidv7();
  const body = JSON.stringify(faultBody(new Fault('BAD_REQUEST'), requestId));
  socket.end(
    [
      `HTTP/1.1 ${refusals[error.code ?? ''] ?? '400 Bad Request'}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'cache-control: no-store',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

const refusals: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What Fastify refuses before a route sees it. */
function faultOf(error: FastifyError): Fault {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Fault('PAYLOAD_TOO_LARGE', { cause: error });
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new Fault('BAD_REQUEST', { cause: error, message: 'The content type must be application/json.' });
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new Fault('BAD_REQUEST', { cause: error });
  }
  return new Fault('INTERNAL', { cause: error });
}
