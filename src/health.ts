// /livez: the process answers. /readyz: it can serve, so the database answers and it is not shutting down.
import type { FastifyInstance } from 'fastify';

export interface Health {
  /** From now on the process is not ready, so that no more traffic is sent to it. */
  drain(): void;
}

/** Anybody may ask, as often as he likes: the database is asked for all of them at once, and no oftener than this. */
const ASKED_EVERY_MS = 1_000;

export function serveHealth(app: FastifyInstance, ping: () => Promise<void>): Health {
  let draining = false;
  let asked: Promise<'ok' | 'unavailable'> | undefined;
  const ask = async () => {
    const answer = await ping().then(
      () => 'ok' as const,
      () => 'unavailable' as const,
    );
    setTimeout(() => {
      asked = undefined;
    }, ASKED_EVERY_MS).unref();
    return answer;
  };
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    asked ??= ask();
    const database = await asked;
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
