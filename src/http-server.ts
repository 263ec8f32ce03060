// The HTTP server before anything is mounted: ids, limits, guards, security headers, and one shape of errors.
import helmet from '@fastify/helmet';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  LogController,
} from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { errorName, Fault, type FaultCode } from './errors.js';
import { describeFault } from './graphql/public-errors.js';

/** Far below what Apollo would take; the largest honest request is a few kilobytes. */
const BODY_LIMIT = 64 * 1024;

export async function createHttpServer(log: FastifyBaseLogger): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => uuidv7(),
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: 'idle',
    // Slow clients are cut: headers within 10 s, the whole request within 30 s, looked after every 5 s.
    requestTimeout: 30_000,
    keepAliveTimeout: 30_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    routerOptions: { maxParamLength: 128 },
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // The pages' component libraries write style elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'", 'data:'],
        imgSrc: ["'self'", 'data:'],
        workerSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // A malformed Host makes URL parsing further in throw.
    if (!/^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(request.headers.host ?? '')) {
      throw new Fault('BAD_REQUEST', { message: 'The Host header is not valid.' });
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

const statusOf: Partial<Record<FaultCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  INVALID_CLIENT: 400,
  BAD_REQUEST: 400,
  NOT_FOUND: 404,
  PAYLOAD_TOO_LARGE: 413,
  OVERLOADED: 503,
  AUDIT_UNAVAILABLE: 503,
};

/** In the shape of a GraphQL error, so that clients have one kind to read. */
function sendFault(reply: FastifyReply, fault: Fault, requestId: string): FastifyReply {
  const described = describeFault(fault);
  if (fault.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(fault.retryAfterMs / 1_000));
  return reply
    .status(statusOf[fault.code] ?? 500)
    .type('application/json; charset=utf-8')
    .send({ errors: [{ ...described, extensions: { ...described.extensions, requestId } }] });
}

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
