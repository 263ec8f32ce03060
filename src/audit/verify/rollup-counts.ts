// Outcomes and latencies by hour, counted again from the entries, and compared with what the database keeps.
import { addHistograms, latencyCell } from '../histogram.js';
import type { Faults } from './faults.js';

export interface RollupRow {
  bucket: string;
  chain: string;
  provider: string;
  kind: string;
  outcome: string;
  rule: string;
  count: string;
  histogram: string | null;
}

/** The columns that name a row. */
export type RollupKey = Pick<RollupRow, 'chain' | 'provider' | 'kind' | 'outcome' | 'rule'>;

export interface Count {
  count: number;
  cells: number[];
}

/** In none of the words that the ledger counts by. */
const SEPARATOR = '\u001f';
export const HOUR_MS = 3_600_000;

export class RollupCounts {
  /** By hour, then by what else names the row. */
  private readonly hours = new Map<number, Map<string, Count>>();
  private lastHour = Number.NaN;
  private last = new Map<string, Count>();

  /** @param latencyMs undefined where none was measured */
  add(recordId: string, key: RollupKey, times: number, latencyMs: number | undefined): void {
    this.addTo(this.countOf(hourOf(recordId), key), times, latencyMs);
  }

  addTo(count: Count, times: number, latencyMs: number | undefined): void {
    count.count += times;
    if (latencyMs === undefined) return;
    const cell = latencyCell(latencyMs);
    while (count.cells.length <= cell) count.cells.push(0);
    count.cells[cell] = (count.cells[cell] ?? 0) + 1;
  }

  /** Adds what was counted apart. */
  addAll(others: RollupCounts): void {
    for (const [hour, counts] of others.hours) {
      for (const [key, { count, cells }] of counts) {
        const own = this.countAt(hour, key);
        own.count += count;
        own.cells = addHistograms(own.cells, cells);
      }
    }
  }

  /**
   * Compares the hours before `hour` with these rows, which are all that the database keeps of them, and forgets
   * them.
   * @returns how many rows were compared
   */
  compare(rows: readonly RollupRow[], hour: number, faults: Faults): number {
    for (const row of rows) {
      const key = textOf(row);
      const where = forPeople(row.bucket, key);
      const counts = this.hours.get(hourOfBucket(row.bucket));
      const count = counts?.get(key);
      if (!count) {
        faults.row('audit_rollup', where, 'no entries are counted in it');
        continue;
      }
      counts?.delete(key);
      if (row.count !== String(count.count)) faults.row('audit_rollup', where, `count is not ${count.count}`);
      const histogram = count.cells.length > 0 ? `{${count.cells.join(',')}}` : null;
      if (row.histogram !== histogram)
        faults.row('audit_rollup', where, 'histogram is not that of its entries');
    }
    for (const [at, counts] of this.hours) {
      if (at >= hour) continue;
      for (const key of counts.keys()) faults.row('audit_rollup', forPeople(bucketOf(at), key), 'it is gone');
      this.hours.delete(at);
      if (at === this.lastHour) this.lastHour = Number.NaN;
    }
    return rows.length;
  }

  /** @param hour since 1970 */
  countOf(hour: number, key: RollupKey): Count {
    return this.countAt(hour, textOf(key));
  }

  private countAt(hour: number, key: string): Count {
    if (hour !== this.lastHour) {
      this.lastHour = hour;
      this.last = this.hours.get(hour) ?? new Map();
      this.hours.set(hour, this.last);
    }
    let count = this.last.get(key);
    if (!count) {
      count = { count: 0, cells: [] };
      this.last.set(key, count);
    }
    return count;
  }
}

/** Hours since 1970 in which the record was made. */
export function hourOf(recordId: string): number {
  return Math.floor(Number.parseInt(recordId.slice(0, 8) + recordId.slice(9, 13), 16) / HOUR_MS);
}

/** As Postgres writes it in UTC. */
export function bucketOf(hour: number): string {
  return `${new Date(hour * HOUR_MS).toISOString().slice(0, 19).replace('T', ' ')}+00`;
}

/** NaN where it is no whole hour. */
function hourOfBucket(bucket: string): number {
  const hour = Date.parse(`${bucket.replace(' ', 'T')}:00`) / HOUR_MS;
  return Number.isInteger(hour) && bucketOf(hour) === bucket ? hour : Number.NaN;
}

function textOf({ chain, provider, kind, outcome, rule }: RollupKey): string {
  return `${chain}${SEPARATOR}${provider}${SEPARATOR}${kind}${SEPARATOR}${outcome}${SEPARATOR}${rule}`;
}

function forPeople(bucket: string, key: string): string {
  return `${bucket} ${key.replaceAll(SEPARATOR, ' ')}`;
}
