// What stays of a month that retention has dropped: a signed summary of its chains and of its counts, by which what is
// kept of it (last checkpoints, rollups) can still be proved. Pure.
//
// A month is dropped whole: its records, the entries of its chains, and its index of subjects. A record is never of a
// later month than a chain it stands in, whatever the clocks of its writers say (ledger_commit refuses it), so that
// nothing that stays needs an entry of a month that went, as long as the older months went before.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readStatement, type StatementFault, signStatement } from './signed-statement.js';
import type { SigningKeys, TrustedKeys } from './signing-keys.js';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const shape = z.strictObject({
  /** `2026-05`, UTC. */
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  /** Chains that were begun in it, and their entries. */
  chains: z.int().min(0),
  entries: z.int().min(0),
  /** `headsDigest` of their ends. */
  heads: digest,
  /** Records that were made in it. */
  records: z.int().min(0),
  /** Rows of audit_rollup whose hours are in it, and their `rollupsDigest`. */
  rollups: z.int().min(0),
  rollupsDigest: digest,
  /** When it was dropped: ISO 8601, UTC, milliseconds. */
  at: z.iso.datetime({ precision: 3 }),
  /** Id of the key it is signed with. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
});

export type DroppedMonth = z.output<typeof shape>;

export function signDroppedMonth(month: Omit<DroppedMonth, 'key'>, keys: SigningKeys): string {
  return signStatement('dropped month', month, keys);
}

export type DroppedMonthReading =
  | { month: DroppedMonth; fault?: undefined }
  | { month?: undefined; fault: StatementFault };

/** Reads and verifies a statement; never throws, whatever the text is. */
export function readDroppedMonth(text: string, keys: TrustedKeys): DroppedMonthReading {
  const statement = readStatement('dropped month', text, keys);
  if ('fault' in statement) return statement;
  const { success, data } = shape.safeParse(statement.facts);
  return success ? { month: data } : { fault: 'NOT_A_STATEMENT' };
}

/** The month of an id, `2026-05`: of a record by when it was made, of a chain by when it was begun. */
export function monthOfId(id: string): string {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toISOString().slice(0, 7);
}

/** The end of a chain: position of its last entry, 0 where it has none, and its hash in hex. */
export interface ChainEnd {
  chain: string;
  position: number;
  hash: string;
}

/** Chains are added in the order of their ids. */
export class HeadsDigest {
  private readonly hash = createHash('sha256');
  chains = 0;
  entries = 0;

  add({ chain, position, hash }: ChainEnd): void {
    this.hash.update(`${chain} ${position} ${hash}\n`);
    this.chains += 1;
    this.entries += position;
  }

  hex(): string {
    return this.hash.digest('hex');
  }
}

export interface RollupOfMonth {
  /** ISO 8601, UTC, milliseconds. */
  bucket: string;
  chain: string;
  provider: string;
  kind: string;
  outcome: string;
  rule: string;
  count: number;
  histogram: readonly number[] | null;
}

/** Rows are added in the order of bucket, chain, provider, kind, outcome and rule, texts by their bytes. */
export class RollupsDigest {
  private readonly hash = createHash('sha256');
  rows = 0;

  add({ bucket, chain, provider, kind, outcome, rule, count, histogram }: RollupOfMonth): void {
    const row = [bucket, chain, provider, kind, outcome, rule, count, histogram];
    this.hash.update(`${JSON.stringify(row)}\n`);
    this.rows += 1;
  }

  hex(): string {
    return this.hash.digest('hex');
  }
}
