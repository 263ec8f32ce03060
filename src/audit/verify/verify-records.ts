// All records, each rebuilt from its entries and compared; and what is counted from them: rollups, erasures, totals.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { monthOfId } from '../dropped-month.js';
import { binarySql, type Range, type Some } from './block-query.js';
import type { ListedChain } from './chain-list.js';
import type { BlockCounts, BlockSettings } from './check-block.js';
import { ClassTable } from './class-table.js';
import { ErasureSums } from './erasure-sums.js';
import type { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';
import { type BinaryBlock, checkPlain } from './plain-records.js';
import { quickBlock, rebuildBlock } from './rebuild-block.js';
import { boundAfter, type RecordBlock, Unreadable } from './record-blocks.js';
import { hourOf, RollupCounts } from './rollup-counts.js';
import { RollupTable } from './rollup-table.js';
import { stillLeft } from './still-left.js';

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
  /** When the newest checkpoint was signed: milliseconds since 1970. */
  signedAt: number;
  signal: AbortSignal;
  /** Told how many entries were passed. */
  told: (entries: number) => void;
}

interface ReadBlock {
  range: Range;
  /** Null where it has to be read exactly. */
  block: BinaryBlock | RecordBlock | null;
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
    let ahead = this.readAfter(null);
    for (;;) {
      signal.throwIfAborted();
      const { range, block } = await ahead;
      const { upTo } = range;
      // Asked for before this block is checked, so that it is answered meanwhile.
      if (upTo !== null) ahead = this.readAfter(upTo);
      await nextTurn();
      for (const counts of await this.check(block, range)) {
        this.add(counts);
        for (const id of counts.classes) await classes.require(id);
      }
      const hour = upTo === null ? AFTER_ALL : hourOf(upTo);
      totals.rollups += rollups.compare(await table.before(hour), hour, faults);
      if (upTo === null) break;
    }
    totals.erasures = sums.count;
    for (const { erasure, done } of sums.compare(faults)) await this.judgeUnsaid(erasure, done);
    await this.judgeOverdue();
    return totals;
  }

  /** The block after an id. */
  private readAfter(after: string | null): Promise<ReadBlock> {
    const { reader } = this;
    const reading = boundAfter(reader, after).then(async (upTo) => {
      const range = { after, upTo };
      const block = reader.copy ? await copyBlock(reader.copy, range) : await quickBlock(reader, range);
      return { range, block };
    });
    // It may fail before anybody waits for it.
    reading.catch(() => {});
    return reading;
  }

  private async check(block: BinaryBlock | RecordBlock | null, range: Range): Promise<BlockCounts[]> {
    if (!block || !('length' in block)) return [await this.rebuild(block, range)];
    let plain: Awaited<ReturnType<typeof checkPlain>>;
    try {
      plain = await checkPlain(block, this.blocks);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return [await this.rebuild(null, range)];
    }
    const { counts, odd } = plain;
    if (odd.length === 0) return [counts];
    const others = { ids: odd };
    return [counts, await this.rebuild(await quickBlock(this.reader, others), others)];
  }

  private rebuild(quick: RecordBlock | null, range: Range | Some): Promise<BlockCounts> {
    return rebuildBlock(this.reader, range, quick, this.blocks, this.faults);
  }

  private add(counts: BlockCounts): void {
    const { totals, sums } = this;
    totals.records += counts.records;
    totals.subjects += counts.subjects;
    totals.entries += counts.entries;
    this.settings.told(counts.entries);
    this.rollups.addAll(counts.rollups);
    for (const [erasure, recordId] of counts.erasures) sums.add(erasure, recordId);
    for (const erasure of counts.erasedBy) sums.addDone(erasure);
    for (const [erasure, recordId] of counts.held) sums.addHeld(erasure, recordId);
    for (const [erasure, body] of counts.said) sums.say(erasure, body);
  }

  /** That an erasure is due excuses what it has not destroyed for as long as destroying it may take, and no longer. */
  private async judgeOverdue(): Promise<void> {
    const { reader, faults, sums } = this;
    const { signedAt, signal } = this.settings;
    const overdue = sums.overdue(signedAt);
    // After an outage, the first process that runs again finishes those that were cut off.
    const isDoneNow = async ({ erasure }: { erasure: string }) => {
      const [row] = (await reader.queryNow?.<{ done: boolean }>(`
        SELECT NOT EXISTS (
          SELECT FROM audit_erasure e JOIN audit_record r ON r.id = e.record_id
          WHERE e.erasure = '${erasure}'::uuid AND r.erased_by IS NULL) AS done`)) ?? [null];
      return row?.done ?? false;
    };
    for (const { record } of reader.queryNow ? await stillLeft(overdue, isDoneNow, signal) : overdue) {
      faults.row('audit_record', record, 'it was erased, and holds what was erased');
    }
  }

  /**
   * Rows of an erasure without an entry: its list is being made; or its entry came, or was taken back, meanwhile; or
   * its entry went with its month, and all its records with it. None but the second holds once a record was erased by
   * it: nothing is destroyed before the entry is durable, and the entry stays for as long as any of its records.
   */
  private async judgeUnsaid(erasure: string, done: boolean): Promise<void> {
    if (!done && this.settings.dropped(monthOfId(erasure))) return;
    const explained = [
      ...(done
        ? []
        : [
            `EXISTS (SELECT FROM audit_erasure_due WHERE erasure = '${erasure}'::uuid)`,
            `NOT EXISTS (SELECT FROM audit_erasure WHERE erasure = '${erasure}'::uuid)`,
          ]),
      ...(this.reader.snapshot
        ? []
        : [`EXISTS (SELECT FROM audit_entry WHERE record_id = '${erasure}'::uuid AND kind = 'ERASE')`]),
    ];
    const [row] = await this.reader.query<{ explained: boolean }>(
      `SELECT ${explained.join(' OR ') || 'false'} AS explained`,
    );
    if (!row?.explained) this.faults.row('audit_erasure', erasure, 'no ERASE entry says so');
  }
}

/** Asked for together: of a snapshot, all answers are of one moment. */
function copyBlock(copy: NonNullable<LogReader['copy']>, range: Range): Promise<BinaryBlock> {
  const [records, entries, subjects, erasures] = binarySql(range);
  return Promise.all([copy(records), copy(entries), copy(subjects), copy(erasures)]);
}
