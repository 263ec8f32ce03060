// What a record holds of a person in the clear, for an admin with a reason: what its entries hold sealed, without
// what its provider declares secret.
import type { AuditEntryModel, AuditRecordModel } from '../db/generated/models.js';
import { personalTexts, revealed } from './declared-fields.js';
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
  entries: readonly SealedEntry[],
  sealer: RecordSealer,
  fieldsOf: FieldsOf,
): Revealed {
  const { input, value } = fieldsOf(record.provider, record.operation);
  const { request, result } = unsealed(record, entries, sealer);
  return { request: revealed(input, request) ?? null, result: revealed(value, result) ?? null };
}

/**
 * What names a person in a record: none of it may be repeated where erasing that person does not come.
 * @throws where the record's key was changed, or is not known
 */
export function namedIn(
  record: AuditRecordModel,
  entries: readonly SealedEntry[],
  sealer: RecordSealer,
  fieldsOf: FieldsOf,
): string[] {
  const { input, value } = fieldsOf(record.provider, record.operation);
  const { request, result } = unsealed(record, entries, sealer);
  const actor = record.actor === null ? [] : [record.actor];
  return [...actor, ...personalTexts(input, request), ...personalTexts(value, result)];
}

type SealedEntry = Pick<AuditEntryModel, 'kind' | 'leaf'>;

function unsealed(
  record: AuditRecordModel,
  entries: readonly SealedEntry[],
  sealer: RecordSealer,
): { request?: unknown; result?: unknown } {
  const key = sealer.open(record);
  if (!key) return {};
  const payloads = entries.flatMap(({ kind, leaf }) => {
    const { sealed } = JSON.parse(Buffer.from(leaf).toString('utf8')) as { sealed?: unknown };
    return typeof sealed === 'string' ? [{ kind, payload: unseal(key, record.id, kind, sealed) }] : [];
  });
  const of = (wanted: string) =>
    payloads.find(({ kind }) => kind === wanted)?.payload as
      | { request?: unknown; result?: unknown }
      | undefined;
  return { request: of('INTENT')?.request, result: of('OUTCOME')?.result };
}
