// What the verifier found before: every run is there, as it was signed, and those that were published outside the
// database are among them.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { TrustedKeys } from '../signing-keys.js';
import { readRun } from '../verification-run.js';
import type { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';
import { faultTexts } from './verify-chain.js';
import type { PublishedFile } from './verify-published.js';

const AT_ONCE = 1_000;
const TABLE = 'audit_integrity';

/** @param files as they were before the database was read */
export async function verifyRuns(
  reader: LogReader,
  files: readonly PublishedFile[],
  keys: TrustedKeys,
  faults: Faults,
): Promise<void> {
  await verifyStored(reader, keys, faults);
  for (const file of files) await verifyFile(reader, file, keys, faults);
}

async function verifyStored(reader: LogReader, keys: TrustedKeys, faults: Faults): Promise<void> {
  let expected = 1;
  // Also serials below the first that there can be.
  for (let after = -(2 ** 31); ; ) {
    const rows = await reader.query<{ serial: number; statement: string | null }>(`
      SELECT serial, statement FROM ${TABLE} WHERE serial > ${after} ORDER BY serial LIMIT ${AT_ONCE}`);
    for (const { serial, statement } of rows) {
      const wrong = (what: string) => faults.row(TABLE, String(serial), what);
      if (serial > expected) faults.row(TABLE, String(expected), 'it is gone');
      else if (serial < expected && serial >= 1) wrong('it is there twice');
      const { run, fault } = readRun(statement ?? '', keys);
      if (!run) wrong(faultTexts[fault]);
      else if (run.serial !== serial) wrong('it is that of another run');
      expected = Math.max(expected, serial + 1);
    }
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) return;
    after = last.serial;
  }
}

/** A line that does not end is one whose writer was killed: nobody was told that it was published. */
async function verifyFile(
  reader: LogReader,
  { path, size }: PublishedFile,
  keys: TrustedKeys,
  faults: Faults,
): Promise<void> {
  if (size === 0) return;
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path, { end: size - 1 }) })) {
    line += 1;
    if (!text.endsWith('}')) continue;
    const { run, fault } = readRun(text, keys);
    if (!run) {
      faults.row(path, `line ${line}`, faultTexts[fault]);
      continue;
    }
    const [stored] = await reader.query<{ statement: string | null }>(
      `SELECT statement FROM ${TABLE} WHERE serial = ${run.serial}`,
    );
    if (!stored) faults.row(TABLE, String(run.serial), 'it is gone; it was published');
    else if (stored.statement !== text) faults.row(TABLE, String(run.serial), 'it is not what was published');
  }
}
