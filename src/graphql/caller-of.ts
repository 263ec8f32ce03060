// Turns what a client says of itself into a request's context; the same for HTTP and for subscriptions.
import type { TokenVerifier } from '../auth/tokens.js';
import { Fault } from '../errors.js';
import { languageOf } from '../language.js';
import type { RequestContext } from './context.js';

export interface CallerSettings {
  verify: TokenVerifier;
  /** Registered names of front-ends, and what a call without a name counts as. */
  clients: { registered: ReadonlySet<string>; unnamed: string | undefined };
}

/** Header values, or the connection parameters of the same names. */
export interface Introduction {
  authorization?: unknown;
  'x-client-id'?: unknown;
  'accept-language'?: unknown;
}

/** What the server itself knows of a request. */
export interface Arrival {
  requestId: string;
  address: string;
}

/** @throws Fault INVALID_CLIENT, UNAUTHENTICATED, or OVERLOADED where a token cannot be checked now */
export async function contextOf(
  said: Introduction,
  { requestId, address }: Arrival,
  { verify, clients }: CallerSettings,
): Promise<RequestContext> {
  const { authorization, 'x-client-id': name, 'accept-language': acceptLanguage } = said;
  const client = name === undefined ? clients.unnamed : String(name);
  if (client === undefined || (name !== undefined && !clients.registered.has(client))) {
    throw new Fault('INVALID_CLIENT');
  }
  return {
    requestId,
    caller: authorization === undefined ? null : await verify(bearerToken(authorization)),
    client,
    address,
    language: languageOf(typeof acceptLanguage === 'string' ? acceptLanguage : undefined),
  };
}

function bearerToken(authorization: unknown): string {
  const token = typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
  if (!token) throw new Fault('UNAUTHENTICATED', { message: 'The authorization must be "Bearer TOKEN".' });
  return token;
}
