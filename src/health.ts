// /livez: the process answers. /readyz: it can serve, so the database answers and it is not shutting down.
import type { FastifyInstance } from 'fastify';

export interface Health {
  /** From now on the process is not ready, so that no more traffic is sent to it. */
  drain(): void;
}

export function serveHealth(app: FastifyInstance, ping: () => Promise<void>): Health {
  let draining = false;
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const database = await ping().then(
      () => 'ok',
      () => 'unavailable',
    );
    const ready = database === 'ok' && !draining;
    return reply
      .status(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : draining ? 'draining' : 'unavailable', database });
  });
  return {
    drain: () => {
      draining = true;
    },
  };
}
