// What a resolver knows of the request it serves.
import type { Caller } from '../auth/caller.js';
import type { Language } from '../language.js';
import type { Asker } from '../pipeline/request.js';

export interface RequestContext {
  /** UUIDv7; the audit record's id where one is made. */
  requestId: string;
  /** Null for the anonymous. */
  caller: Caller | null;
  /** The front-end application, as it names itself. */
  client: string;
  /** The client's address, past our own proxies. */
  address: string;
  language: Language;
}

/** @param humanCheck the solution of a challenge, as it was sent */
export function askerOf({ caller, client, address }: RequestContext, humanCheck?: string | null): Asker {
  const origin = { address, caller, humanCheck: humanCheck ?? undefined };
  return { actor: caller?.actor, client, origin };
}
