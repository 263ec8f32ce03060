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

export function askerOf({ caller, client }: RequestContext): Asker {
  return { actor: caller?.actor, client };
}
