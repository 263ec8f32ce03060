// How a request ends that no provider answered: denied by us, or of unknown fate.
import { leafOf } from '../audit/entry.js';
import { classOf, type RecordTraits } from '../audit/record-class.js';
import type { Settlement } from './ledger-batch.js';

/** @param freesKey true where surely nothing was sent: the idempotency key may be used again */
export function settlementWithoutCall(
  record: RecordTraits & { id: string },
  outcome: 'DENIED' | 'UNKNOWN',
  rule: string,
  freesKey?: true,
): Settlement {
  const at = new Date().toISOString();
  return {
    id: record.id,
    class: { ...classOf(record, outcome), outcome },
    rule,
    at,
    freesKey,
    leaf: leafOf({ kind: 'OUTCOME', record: record.id, at, outcome, rule }),
  };
}
