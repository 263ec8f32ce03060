// Serves the built pages, and sends a browser that opens /graphql to the explorer.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { Fault } from '../errors.js';

const built = fileURLToPath(new URL('../../dist/web', import.meta.url));

export interface PagesSettings {
  explorer: boolean;
  console: boolean;
  h5: boolean;
}

/** What the H5 page has to know of the server, as /h5/settings.json. */
export interface H5Settings {
  /** Development tokens and the sandbox's inbox are there. */
  development: boolean;
  /** A legal person's code can be confirmed. */
  confirmation: boolean;
}

/** What the console has to know of the server, as /console/settings.json. */
export interface ConsoleSettings {
  /** Development tokens are there. */
  development: boolean;
  /** The claim of a token that holds its roles: what nobody may do is not offered. */
  roleClaim: string;
}

export async function servePages(
  app: FastifyInstance,
  settings: PagesSettings,
  settingsOf: { h5: H5Settings; console: ConsoleSettings },
): Promise<void> {
  // What one of these decorates, the next finds decorated.
  let decorateReply = true;
  for (const page of ['explorer', 'console', 'h5'] as const) {
    if (!isServed(page, settings)) continue;
    await app.register(fastifyStatic, {
      root: `${built}/${page}`,
      prefix: `/${page}`,
      redirect: true,
      preCompressed: true,
      decorateReply,
      // Else its own header wins over the one below.
      cacheControl: false,
      // Assets carry a hash in their names; the page itself does not.
      setHeaders: (response, path) => {
        const forever = path.includes('/assets/');
        response.setHeader('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
        response.setHeader('vary', 'accept-encoding');
      },
    });
    decorateReply = false;
  }
  for (const page of ['console', 'h5'] as const) {
    if (!isServed(page, settings)) continue;
    app.get(`/${page}/settings.json`, async (_request, reply) => {
      reply.header('cache-control', 'no-cache');
      return settingsOf[page];
    });
  }
  for (const path of ['/', '/playground']) {
    app.get(path, async (request, reply) => {
      if (isServed('explorer', settings) && wantsPage(request)) return reply.redirect('/explorer/');
      throw new Fault('NOT_FOUND');
    });
  }
}

/** The H5 page, for addresses of its own beside /h5/; null where it is not served. */
export function h5Page(settings: PagesSettings): string | null {
  return isServed('h5', settings) ? readFileSync(`${built}/h5/index.html`, 'utf8') : null;
}

/** A GET on /graphql: a browser is sent to the explorer, a query is answered, a program is told how to ask. */
export function answerGet({ explorer }: PagesSettings, answerQuery: RouteHandlerMethod): RouteHandlerMethod {
  return async function (request, reply) {
    if (explorer && wantsPage(request)) return reply.redirect('/explorer/');
    if ('query' in (request.query as object)) return answerQuery.call(this, request, reply);
    throw new Fault('BAD_REQUEST', { message: 'GraphQL is spoken by POST here, and by WebSocket.' });
  };
}

function isServed(page: keyof PagesSettings, settings: PagesSettings): boolean {
  return settings[page] && existsSync(`${built}/${page}/index.html`);
}

function wantsPage(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/html') === true;
}
