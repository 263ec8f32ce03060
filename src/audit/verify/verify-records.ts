// All records, each rebuilt from its entries and compared; and what is counted from them: rollups, erasures, totals.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { monthOfId } from '../dropped-month.js';
import type { Range } from './block-query.js';
import type { ListedChain } from './chain-list.js';
import { type BlockCounts, type BlockSettings, checkBlock } from './check-block.js';
import { ClassTable } from './class-table.js';
import { ErasureSums } from './erasure-sums.js';
import { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';
import { boundAfter, type RecordBlock, readExactly, readQuickly, Unreadable } from './record-blocks.js';
import { hourOf, RollupCounts } from './rollup-counts.js';
import { RollupTable } from './rollup-table.js';

export interface VerifiedRecords {
  records: number;
  /** Of the entries that the chains held when they were listed. */
  entries: number;
  subjects: number;
  rollups: number;
  erasures: number;
}

export interface RecordsWalkSettings extends Omit<BlockSettings, 'heads'> {
  chains: readonly ListedChain[];
  signal: AbortSignal;
  /** Told how many entries were passed. */
  told: (entries: number) => void;
}

const AFTER_ALL = Number.POSITIVE_INFINITY;

export class RecordsWalk {
  private readonly blocks: BlockSettings;
  private readonly rollups = new RollupCounts();
  private readonly sums = new ErasureSums();
  private readonly totals: VerifiedRecords = { records: 0, entries: 0, subjects: 0, rollups: 0, erasures: 0 };

  constructor(
    private readonly reader: LogReader,
    private readonly faults: Faults,
    private readonly settings: RecordsWalkSettings,
  ) {
    const heads = new Map(settings.chains.map(({ id, head }) => [id, head]));
    this.blocks = { ...settings, heads };
  }

  async verify(): Promise<VerifiedRecords> {
    const { reader, faults, totals, rollups, sums } = this;
    const { chains, dropped, signal } = this.settings;
    const classes = await ClassTable.read(reader, faults);
    const table = new RollupTable(reader, chains, dropped);
    let range: Range = { after: null, upTo: await boundAfter(reader, null) };
    let reading = this.read(range);
    for (;;) {
      signal.throwIfAborted();
      const current = range;
      const { upTo } = current;
      if (upTo !== null) range = { after: upTo, upTo: await boundAfter(reader, upTo) };
      const block = await reading;
      // On its way while this block is checked.
      if (upTo !== null) reading = this.read(range);
      const counts = await this.check(block, current);
      this.add(counts);
      for (const id of counts.classes) await classes.require(id);
      const hour = upTo === null ? AFTER_ALL : hourOf(upTo);
      totals.rollups += rollups.compare(await table.before(hour), hour, faults);
      if (upTo === null) break;
      await nextTurn();
    }
    totals.erasures = sums.count;
    for (const erasure of sums.compare(faults)) await this.judgeUnsaid(erasure);
    return totals;
  }

  /** Null where it cannot be read quickly. */
  private read(range: Range): Promise<RecordBlock | null> {
    const reading = readQuickly(this.reader, range).catch((error: unknown) => {
      if (error instanceof Unreadable) return null;
      throw error;
    });
    // It may fail before anybody waits for it.
    reading.catch(() => {});
    return reading;
  }

  /** Faults of a block that was read quickly are not believed before it was read exactly. */
  private async check(quick: RecordBlock | null, range: Range): Promise<BlockCounts> {
    const faults = new Faults();
    try {
      const counts = quick && checkBlock(quick, this.blocks, faults);
      if (counts && faults.count === 0) return counts;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
    return checkBlock(await readExactly(this.reader, range), this.blocks, this.faults);
  }

  private add(counts: BlockCounts): void {
    const { totals, sums } = this;
    totals.records += counts.records;
    totals.subjects += counts.subjects;
    totals.entries += counts.entries;
    this.settings.told(counts.entries);
    this.rollups.addAll(counts.rollups);
    for (const [erasure, recordId] of counts.erasures) sums.add(erasure, recordId);
    for (const [erasure, body] of counts.said) sums.say(erasure, body);
  }

  /**
   * Rows of an erasure without an entry: its list is being made; or its entry came, or was taken back, meanwhile; or
   * its entry went with its month, and all its records with it.
   */
  private async judgeUnsaid(erasure: string): Promise<void> {
    if (this.settings.dropped(monthOfId(erasure))) return;
    const cameSince = `EXISTS (SELECT FROM audit_entry WHERE record_id = '${erasure}'::uuid AND kind = 'ERASE')`;
    const [row] = await this.reader.query<{ explained: boolean }>(`
      SELECT EXISTS (SELECT FROM audit_erasure_due WHERE erasure = '${erasure}'::uuid)
        OR NOT EXISTS (SELECT FROM audit_erasure WHERE erasure = '${erasure}'::uuid)
        OR ${this.reader.snapshot ? 'false' : cameSince} AS explained`);
    if (!row?.explained) this.faults.row('audit_erasure', erasure, 'no ERASE entry says so');
  }
}
