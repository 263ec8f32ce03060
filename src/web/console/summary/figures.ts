// What the rows of a summary come to, for tiles, tables and charts. Pure. Percentiles are never added up: they are shown
// for the bucket that they were counted in.
import type { Outcome, RequestKind } from '../../client/schema-types.generated.js';
import { outcomes } from '../words/outcomes.js';
import type { FindSummaryQuery } from './find-summary.generated.js';

export type SummaryRow = FindSummaryQuery['auditSummary'][number];
export type DenialRow = FindSummaryQuery['auditDenials'][number];
export type Counts = Record<Outcome, number>;

/** Looking into the log is no request, nor is a notice that belongs to none. */
const requests: ReadonlySet<RequestKind> = new Set<RequestKind>([
  'VERIFICATION_CODE',
  'OPERATOR_AUTHENTICATION',
  'PHONE_BINDING',
  'USER_TOKEN',
]);

export const ofRequests = (rows: readonly SummaryRow[]) => rows.filter(({ kind }) => requests.has(kind));

const none = (): Counts => ({ ACCEPTED: 0, REFUSED: 0, DENIED: 0, UNKNOWN: 0, PENDING: 0 });

export function countsOf(rows: readonly SummaryRow[]): Counts {
  const counts = none();
  for (const { outcome, count } of rows) counts[outcome] += count;
  return counts;
}

export const totalOf = (counts: Counts) => outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);

/** By bucket; the same length and order as the buckets. */
export function volume(rows: readonly SummaryRow[], buckets: readonly string[]): Counts[] {
  const places = new Map(buckets.map((begin, index) => [begin, index]));
  const counts = buckets.map(none);
  for (const { bucket, outcome, count } of rows) {
    const here = counts[places.get(bucket) ?? -1];
    if (here) here[outcome] += count;
  }
  return counts;
}

export interface Latency {
  provider: string;
  kind: RequestKind;
  /** Null where nothing was accepted in the bucket. */
  p50: (number | null)[];
  p99: (number | null)[];
}

/** How long providers took for what they accepted, by provider and kind. */
export function latencies(rows: readonly SummaryRow[], buckets: readonly string[]): Latency[] {
  const places = new Map(buckets.map((begin, index) => [begin, index]));
  const found = new Map<string, Latency>();
  for (const { bucket, provider, kind, outcome, p50Ms, p99Ms } of rows) {
    const index = places.get(bucket);
    if (outcome !== 'ACCEPTED' || index === undefined || p50Ms === null) continue;
    const name = `${provider} ${kind}`;
    const line = found.get(name) ?? {
      provider,
      kind,
      p50: buckets.map(() => null),
      p99: buckets.map(() => null),
    };
    found.set(name, line);
    line.p50[index] = p50Ms;
    line.p99[index] = p99Ms;
  }
  return [...found.values()].sort((one, other) => (one.provider < other.provider ? -1 : 1));
}

export interface ProviderFigures {
  provider: string;
  counts: Counts;
  total: number;
  perBucket: Counts[];
  /** Of the last bucket in which anything was accepted. */
  latest: { bucket: string; p50Ms: number; p99Ms: number | null } | null;
}

/** Busiest first. */
export function byProvider(rows: readonly SummaryRow[], buckets: readonly string[]): ProviderFigures[] {
  const ids = [...new Set(rows.map(({ provider }) => provider))];
  return ids
    .map((provider) => {
      const own = rows.filter((row) => row.provider === provider);
      const counts = countsOf(own);
      return {
        provider,
        counts,
        total: totalOf(counts),
        perBucket: volume(own, buckets),
        latest: latestOf(own),
      };
    })
    .sort((one, other) => other.total - one.total);
}

/** The busiest kind speaks for a bucket with several. */
function latestOf(rows: readonly SummaryRow[]): ProviderFigures['latest'] {
  let found: SummaryRow | null = null;
  for (const row of rows) {
    if (row.outcome !== 'ACCEPTED' || row.p50Ms === null) continue;
    const later = !found || row.bucket > found.bucket;
    if (later || (row.bucket === found?.bucket && row.count > found.count)) found = row;
  }
  return found?.p50Ms == null ? null : { bucket: found.bucket, p50Ms: found.p50Ms, p99Ms: found.p99Ms };
}

export interface RuleFigures {
  rule: string;
  total: number;
  perBucket: number[];
}

/** Busiest first. */
export function byRule(rows: readonly DenialRow[], buckets: readonly string[]): RuleFigures[] {
  const places = new Map(buckets.map((begin, index) => [begin, index]));
  const found = new Map<string, RuleFigures>();
  for (const { rule, bucket, count } of rows) {
    const figures = found.get(rule) ?? { rule, total: 0, perBucket: buckets.map(() => 0) };
    found.set(rule, figures);
    figures.total += count;
    const index = places.get(bucket);
    if (index !== undefined) figures.perBucket[index] = (figures.perBucket[index] ?? 0) + count;
  }
  return [...found.values()].sort((one, other) => other.total - one.total);
}
