// What a run of the verifier found, as a signed statement: whoever can write the database cannot make one up. Published
// outside the database too, a line a run, so that a run that found a fault cannot be taken away unseen. Pure, but for
// where the file is.
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readStatement, type StatementFault, signStatement } from './signed-statement.js';
import type { SigningKeys, TrustedKeys } from './signing-keys.js';

const count = z.int().min(0);
const shape = z.strictObject({
  /** From 1 without gaps. */
  serial: z.int().min(1),
  /** ISO 8601, UTC, milliseconds. */
  startedAt: z.iso.datetime({ precision: 3 }),
  chains: count,
  entries: count,
  records: count,
  intact: z.boolean(),
  /** How many things were not as they were written. */
  faults: count,
  /** `chain:position` of an entry, else table and key of a row; null where intact. */
  firstBroken: z.string().nullable(),
  key: z.string().regex(/^[0-9a-f]{16}$/),
});

export type VerificationRun = z.output<typeof shape>;

export function signRun(run: Omit<VerificationRun, 'key'>, keys: SigningKeys): string {
  return signStatement('verification', run, keys);
}

export type RunReading =
  | { run: VerificationRun; fault?: undefined }
  | { run?: undefined; fault: StatementFault };

/** Reads and verifies a statement; never throws, whatever the text is. */
export function readRun(text: string, keys: TrustedKeys): RunReading {
  const statement = readStatement('verification', text, keys);
  if ('fault' in statement) return statement;
  const { success, data } = shape.safeParse(statement.facts);
  return success ? { run: data } : { fault: 'NOT_A_STATEMENT' };
}

/** @param headsFile a file of published heads */
export function runsFileBeside(headsFile: string): string {
  return join(dirname(headsFile), 'verifications.ndjson');
}
