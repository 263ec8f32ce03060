// What the end of a call means: to the record, to the front-end, and to whoever repeats the key; and what of a
// provider's words may rest.
import { type Fields, withoutSecrets } from '../audit/declared-fields.js';
import type { FinalOutcome } from '../audit/entry.js';
import { maskDigits } from '../audit/mask.js';
import type { Reply } from '../providers/provider.js';
import type { Settled } from './request.js';

/** How a call ended: an answer that was understood, or why there is none. UNSENT: surely nothing left the house. */
export type Ended<Value> =
  | { reply: Reply<Value>; latencyMs: number }
  | { failure: 'UNKNOWN' | 'UNSENT'; reason: string; latencyMs: number };

/** As the audit record has it. */
export function outcomeOf<Value>(ended: Ended<Value>, settled: Settled<Value>): FinalOutcome {
  if ('failure' in ended && ended.failure === 'UNSENT') return 'DENIED';
  return settled.outcome === 'ACCEPTED' && settled.declined ? 'REFUSED' : settled.outcome;
}

/**
 * As the front-end is told.
 * @param keepText whether a refusal keeps the provider's own text, digits hidden
 */
export function settledOf<Value extends object>(
  requestId: string,
  ended: Ended<Value>,
  retryAfterMs: number | undefined,
  keepText: boolean,
): Settled<Value> {
  if ('failure' in ended) return { outcome: 'UNKNOWN', requestId, retryAfterMs };
  const { reply } = ended;
  if ('accepted' in reply) {
    return {
      outcome: 'ACCEPTED',
      requestId,
      replayed: false,
      declined: reply.declined,
      providerCode: codeText(reply.providerCode),
      value: reply.accepted,
    };
  }
  return {
    outcome: 'REFUSED',
    requestId,
    code: reply.refused,
    providerCode: codeText(reply.providerCode),
    text: keepText && reply.text !== undefined ? maskDigits(reply.text) : undefined,
    retryAfterMs: reply.retryAfterMs,
    tellsExistence: reply.tellsExistence,
  };
}

/** What a repeat of the key is answered, without what must never rest. */
export function answerToKeep<Value extends object>(settled: Settled<Value>, fields: Fields<Value>): object {
  if (settled.outcome !== 'ACCEPTED') return { ...settled, requestId: undefined };
  const value = withoutSecrets(fields, settled.value);
  return { outcome: settled.outcome, providerCode: settled.providerCode, value };
}

/** A provider's code, safe to rest: one short word, and no number as long as a phone's. */
export function codeText(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  return /^[\w.:=-]{1,40}$/.test(code) && !/\d{9}/.test(code) ? code : 'UNLISTED';
}

/**
 * A provider's reference, safe to store: bounded, without control characters and lone surrogates; none where it was
 * made of whom the request is about.
 */
export function referenceToKeep(
  reference: string | undefined,
  subjects: readonly { value: string }[],
): string | undefined {
  const short = reference?.replace(/[\p{Cc}\p{Surrogate}]/gu, '').slice(0, 64);
  // Of a phone, the number without the country's code.
  const names = subjects.map(({ value }) => value.replace(/^\+86/, ''));
  return names.some((name) => name.length >= LEAST_NAME && short?.includes(name)) ? undefined : short;
}

/** An id of fewer characters may stand in a reference by chance. */
const LEAST_NAME = 6;

/** What auditors may find of a result, masked, and an admin with a reason in the clear. */
export function resultToSeal<Value extends object>(settled: Settled<Value>, fields: Fields<Value>): unknown {
  return settled.outcome === 'ACCEPTED' ? withoutSecrets(fields, settled.value) : undefined;
}
