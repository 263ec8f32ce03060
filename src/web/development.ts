// Conveniences of a developer's machine, absent in production: tokens for the explorer, and the sandbox's inbox
// on the main port.
import type { FastifyInstance } from 'fastify';
import { request as fetchUrl } from 'undici';
import { roles } from '../auth/caller.js';
import { developmentToken } from '../auth/development-token.js';
import { Fault } from '../errors.js';

export interface DevelopmentSettings {
  dataDir: string;
  sandboxUrl: string;
}

export function serveDevelopment(app: FastifyInstance, { dataDir, sandboxUrl }: DevelopmentSettings): void {
  // A page elsewhere whose name is made to point here would otherwise read what only this machine may.
  const onlyThisMachine = async (request: { hostname: string }) => {
    if (!['localhost', '127.0.0.1', '::1', '[::1]'].includes(request.hostname)) throw new Fault('FORBIDDEN');
  };
  app.get<{ Querystring: { role?: string } }>(
    '/development/token',
    { onRequest: onlyThisMachine },
    async (request, reply) => {
      const role = roles.find((known) => known === request.query.role);
      if (!role) throw new Fault('BAD_REQUEST', { message: `role must be one of ${roles.join(', ')}.` });
      reply.header('cache-control', 'no-store');
      return { token: await developmentToken(dataDir, { role }) };
    },
  );
  app.get('/sandbox/inbox', { onRequest: onlyThisMachine }, async (request, reply) => {
    const query = request.url.split('?')[1];
    try {
      const { statusCode, body } = await fetchUrl(`${sandboxUrl}/inbox${query ? `?${query}` : ''}`);
      reply.status(statusCode).type('application/json; charset=utf-8');
      return await body.text();
    } catch (cause) {
      throw new Fault('PROVIDER_UNAVAILABLE', { cause, message: 'The sandbox is not running.' });
    }
  });
}
