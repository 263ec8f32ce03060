// Serves the built pages, and sends a browser that opens /graphql to the explorer.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { Fault } from '../errors.js';

const built = fileURLToPath(new URL('../../dist/web', import.meta.url));

export interface PagesSettings {
  explorer: boolean;
}

export async function servePages(app: FastifyInstance, { explorer }: PagesSettings): Promise<void> {
  const hasExplorer = explorer && existsSync(`${built}/explorer/index.html`);
  if (hasExplorer) {
    await app.register(fastifyStatic, {
      root: `${built}/explorer`,
      prefix: '/explorer',
      redirect: true,
      // Else its own header wins over the one below.
      cacheControl: false,
      // Assets carry a hash in their names; the page itself does not.
      setHeaders: (response, path) => {
        const forever = path.includes('/assets/');
        response.setHeader('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  for (const path of ['/', '/playground']) {
    app.get(path, async (request, reply) => {
      if (hasExplorer && wantsPage(request)) return reply.redirect('/explorer/');
      throw new Fault('NOT_FOUND');
    });
  }
}

/** A GET on /graphql: a browser is sent to the explorer, a program is told how to ask. */
export function answerGet({ explorer }: PagesSettings): RouteHandlerMethod {
  return async (request, reply) => {
    if (explorer && wantsPage(request)) return reply.redirect('/explorer/');
    throw new Fault('BAD_REQUEST', { message: 'GraphQL is spoken by POST here, and by WebSocket.' });
  };
}

function wantsPage(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/html') === true;
}
