// The rows of audit_rollup in the order of their hours. Where answers are of different moments, the rows of chains that
// are being written are those of the moment when the chains were listed, and chains that were begun since have none.
import type { ListedChain } from './chain-list.js';
import type { LogReader } from './log-reader.js';
import { bucketOf, type RollupRow } from './rollup-counts.js';

export class RollupTable {
  private readonly open: readonly string[];
  private readonly listed: ReadonlySet<string>;
  private held: RollupRow[];
  private from = '-infinity';

  constructor(
    private readonly reader: LogReader,
    chains: readonly ListedChain[],
    private readonly dropped: (month: string) => boolean,
  ) {
    const open = chains.filter(({ rollups }) => rollups !== null);
    this.open = open.map(({ id }) => id);
    this.listed = new Set(chains.map(({ id }) => id));
    this.held = open.flatMap(({ rollups }) => rollups ?? []);
  }

  /** The rows of the hours before this one that were not asked for yet, but for those of months that were dropped. */
  async before(hour: number): Promise<RollupRow[]> {
    const to = Number.isFinite(hour) ? bucketOf(hour) : 'infinity';
    const { from } = this;
    // Most blocks end in the hour in which they began.
    if (to === from) return [];
    this.from = to;
    const others = this.open.map((chain) => ` AND chain IS DISTINCT FROM '${chain}'::uuid`).join('');
    // At last also those of no time at all.
    const span = `bucket >= '${from}'::timestamptz`;
    const where =
      to === 'infinity' ? `(${span} OR bucket IS NULL)` : `${span} AND bucket < '${to}'::timestamptz`;
    const rows = await this.reader.query<RollupRow>(`
      SELECT coalesce(bucket::text, 'null') AS bucket, chain::text, provider, kind, outcome, rule, count::text, histogram::text
      FROM audit_rollup
      WHERE ${where}${others}`);
    const held = this.held.filter(({ bucket }) => bucket < to || to === 'infinity');
    if (held.length > 0) this.held = this.held.filter((row) => !held.includes(row));
    return [...rows.filter(({ chain }) => this.isListed(chain)), ...held].filter(
      ({ bucket }) => !this.dropped(bucket.slice(0, 7)),
    );
  }

  /** A chain of which there is a row when the chains are listed is one of them. */
  private isListed(chain: string | null): boolean {
    return this.reader.snapshot || chain === null || this.listed.has(chain);
  }
}
