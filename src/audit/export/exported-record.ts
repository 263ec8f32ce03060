// A record as an export shows it: what an auditor sees, and the entries it can be checked against.
import type { AuditRecordModel } from '../../db/generated/models.js';
import { maskDigits } from '../mask.js';
import type { TimelineEntry } from '../timeline.js';
import type { ExportedRecord } from './format.js';
import { recordMembers, type ShownRecord } from './record-members.js';

export function shownRecord(record: AuditRecordModel): ShownRecord {
  const members = recordMembers.map((name) => {
    const value = record[name];
    return [name, value instanceof Date ? value.toISOString() : value] as const;
  });
  const shown = Object.fromEntries(members) as ShownRecord;
  // Once more at the door: whatever rests there, no number leaves.
  if (typeof shown.maskedPhone === 'string') shown.maskedPhone = maskDigits(shown.maskedPhone);
  return shown;
}

/** @param serials of the checkpoints that cover the entries, in their order */
export function exportedRecord(
  record: ShownRecord,
  entries: readonly TimelineEntry[],
  serials: readonly (number | null)[],
): ExportedRecord {
  return {
    record,
    entries: entries.map(({ chain, position, kind, at, actor, detail, leaf }, index) => ({
      chain,
      position,
      kind,
      at: at.toISOString(),
      actor,
      detail,
      leaf,
      serial: serials[index] ?? null,
    })),
  };
}
