// The combinations of columns that searches filter by. There are a few hundred of them, so that a search by any
// of these columns, or several, is a merge of a few index scans, however many records there are.
import { createHash } from 'node:crypto';
import type { Outcome } from './entry.js';

export interface RecordTraits {
  kind: string;
  provider?: string | null | undefined;
  operation: string;
  purpose?: string | null | undefined;
  client?: string | null | undefined;
}

export interface RecordClass extends RecordTraits {
  /** A signed 64-bit number in decimal: the first eight bytes of SHA-256 over the other members. */
  id: string;
  outcome: Outcome;
}

/** Class names that were computed before; bounded, since clients and purposes come from lists. */
const known = new Map<string, RecordClass>();
const KNOWN_AT_MOST = 10_000;

export function classOf(traits: RecordTraits, outcome: Outcome): RecordClass {
  const { kind, provider = null, operation, purpose = null, client = null } = traits;
  const text = JSON.stringify([kind, provider, operation, purpose, client, outcome]);
  const found = known.get(text);
  if (found) return found;
  const id = createHash('sha256').update(text).digest().readBigInt64BE(0).toString();
  const made = { id, kind, provider, operation, purpose, client, outcome };
  if (known.size < KNOWN_AT_MOST) known.set(text, made);
  return made;
}
