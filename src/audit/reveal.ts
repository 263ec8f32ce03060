// What a record holds of a person in the clear, for an admin with a reason: what its entries hold sealed, without
// what its provider declares secret.
import type { AuditEntryModel, AuditRecordModel } from '../db/generated/models.js';
import { revealed } from './declared-fields.js';
import { type RecordSealer, unseal } from './record-seal.js';
import type { FieldsOf } from './timeline.js';

export interface Revealed {
  /** Null where nothing was asked for, or after erasure. */
  request: unknown;
  /** Null where nothing was answered, or after erasure. */
  result: unknown;
}

/** @throws where the record's key was changed, or is not known */
export function revealRecord(
  record: AuditRecordModel,
  entries: readonly Pick<AuditEntryModel, 'kind' | 'leaf'>[],
  sealer: RecordSealer,
  fieldsOf: FieldsOf,
): Revealed {
  const key = sealer.open(record);
  if (!key) return { request: null, result: null };
  const { input, value } = fieldsOf(record.provider, record.operation);
  const payloads = entries.flatMap(({ kind, leaf }) => {
    const { sealed } = JSON.parse(Buffer.from(leaf).toString('utf8')) as { sealed?: unknown };
    return typeof sealed === 'string' ? [{ kind, payload: unseal(key, record.id, kind, sealed) }] : [];
  });
  const of = (wanted: string) =>
    payloads.find(({ kind }) => kind === wanted)?.payload as
      | { request?: unknown; result?: unknown }
      | undefined;
  return {
    request: revealed(input, of('INTENT')?.request) ?? null,
    result: revealed(value, of('OUTCOME')?.result) ?? null,
  };
}
