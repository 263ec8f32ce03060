// What the rollups of one bucket come to, however many processes and hours they are of.
import { percentile } from './histogram.js';

export interface SummaryRow {
  bucket: Date;
  provider: string;
  kind: string;
  outcome: string;
  count: number;
  p50Ms: number | null;
  p99Ms: number | null;
}

interface Sum {
  count: number;
  histogram: number[];
}

const NOUGHT = 48;
const NINE = 57;
const TAB = 9;

export class BucketSums {
  /** By provider, kind and outcome, with tabs between them. */
  private readonly sums = new Map<string, Sum>();

  /**
   * Read sign by sign, since a month holds a million numbers.
   * @param lines of audit_rollups: each provider, kind, outcome, count and, where there is one, the histogram
   */
  add(lines: string): void {
    let at = 0;
    const readNumber = () => {
      let number = 0;
      for (; at < lines.length; at += 1) {
        const sign = lines.charCodeAt(at);
        if (sign < NOUGHT || sign > NINE) break;
        number = 10 * number + sign - NOUGHT;
      }
      return number;
    };
    while (at < lines.length) {
      const nameEnd = lines.indexOf('\t', lines.indexOf('\t', lines.indexOf('\t', at) + 1) + 1);
      const sum = this.sumOf(lines.slice(at, nameEnd));
      at = nameEnd + 1;
      sum.count += readNumber();
      if (lines.charCodeAt(at) === TAB) {
        // {0,3,14}
        const end = lines.indexOf('}', at);
        at += 2;
        for (let cell = 0; at < end; cell += 1) {
          sum.histogram[cell] = (sum.histogram[cell] ?? 0) + readNumber();
          at += 1;
        }
        at = end + 1;
      }
      at += 1;
    }
  }

  /** By provider, kind and outcome. */
  rows(bucket: Date): SummaryRow[] {
    return Array.from(this.sums, ([name, { count, histogram }]) => {
      const [provider = '', kind = '', outcome = ''] = name.split('\t');
      const p50Ms = percentile(histogram, 0.5);
      const p99Ms = percentile(histogram, 0.99);
      return { name, row: { bucket, provider, kind, outcome, count, p50Ms, p99Ms } };
    })
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ row }) => row);
  }

  private sumOf(name: string): Sum {
    const known = this.sums.get(name);
    if (known) return known;
    const made = { count: 0, histogram: [] };
    this.sums.set(name, made);
    return made;
  }
}
