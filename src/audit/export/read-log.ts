// Reads the records that a filter finds, newest first, page by page at constant memory, each with its entries.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuditEntryModel, AuditRecordModel } from '../../db/generated/models.js';
import type { RecordFilter, RecordSearch } from '../search.js';
import type { Timeline, TimelineEntry } from '../timeline.js';
import { contradictions } from './contradictions.js';
import { exportedRecord, shownRecord } from './exported-record.js';
import type { ShownRecord } from './record-members.js';

export interface ReadRecord {
  record: ShownRecord;
  /** Oldest first. */
  entries: TimelineEntry[];
  /** False where what is sealed could not be opened: its key was changed, or is not known here. */
  readable: boolean;
  /** False where the record does not say what its entries say. */
  sound: boolean;
}

/** On the embedded database, nobody else is served while a page is read. */
const PAGE = 200;

export class LogReading {
  constructor(
    private readonly search: RecordSearch,
    private readonly timeline: Timeline,
  ) {}

  async *pages(filter: RecordFilter): AsyncGenerator<ReadRecord[]> {
    let after: string | undefined;
    for (;;) {
      const { records, hasNextPage } = await this.search.page(filter, PAGE, after);
      after = records.at(-1)?.id;
      if (after === undefined) return;
      yield await this.withEntries(records);
      if (!hasNextPage) return;
      await nextTurn();
    }
  }

  private async withEntries(records: readonly AuditRecordModel[]): Promise<ReadRecord[]> {
    const histories = await this.search.entriesOf(records.map(({ id }) => id));
    const read: ReadRecord[] = [];
    for (const record of records) {
      const found = this.show(record, histories.get(record.id) ?? []);
      read.push(found.sound ? found : await this.again(found));
    }
    return read;
  }

  /** Something may have happened between reading the record and its entries. */
  private async again(found: ReadRecord): Promise<ReadRecord> {
    const record = await this.search.record(found.record.id);
    return record ? this.show(record, await this.search.entries(record.id)) : found;
  }

  private show(record: AuditRecordModel, entries: readonly AuditEntryModel[]): ReadRecord {
    const shown = shownRecord(record);
    const opened = this.open(record, entries);
    return {
      record: shown,
      ...opened,
      sound: contradictions(exportedRecord(shown, opened.entries, [])).length === 0,
    };
  }

  private open(record: AuditRecordModel, entries: readonly AuditEntryModel[]) {
    try {
      return { entries: this.timeline.read(record, entries), readable: true };
    } catch {
      const closed = this.timeline.read({ ...record, dataKey: null }, entries);
      return { entries: closed.map((entry) => ({ ...entry, detail: null })), readable: false };
    }
  }
}
