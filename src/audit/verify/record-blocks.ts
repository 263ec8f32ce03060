// Reads records in the order of their ids, a block at a time, each with all that belongs to it at that moment. What
// belongs to no record comes along with the block in whose range it lies, so that nothing is passed over.
//
// The texts of a quick answer are taken apart one record after another, and what was made of a record is forgotten
// before the next: that is most of the speed. A text that is not exactly what was asked for is not believed.
import {
  boundSql,
  type ExactAnswer,
  exactSql,
  marks,
  type QuickAnswer,
  quickSql,
  type Range,
  recordColumns,
  type Some,
} from './block-query.js';
import type { LogReader } from './log-reader.js';

/** Columns as Postgres writes them. */
export interface RecordRow {
  id: string;
  kind: string | null;
  provider: string | null;
  operation: string | null;
  purpose: string | null;
  outcome: string | null;
  maskedPhone: string | null;
  actor: string | null;
  client: string | null;
  flow: string | null;
  destination: string | null;
  providerCode: string | null;
  providerReference: string | null;
  rule: string | null;
  retryAfterMs: string | null;
  replays: string | null;
  createdAt: string | null;
  settledAt: string | null;
  latencyMs: string | null;
  erasedAt: string | null;
  erasedBy: string | null;
  class: string | null;
  subjects: string | null;
  salt: string | null;
  dataKey: string | null;
  keyId: string | null;
}

export interface EntryRow {
  recordId: string;
  chain: string;
  position: number;
  kind: string | null;
  at: string | null;
  /** Hex. */
  hash: string | null;
  previousHash: string | null;
  /** Text where it is UTF-8. */
  leaf: string | Uint8Array | null;
}

export interface SubjectRow {
  class: string | null;
  /** As Postgres writes bytea. */
  digest: string | null;
}

/** All rows of one record's id. */
export interface RecordGroup {
  /** '' for what has none. */
  id: string;
  /** One; none where others name a record that does not exist. */
  rows: RecordRow[];
  entries: EntryRow[];
  subjects: SubjectRow[];
  /** Erasures that cover it. */
  erasures: string[];
}

export interface RecordBlock {
  /** False where a fault may be one of reading. */
  readonly exact: boolean;
  /** By id. @throws Unreadable */
  groups(): Iterable<RecordGroup>;
  /** Erasures that were begun and are not done. */
  due: ReadonlySet<string>;
}

/** The answer can be read in two ways, or in none. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** The last id of the block after an id (null: of the first); null where that block is the last. */
export async function boundAfter(reader: LogReader, after: string | null): Promise<string | null> {
  const [row] = await reader.query<{ id: string }>(boundSql(after, reader.blockSize));
  return row?.id ?? null;
}

/** @throws Unreadable where it cannot be read this way */
export async function readQuickly(reader: LogReader, range: Range | Some): Promise<RecordBlock> {
  try {
    const [answer] = await reader.query<QuickAnswer>(quickSql(range));
    if (!answer) throw new Unreadable();
    return { exact: false, groups: () => quickGroups(answer), due: setOf(answer.due) };
  } catch (error) {
    if (isRefusedText(error)) throw new Unreadable();
    throw error;
  }
}

export async function readExactly(reader: LogReader, range: Range | Some): Promise<RecordBlock> {
  const [answer] = await reader.query<ExactAnswer>(exactSql(range));
  if (!answer) throw new Unreadable();
  return { exact: true, groups: () => exactGroups(answer), due: setOf(answer.due) };
}

/** The rows of a text, one after another. */
class Rows {
  /** Of the next row; AFTER_ALL where there is none. */
  id: string;
  private line = '';
  private at = 0;

  constructor(
    private readonly text: string,
    private left: number,
    private readonly fields: number,
  ) {
    this.id = '';
    this.advance();
  }

  /** The fields of the next row, its id first. */
  take(): string[] {
    const fields = this.line.split(marks.field);
    if (fields.length !== this.fields) throw new Unreadable();
    this.advance();
    return fields;
  }

  private advance(): void {
    if (this.left === 0) {
      // The last row ends with the text.
      if (this.at <= this.text.length && this.text !== '') throw new Unreadable();
      this.id = AFTER_ALL;
      return;
    }
    if (this.at > this.text.length) throw new Unreadable();
    const end = this.text.indexOf(marks.row, this.at);
    this.line = end < 0 ? this.text.slice(this.at) : this.text.slice(this.at, end);
    this.at += this.line.length + 1;
    this.left -= 1;
    const id = this.line.slice(0, ID_LENGTH);
    if (id < this.id) throw new Unreadable();
    this.id = id;
  }
}

const ID_LENGTH = 36;
/** Greater than every id. */
const AFTER_ALL = 'g';
const HEX = 64;

function* quickGroups(answer: QuickAnswer): Generator<RecordGroup> {
  const records = new Rows(answer.records ?? '', answer.record_count, recordColumns.length + 1);
  const entries = new QuickEntries(answer);
  const subjects = new Rows(answer.subjects ?? '', answer.subject_count, 3);
  const erasures = new Rows(answer.erasures ?? '', answer.erasure_count, 2);
  for (;;) {
    let id = records.id < entries.rows.id ? records.id : entries.rows.id;
    if (subjects.id < id) id = subjects.id;
    if (erasures.id < id) id = erasures.id;
    if (id === AFTER_ALL) return;
    const group: RecordGroup = { id, rows: [], entries: [], subjects: [], erasures: [] };
    while (records.id === id) group.rows.push(recordOf(withNulls(records.take())));
    while (entries.rows.id === id) group.entries.push(entries.take());
    while (subjects.id === id) {
      const [, classId = '', digest = ''] = subjects.take();
      group.subjects.push({ class: classId, digest });
    }
    while (erasures.id === id) group.erasures.push(erasures.take()[1] ?? '');
    yield group;
  }
}

class QuickEntries {
  readonly rows: Rows;
  private readonly hashes: string;
  private readonly leaves: string;
  private taken = 0;
  private at = 0;

  constructor({ entries, entry_count, whole_hashes, hashes, leaves }: QuickAnswer) {
    this.rows = new Rows(entries ?? '', entry_count, 6);
    this.hashes = hashes ?? '';
    this.leaves = leaves ?? '';
    if (whole_hashes !== entry_count || this.hashes.length !== entry_count * 2 * HEX) throw new Unreadable();
  }

  take(): EntryRow {
    const [recordId = '', chain = '', position, kind = '', at = '', length] = this.rows.take();
    const end = this.leaves.indexOf('\n', this.at);
    const leaf = end < 0 ? this.leaves.slice(this.at) : this.leaves.slice(this.at, end);
    if (leaf.length !== Number(length) && Buffer.byteLength(leaf) !== Number(length)) throw new Unreadable();
    this.at += leaf.length + 1;
    const place = this.taken * 2 * HEX;
    this.taken += 1;
    return {
      recordId,
      chain,
      position: Number(position),
      kind,
      at,
      hash: this.hashes.slice(place, place + HEX),
      previousHash: this.hashes.slice(place + HEX, place + 2 * HEX),
      leaf,
    };
  }
}

/** Takes the count of NULLs off: a text that happens to be what stands for NULL makes one too many. */
function withNulls(fields: string[]): (string | null)[] {
  const values: (string | null)[] = fields;
  let nulls = Number(fields.pop());
  for (let i = 0; i < fields.length; i += 1) {
    if (fields[i] !== marks.none) continue;
    values[i] = null;
    nulls -= 1;
  }
  if (nulls !== 0) throw new Unreadable();
  return values;
}

function* exactGroups(answer: ExactAnswer): Generator<RecordGroup> {
  const groups = new Map<string, RecordGroup>();
  const groupOf = (id: string | null | undefined) => {
    const key = id ?? '';
    const group = groups.get(key) ?? { id: key, rows: [], entries: [], subjects: [], erasures: [] };
    groups.set(key, group);
    return group;
  };
  for (const fields of list(answer.records)) groupOf(fields[0]).rows.push(recordOf(fields));
  for (const fields of list(answer.entries)) {
    const [recordId, chain, position, kind = null, at = null, hash = null, previousHash = null, leaf] =
      fields;
    groupOf(recordId).entries.push({
      recordId: recordId ?? '',
      chain: chain ?? '',
      position: Number(position),
      kind,
      at,
      hash,
      previousHash,
      leaf: leaf == null ? null : textOf(Buffer.from(leaf, 'hex')),
    });
  }
  for (const [id, classId = null, digest = null] of list(answer.subjects)) {
    groupOf(id).subjects.push({ class: classId, digest });
  }
  for (const [id, erasure] of list(answer.erasures)) groupOf(id).erasures.push(erasure ?? '');
  yield* groups.values();
}

function recordOf(fields: readonly (string | null)[]): RecordRow {
  const at = (column: number) => fields[column] ?? null;
  return {
    id: fields[0] ?? '',
    kind: at(1),
    provider: at(2),
    operation: at(3),
    purpose: at(4),
    outcome: at(5),
    maskedPhone: at(6),
    actor: at(7),
    client: at(8),
    flow: at(9),
    destination: at(10),
    providerCode: at(11),
    providerReference: at(12),
    rule: at(13),
    retryAfterMs: at(14),
    replays: at(15),
    createdAt: at(16),
    settledAt: at(17),
    latencyMs: at(18),
    erasedAt: at(19),
    erasedBy: at(20),
    class: at(21),
    subjects: at(22),
    salt: at(23),
    dataKey: at(24),
    keyId: at(25),
  };
}

function list(json: string | null): (string | null)[][] {
  return json === null ? [] : (JSON.parse(json) as (string | null)[][]);
}

function setOf(words: string | null): ReadonlySet<string> {
  return new Set(words?.split(' '));
}

/** Its bytes where they are no UTF-8. */
function textOf(bytes: Buffer): string | Buffer {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : bytes;
}

/** SQLSTATE 22021: a leaf that is no UTF-8. Prisma keeps it in its own place. */
function isRefusedText(error: unknown): boolean {
  const { code, meta } = error as { code?: unknown; meta?: object };
  return code === '22021' || JSON.stringify(meta ?? '').includes('22021');
}
