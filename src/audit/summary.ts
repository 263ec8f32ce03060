// Counts and latencies of the log by time, added up from the rollups of all processes: what a month came to is
// read without reading its records.
import type { PrismaClient } from '../db/generated/client.js';
import { BucketSums, type SummaryRow } from './bucket-sums.js';

export type SummaryUnit = 'HOUR' | 'DAY';

/** Whole hours or days, UTC, that the time from `from` to `to` touches. */
export interface SummarySpan {
  from: Date;
  to: Date;
  unit: SummaryUnit;
}

export interface DenialRow {
  bucket: Date;
  rule: string;
  count: number;
}

const UNIT_MS: Record<SummaryUnit, number> = { HOUR: 3_600_000, DAY: 86_400_000 };
/** Longer spans are read in parts, side by side: writing histograms out is the database's work, and it has cores. */
const PART_MS = 8 * UNIT_MS.DAY;
const PARTS_AT_MOST = 4;

export class LogSummary {
  constructor(private readonly client: PrismaClient) {}

  /** By bucket, provider, kind and outcome, in this order. */
  async outcomes(span: SummarySpan): Promise<SummaryRow[]> {
    const parts = await Promise.all(partsOf(span).map((part) => this.part(part)));
    return parts.flat();
  }

  private async part({ from, to, unit }: SummarySpan): Promise<SummaryRow[]> {
    const hours = await this.client.$queryRaw<{ hour: Date; lines: string }[]>`
      SELECT hour, lines FROM audit_rollups(${from}::timestamptz, ${to}::timestamptz)`;
    const buckets = new Map<number, BucketSums>();
    for (const { hour, lines } of hours) {
      const begin = bucketOf(hour, unit);
      const sums = buckets.get(begin) ?? new BucketSums();
      buckets.set(begin, sums);
      sums.add(lines);
    }
    return Array.from(buckets, ([begin, sums]) => sums.rows(new Date(begin))).flat();
  }

  /** What rules denied, by bucket and rule, in this order. */
  async denials(span: SummarySpan): Promise<DenialRow[]> {
    const { from, to, unit } = wholeBuckets(span);
    return this.client.$queryRaw<DenialRow[]>`
      SELECT bucket, rule, count::integer
      FROM audit_denials(${from}::timestamptz, ${to}::timestamptz, ${unit.toLowerCase()}::text)`;
  }
}

function bucketOf(at: Date, unit: SummaryUnit): number {
  return Math.floor(at.getTime() / UNIT_MS[unit]) * UNIT_MS[unit];
}

function wholeBuckets({ from, to, unit }: SummarySpan): SummarySpan {
  const end = bucketOf(new Date(to.getTime() + UNIT_MS[unit] - 1), unit);
  return { from: new Date(bucketOf(from, unit)), to: new Date(end), unit };
}

/** The span, cut between days. */
function partsOf(span: SummarySpan): SummarySpan[] {
  const { from, to, unit } = wholeBuckets(span);
  const long = to.getTime() - from.getTime();
  const days = Math.ceil(Math.max(PART_MS, long / PARTS_AT_MOST) / UNIT_MS.DAY);
  const parts: SummarySpan[] = [];
  for (let begin = from; begin < to; ) {
    const day = Math.floor(begin.getTime() / UNIT_MS.DAY);
    const end = new Date(Math.min((day + days) * UNIT_MS.DAY, to.getTime()));
    parts.push({ from: begin, to: end, unit });
    begin = end;
  }
  return parts;
}
