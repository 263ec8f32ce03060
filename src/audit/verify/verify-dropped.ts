// Months that retention has dropped: the signed summary of each is genuine, and what is kept of the month (the ends of
// its chains, its rollups) is what the summary says.

import type { Checkpoint } from '../checkpoint.js';
import {
  type DroppedMonth,
  HeadsDigest,
  monthOfId,
  RollupsDigest,
  readDroppedMonth,
} from '../dropped-month.js';
import type { TrustedKeys } from '../signing-keys.js';
import type { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';
import { faultTexts } from './verify-chain.js';

export class DroppedMonths {
  private readonly months = new Map<string, { month: DroppedMonth; heads: HeadsDigest }>();

  static async read(reader: LogReader, keys: TrustedKeys, faults: Faults): Promise<DroppedMonths> {
    const dropped = new DroppedMonths();
    const rows = await reader.query<{ month: string; statement: string | null }>(
      `SELECT to_char(month AT TIME ZONE 'UTC', 'YYYY-MM') AS month, statement FROM audit_dropped_month ORDER BY month`,
    );
    for (const { month: row, statement } of rows) {
      const { month, fault } = readDroppedMonth(statement ?? '', keys);
      if (!month) faults.row('audit_dropped_month', row, faultTexts[fault]);
      else if (month.month !== row) faults.row('audit_dropped_month', row, 'it is that of another month');
      else dropped.months.set(row, { month, heads: new HeadsDigest() });
    }
    return dropped;
  }

  get count(): number {
    return this.months.size;
  }

  /** Whether a month, such as `2026-05`, was dropped. */
  has(month: string): boolean {
    return this.months.has(month);
  }

  /** The end of one of its chains; chains come in the order of their ids. */
  addEnd(chain: string, end: Checkpoint | null, faults: Faults): void {
    if (!end) faults.row('audit_checkpoint', chain, 'its month was dropped, and its end was never signed');
    else this.months.get(monthOfId(chain))?.heads.add({ chain, position: end.position, hash: end.hash });
  }

  /** Once all chains were told. */
  async compare(reader: LogReader, faults: Faults): Promise<void> {
    for (const [name, { month, heads }] of this.months) {
      const { chains, entries } = heads;
      if (chains !== month.chains || entries !== month.entries || heads.hex() !== month.heads) {
        faults.row('audit_dropped_month', name, 'the ends of its chains are not those that it says');
      }
      const rollups = await rollupsOf(reader, name);
      if (rollups.rows !== month.rollups || rollups.hex() !== month.rollupsDigest) {
        faults.row('audit_dropped_month', name, 'the rows of audit_rollup are not those that it says');
      }
    }
  }
}

/** A month has some ten thousand rows for each process that ran through it. */
async function rollupsOf(reader: LogReader, month: string): Promise<RollupsDigest> {
  const digest = new RollupsDigest();
  for (let day = new Date(`${month}-01T00:00:00Z`); day.toISOString().startsWith(month); ) {
    const next = new Date(day.getTime() + 24 * 3_600_000);
    const rows = await reader.query<{
      bucket: string;
      chain: string;
      provider: string;
      kind: string;
      outcome: string;
      rule: string;
      count: number;
      histogram: string | null;
    }>(`
      SELECT to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS bucket, chain::text, provider, kind,
        outcome, rule, count, array_to_json(histogram)::text AS histogram
      FROM audit_rollup
      WHERE bucket >= '${day.toISOString()}'::timestamptz AND bucket < '${next.toISOString()}'::timestamptz
      ORDER BY bucket, chain, provider COLLATE "C", kind COLLATE "C", outcome COLLATE "C", rule COLLATE "C"`);
    for (const { histogram, ...row } of rows) {
      digest.add({ ...row, histogram: histogram === null ? null : (JSON.parse(histogram) as number[]) });
    }
    day = next;
  }
  return digest;
}
