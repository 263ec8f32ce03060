// GET /metrics, for Prometheus: the counts of this process, and how it stands at this moment.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics } from 'prom-client';
import { Fault } from '../errors.js';
import type { Counts } from './counts.js';
import { type Looked, Standing } from './standing.js';

export function serveMetrics(
  http: FastifyInstance,
  { registry }: Counts,
  looked: Looked,
  { token }: { token: string | undefined },
): void {
  collectDefaultMetrics({ register: registry });
  const standing = new Standing(registry, looked);
  const wanted = token === undefined ? null : digest(`Bearer ${token}`);
  http.get('/metrics', async (request, reply) => {
    if (wanted && !timingSafeEqual(digest(request.headers.authorization ?? ''), wanted)) {
      reply.header('www-authenticate', 'Bearer');
      throw new Fault('UNAUTHENTICATED');
    }
    await standing.look();
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** Of one length, so that they can be compared. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
