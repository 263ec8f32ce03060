// What a signed export is: a file of lines, each one JSON object, that a stranger can verify with the public key alone.
//
//   header    who exported what, and when
//   segment   a run of a chain up to a checkpoint: the hash before it, the hash of each leaf, the signed statement
//   record    a record as auditors see it, and its entries, each with its leaf and the segment that proves it
//   end       signed: how many records and lines there are, and SHA-256 over all bytes before this line
//
// A segment comes before the records that need it. Of those that have come, the last WINDOW count: whoever writes or
// reads keeps no more of them, so that both run at constant memory.
import { z } from 'zod';
import { readStatement, type StatementFault, signStatement } from '../signed-statement.js';
import type { SigningKeys, TrustedKeys } from '../signing-keys.js';

export const FORMAT = 'yanzheng audit export';
export const VERSION = 1;
export const WINDOW = 256;

const id = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const place = z.int().min(1);

export const headerShape = z.looseObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  at: z.iso.datetime({ precision: 3 }),
  /** Who typed the command. */
  by: z.string(),
  /** The record of the export in the log. */
  export: id,
  /** What was asked for; a person only by kind. */
  filter: z.record(z.string(), z.unknown()),
  window: z.int().min(1).max(4_096),
});
export type ExportHeader = z.output<typeof headerShape>;

export const segmentShape = z.strictObject({
  /** `chain:serial` of its checkpoint. */
  segment: z.string(),
  /** Position of its first entry. */
  from: place,
  /** Hash of the entry before, hex. */
  previousHash: hash,
  /** SHA-256 of each leaf, one after another: base64. */
  leafHashes: z.base64(),
  /** The signed statement. */
  checkpoint: z.string(),
});
export type ExportSegment = z.output<typeof segmentShape>;

export const recordShape = z.strictObject({
  record: z.looseObject({ id }),
  entries: z.array(
    z.looseObject({
      chain: id,
      position: place,
      kind: z.string(),
      at: z.string(),
      detail: z.record(z.string(), z.unknown()).nullable(),
      /** The canonical bytes that were hashed: base64. */
      leaf: z.base64(),
      /** Of the checkpoint that covers it; null where none did in time. */
      serial: z.int().min(0).nullable(),
    }),
  ),
});
export type ExportedRecord = z.output<typeof recordShape>;

const endShape = z.strictObject({
  format: z.string(),
  at: z.iso.datetime({ precision: 3 }),
  export: id,
  records: z.int().min(0),
  lines: z.int().min(0),
  /** Over all bytes before this line, or of the whole file that this is the signature of: hex. */
  sha256: hash,
  key: z.string(),
});
export type ExportEnd = z.output<typeof endShape>;

export function signEnd(end: Omit<ExportEnd, 'key'>, keys: SigningKeys): string {
  return signStatement('export', end, keys);
}

/** Never throws, whatever the text is. */
export function readEnd(
  text: string,
  keys: TrustedKeys,
): { end: ExportEnd; fault?: undefined } | { end?: undefined; fault: StatementFault } {
  const statement = readStatement('export', text, keys);
  if ('fault' in statement) return statement;
  const { success, data } = endShape.safeParse(statement.facts);
  return success ? { end: data } : { fault: 'NOT_A_STATEMENT' };
}

export function segmentName(chain: string, serial: number): string {
  return `${chain}:${serial}`;
}
