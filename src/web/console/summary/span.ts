// Over which time a summary goes, and by what it counts.
import type { SummaryBucket } from '../../client/schema-types.generated.js';

export const spans = ['24h', '7d', '30d', '90d'] as const;
export type SpanName = (typeof spans)[number];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const lengths: Record<SpanName, { ms: number; bucket: SummaryBucket }> = {
  '24h': { ms: DAY, bucket: 'HOUR' },
  '7d': { ms: 7 * DAY, bucket: 'HOUR' },
  '30d': { ms: 30 * DAY, bucket: 'DAY' },
  '90d': { ms: 90 * DAY, bucket: 'DAY' },
};
const bucketMs: Record<SummaryBucket, number> = { HOUR, DAY };

export interface Span {
  from: string;
  to: string;
  bucket: SummaryBucket;
}

/** Whole buckets, the one that is under way among them. */
export function spanUntil(now: number, name: SpanName): Span {
  const { ms, bucket } = lengths[name];
  const size = bucketMs[bucket];
  const end = Math.floor(now / size) * size + size;
  return { from: new Date(end - ms).toISOString(), to: new Date(end).toISOString(), bucket };
}

/** The begin of each bucket, also of those in which nothing happened. */
export function bucketsOf({ from, to, bucket }: Span): string[] {
  const size = bucketMs[bucket];
  const begins: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += size) begins.push(new Date(at).toISOString());
  return begins;
}
