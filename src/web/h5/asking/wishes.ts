// What was asked for and is not answered for certain: whoever asks for the same again, also from another screen, sends
// the same idempotencyKey, so that nothing happens twice. Gone with a reload.
import { newIdempotencyKey } from '../../client/idempotency-key.js';

interface Wish {
  readonly key: string;
  /** When it was first answered that nobody knows. */
  unknownSince?: number;
  /** From here on, asking anew does no harm. */
  freeAt?: number;
}

interface Outcome {
  __typename?: string;
  pollAfterMs?: number | null;
  retryAfterMs?: number | null;
}

const wishes = new Map<string, Wish>();

/** @param wanted what is asked for, by whom: equal for the same wish */
export function keyFor(wanted: string): string {
  const known = wishes.get(wanted);
  if (known && Date.now() < (known.freeAt ?? Number.POSITIVE_INFINITY)) return known.key;
  const key = newIdempotencyKey();
  wishes.set(wanted, { key });
  return key;
}

/** @returns since when the outcome is as it is: a repetition of one that is unknown tells nothing new */
export function answered(wanted: string, outcome: unknown): number {
  const now = Date.now();
  const wish = wishes.get(wanted);
  const { __typename, pollAfterMs, retryAfterMs } = (outcome ?? {}) as Outcome;
  if (!wish || __typename !== 'OutcomeUnknown') {
    wishes.delete(wanted);
    return now;
  }
  wish.unknownSince ??= now;
  // Of what may still become known, one goes on asking by the same key.
  if (pollAfterMs == null && retryAfterMs != null) wish.freeAt ??= now + retryAfterMs;
  return wish.unknownSince;
}
