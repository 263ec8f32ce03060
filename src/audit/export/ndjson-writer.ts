// Writes an export line by line: each segment before the first record that needs it, and the signed end.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SigningKeys } from '../signing-keys.js';
import type { TimelineEntry } from '../timeline.js';
import { exportedRecord } from './exported-record.js';
import { type ExportHeader, FORMAT, segmentName, signEnd, WINDOW } from './format.js';
import type { ShownRecord } from './record-members.js';
import type { FoundSegment, Segments } from './segments.js';
import { Window } from './window.js';

/** Takes text; resolves when there is room for more. */
export type Sink = (text: string) => Promise<void>;

interface Waiting {
  record: ShownRecord;
  entries: readonly TimelineEntry[];
}

/** A chain whose process is gone is signed by another one within a minute. */
const WAIT_MS = 60_000;
const POLL_MS = 250;
/** Records whose entries no checkpoint covers yet: those of the last seconds. */
const WAITING_AT_MOST = 2_000;

export class NdjsonWriter {
  /** Records, and lines without the end. */
  records = 0;
  lines = 0;
  /** Entries that no checkpoint covered in time. */
  unproved = 0;
  private readonly hash = createHash('sha256');
  private readonly written = new Window<true>(WINDOW);
  private waiting: Waiting[] = [];
  private waitUntil = 0;

  constructor(
    private readonly sink: Sink,
    private readonly segments: Segments,
    private readonly keys: SigningKeys,
  ) {}

  async begin(header: ExportHeader): Promise<void> {
    await this.put([header]);
  }

  async add(record: ShownRecord, entries: readonly TimelineEntry[]): Promise<void> {
    const found = await this.find(entries);
    if (found.every((segment) => segment !== null)) {
      await this.write(record, entries, found);
      return;
    }
    this.waiting.push({ record, entries });
    if (this.waiting.length > WAITING_AT_MOST) await this.writeWaiting();
  }

  /** Waits for the checkpoints that are still to come. @param told how many records wait */
  async writeWaiting(told: (records: number) => void = () => {}): Promise<void> {
    // Once for the whole export: what could not be had in a minute is not waited for again.
    this.waitUntil ||= Date.now() + WAIT_MS;
    const waiting = this.waiting;
    this.waiting = [];
    for (const [index, { record, entries }] of waiting.entries()) {
      let found = await this.find(entries);
      while (found.includes(null) && Date.now() < this.waitUntil) {
        told(waiting.length - index);
        await sleep(POLL_MS);
        found = await this.find(entries);
      }
      await this.write(record, entries, found);
    }
  }

  /** SHA-256 over all lines so far, hex. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }

  async end(exported: string, at: string): Promise<void> {
    const { records, lines } = this;
    const end = { format: FORMAT, at, export: exported, records, lines, sha256: this.digest() };
    await this.sink(`${signEnd(end, this.keys)}\n`);
  }

  private find(entries: readonly TimelineEntry[]): Promise<(FoundSegment | null)[]> {
    return Promise.all(entries.map(({ chain, position }) => this.segments.covering(chain, position)));
  }

  private async write(
    record: ShownRecord,
    entries: readonly TimelineEntry[],
    found: readonly (FoundSegment | null)[],
  ): Promise<void> {
    const lines: object[] = [];
    for (const [index, { chain }] of entries.entries()) {
      const segment = found[index];
      if (!segment) {
        this.unproved += 1;
        continue;
      }
      const name = segmentName(chain, segment.serial);
      if (this.written.get(name)) continue;
      lines.push(await this.segments.load(chain, segment));
      this.written.add(name, true);
    }
    const serials = entries.map((_, index) => found[index]?.serial ?? null);
    lines.push(exportedRecord(record, entries, serials));
    this.records += 1;
    await this.put(lines);
  }

  private async put(lines: readonly object[]): Promise<void> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    this.hash.update(text);
    this.lines += lines.length;
    await this.sink(text);
  }
}
