// Which pages of other origins may speak to /graphql: those on the list, with a token but never with cookies, of
// which there are none. CORS asks a browser to keep to it; a WebSocket it does not ask, so that door looks itself.
import type { FastifyCorsOptions } from '@fastify/cors';

export interface OriginSettings {
  /** Origins of pages that may call from elsewhere. */
  origins: readonly string[];
  /** This server as browsers see it; a proxy in between may have changed the Host header. */
  publicUrl: string | undefined;
}

const ONE_HOUR_S = 3_600;

export function corsOptions({ origins }: OriginSettings): FastifyCorsOptions {
  return {
    origin: [...origins],
    methods: ['POST'],
    allowedHeaders: [
      'content-type',
      'authorization',
      'x-client-id',
      'accept-language',
      'apollo-require-preflight',
    ],
    exposedHeaders: ['x-request-id', 'retry-after'],
    credentials: false,
    maxAge: ONE_HOUR_S,
    strictPreflight: true,
  };
}

/** True where no browser speaks, or one that shows a page of ours or of the list. */
export function mayConnect(
  origin: string | undefined,
  host: string | undefined,
  { origins, publicUrl }: OriginSettings,
): boolean {
  if (origin === undefined || origins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === host || (publicUrl !== undefined && new URL(publicUrl).origin === origin);
}
