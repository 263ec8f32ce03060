// What a bucket is called below a chart.
import type { SummaryBucket } from '../../client/schema-types.generated.js';
import { shownTime } from '../words/numbers.js';

/** Hours in the browser's own zone; days are counted in UTC, and named so. */
export function bucketLabel(begin: string, bucket: SummaryBucket): string {
  if (bucket === 'DAY') return begin.slice(5, 10);
  const { day, time } = shownTime(begin);
  return `${day} ${time.slice(0, 5)}`;
}
