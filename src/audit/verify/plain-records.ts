// Proves the records that are as most are, for a quarter of what rebuilding each costs: a record that was asked for
// once, and ended once or has not ended, and was not erased. What its entries must be follows from its columns; where
// they are that, byte for byte and hash for hash, there is nothing to compare. Any other record is left to
// check-block.ts, which alone says what is wrong. Pure, but that it lets others have their turn.
import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Outcome } from '../entry.js';
import { classOf } from '../record-class.js';
import type { SealedKey } from '../record-seal.js';
import { areEqual, type BinaryRow, BinaryRows, binaryRow, numberAt, timeAt, writeId } from './binary-rows.js';
import { binaryEntry, binaryErasure, binaryRecord, binarySubject } from './block-query.js';
import { type BlockCounts, type BlockSettings, noCounts } from './check-block.js';
import { ExpectedLeaf } from './expected-leaf.js';
import { Unreadable } from './record-blocks.js';
import { type Count, HOUR_MS, type RollupCounts } from './rollup-counts.js';
import { committed, Salted } from './salted-columns.js';

/** Rows of records, entries, subjects and erasures. */
export type BinaryBlock = readonly [Buffer, Buffer, Buffer, Buffer];

/** Checked before the next answer is looked for: the database waits when nobody takes what it sends. */
const AT_ONCE = 200;
/** A record about more persons is not plain. */
const MOST_SUBJECTS = 6;

/**
 * @returns what was counted of the plain records, and the ids of all others
 * @throws Unreadable where a data key is not genuine, or these are no rows
 */
export async function checkPlain(
  [records, entries, subjects, erasures]: BinaryBlock,
  settings: BlockSettings,
): Promise<{ counts: BlockCounts; odd: string[] }> {
  const counts = noCounts();
  const odd: string[] = [];
  const keys: SealedKey[] = [];
  const group = new Group(
    new BinaryRows(records, binaryRecord.length),
    new BinaryRows(entries, binaryEntry.length),
    new BinaryRows(subjects, binarySubject.length),
    new BinaryRows(erasures, binaryErasure.length),
  );
  const known = { heads: new Heads(settings.heads), keys, counts };
  for (let passed = 1; group.next(); passed += 1) {
    if (!group.isPlain(known)) odd.push(group.idText());
    if (passed % AT_ONCE === 0) await nextTurn();
  }
  if (settings.sealer && !settings.sealer.areGenuine(keys)) throw new Unreadable();
  return { counts, odd };
}

interface Known {
  heads: Heads;
  keys: SealedKey[];
  counts: BlockCounts;
}

const column = Object.fromEntries(binaryRecord.map((name, at) => [name, at])) as Record<
  (typeof binaryRecord)[number],
  number
>;
const entryColumn = Object.fromEntries(binaryEntry.map((name, at) => [name, at])) as Record<
  (typeof binaryEntry)[number],
  number
>;
const [, SUBJECT_CLASS, SUBJECT_DIGEST] = binarySubject.keys() as Iterable<number> as [0, 1, 2];

const ID = 16;
const SHA256 = 32;
const SALT = 16;
const CLASS = 8;
const NUMBER = 4;
const TIME = 8;

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text));
const INTENT = bytesOf('INTENT');
const OUTCOME = bytesOf('OUTCOME');
const QUOTE = bytesOf('"');
const member = (name: string, first = false) => bytesOf(`${first ? '{' : ','}"${name}":`);
const textMember = (name: string, first = false) => bytesOf(`${first ? '{' : ','}"${name}":"`);
const leafOf = {
  at: textMember('at', true),
  client: textMember('client'),
  commitment: textMember('commitment'),
  destination: textMember('destination'),
  flow: textMember('flow'),
  intent: bytesOf(',"kind":"INTENT"'),
  outcomeKind: bytesOf(',"kind":"OUTCOME"'),
  latencyMs: member('latencyMs'),
  operation: textMember('operation'),
  outcome: textMember('outcome'),
  provider: textMember('provider'),
  providerCode: textMember('providerCode'),
  providerReference: textMember('providerReference'),
  purpose: textMember('purpose'),
  record: textMember('record'),
  refusal: textMember('refusal'),
  requestKind: textMember('requestKind'),
  retryAfterMs: member('retryAfterMs'),
  rule: textMember('rule'),
  sealed: textMember('sealed'),
  endOfText: bytesOf('"}'),
  end: bytesOf('}'),
};

/** All rows of one id after another. */
class Group {
  private readonly id = new Uint8Array(ID);
  private readonly record: BinaryRow = binaryRow(binaryRecord.length);
  private readonly entry = [binaryRow(binaryEntry.length), binaryRow(binaryEntry.length)] as const;
  private readonly subject: readonly BinaryRow[] = Array.from({ length: MOST_SUBJECTS }, () =>
    binaryRow(binarySubject.length),
  );
  private readonly erasure = binaryRow(binaryErasure.length);
  private recordCount = 0;
  private entryCount = 0;
  private subjectCount = 0;
  private erasureCount = 0;
  private readonly leaf = new ExpectedLeaf();

  constructor(
    private readonly records: BinaryRows,
    private readonly entries: BinaryRows,
    private readonly subjects: BinaryRows,
    private readonly erasures: BinaryRows,
  ) {}

  /** @returns whether there is another one. @throws Unreadable */
  next(): boolean {
    const { id, records, entries, subjects, erasures, record, entry, subject, erasure } = this;
    if (records.ended && entries.ended && subjects.ended && erasures.ended) return false;
    id.fill(255);
    records.lowerTo(id);
    entries.lowerTo(id);
    subjects.lowerTo(id);
    erasures.lowerTo(id);
    this.recordCount = 0;
    while (records.isOf(id)) {
      records.take(record);
      this.recordCount += 1;
    }
    this.entryCount = 0;
    while (entries.isOf(id)) {
      entries.take(entry[this.entryCount === 0 ? 0 : 1]);
      this.entryCount += 1;
    }
    this.subjectCount = 0;
    while (subjects.isOf(id)) {
      subjects.take(subject[Math.min(this.subjectCount, MOST_SUBJECTS - 1)] as BinaryRow);
      this.subjectCount += 1;
    }
    this.erasureCount = 0;
    while (erasures.isOf(id)) {
      erasures.take(erasure);
      this.erasureCount += 1;
    }
    return true;
  }

  idText(): string {
    return idScratch.toString('latin1', 0, writeId(idScratch, 0, this.id, 0));
  }

  /** Counts it where it is. */
  isPlain(known: Known): boolean {
    const { record, entry, entryCount, subjectCount } = this;
    if (this.recordCount !== 1 || this.erasureCount !== 0 || subjectCount > MOST_SUBJECTS) return false;
    const ended = entryCount === 2;
    if (!ended && entryCount !== 1) return false;
    const [one, other] = entry;
    const second = ended && this.isKind(one, OUTCOME);
    const intent = second ? other : one;
    const outcome = ended ? (second ? one : other) : null;
    if (!this.isKind(intent, INTENT) || !this.isWhole(intent)) return false;
    if (outcome && !(this.isKind(outcome, OUTCOME) && this.isWhole(outcome))) return false;

    const { bytes } = this.records;
    const { starts, lengths } = record;
    const at = (name: keyof typeof column) => starts[column[name]] as number;
    const lengthOf = (name: keyof typeof column) => lengths[column[name]] as number;
    if (lengthOf('erased_at') >= 0 || lengthOf('erased_by') >= 0) return false;
    if (lengthOf('replays') !== NUMBER || numberAt(bytes, at('replays')) !== 0) return false;
    if (lengthOf('created_at') !== TIME || !this.isSized()) return false;

    const traits = this.traits();
    if (!traits) return false;
    if (outcome) {
      if (lengthOf('class') !== CLASS || !areEqual(bytes, at('class'), traits.id, 0, CLASS)) return false;
    } else if (!traits.isPending || lengthOf('class') >= 0) return false;

    const createdAt = timeAt(bytes, at('created_at'));
    if (timeOfId(bytes, at('id')) !== createdAt) return false;
    const sealed = lengthOf('data_key') >= 0;
    if (sealed !== lengthOf('key_id') >= 0) return false;
    const commitment = this.commitment();
    if (commitment === null) return false;
    if (!this.isIndexed(outcome !== null)) return false;

    const intentSealed = this.isIntent(intent, createdAt, commitment);
    if (intentSealed === null) return false;
    const outcomeSealed = outcome ? this.isOutcome(outcome) : this.hasNotEnded() ? false : null;
    if (outcomeSealed === null) return false;
    if (sealed !== (intentSealed || outcomeSealed)) return false;
    if (!this.isLinked(intent) || (outcome && !this.isLinked(outcome))) return false;

    this.count(known, traits, createdAt, intent, outcome, sealed);
    return true;
  }

  /** Whether columns that may be NULL are of their types. */
  private isSized(): boolean {
    const { lengths } = this.record;
    for (const [at, size] of sizes) {
      const length = lengths[at] as number;
      if (length !== size && length !== -1) return false;
    }
    return true;
  }

  private isKind({ starts, lengths }: BinaryRow, kind: Uint8Array): boolean {
    const at = entryColumn.kind;
    return (
      lengths[at] === kind.length && areEqual(this.entries.bytes, starts[at] as number, kind, 0, kind.length)
    );
  }

  /** Whether all that has a place and a time is there. */
  private isWhole({ lengths }: BinaryRow): boolean {
    return (
      lengths[entryColumn.chain] === ID &&
      lengths[entryColumn.position] === NUMBER &&
      lengths[entryColumn.at] === TIME
    );
  }

  /** Null where what they make is no class. */
  private traits(): Traits | null {
    const { starts, lengths } = this.record;
    const { bytes } = this.records;
    const end = (starts[column.outcome] as number) + (lengths[column.outcome] as number);
    const name = bytes.toString('latin1', (starts[column.kind] as number) - NUMBER, end);
    const found = knownTraits.get(name);
    if (found) return found;
    const text = (at: number) => {
      const length = lengths[at] as number;
      const start = starts[at] as number;
      return length < 0 ? null : bytes.toString('utf8', start, start + length);
    };
    const [kind, provider, operation] = [text(column.kind), text(column.provider), text(column.operation)];
    const outcome = text(column.outcome);
    if (kind === null || provider === null || operation === null || outcome === null) return null;
    const made = classOf(
      { kind, provider, operation, purpose: text(column.purpose), client: text(column.client) },
      outcome as Outcome,
    );
    const id = Buffer.alloc(CLASS);
    id.writeBigInt64BE(BigInt(made.id));
    const traits = {
      classId: made.id,
      id,
      kind,
      provider,
      outcome,
      isPending: outcome === 'PENDING',
      tally: null,
    };
    if (knownTraits.size < MOST_TRAITS) knownTraits.set(name, traits);
    return traits;
  }

  /** Hex, of ../commitment.ts; null where the columns are not such as it is made of. */
  private commitment(): string | null {
    const { bytes } = this.records;
    const { starts, lengths } = this.record;
    if (lengths[column.salt] !== SALT) return null;
    salted.begin(bytes, starts[column.salt] as number, SALT);
    salted.add(committed.actor);
    if (!salted.json(bytes, starts[column.actor] as number, lengths[column.actor] as number)) return null;
    salted.add(committed.maskedPhone);
    const phoneLength = lengths[column.masked_phone] as number;
    if (!salted.json(bytes, starts[column.masked_phone] as number, phoneLength)) return null;
    salted.add(committed.subjects);
    const count = this.digests();
    if (count === null) return null;
    for (let i = 0; i < count; i += 1) {
      if (i > 0) salted.add(committed.comma);
      salted.hex(bytes, digestAt[i] as number, SHA256);
    }
    salted.add(committed.end);
    return salted.hash();
  }

  /** Puts where the record's subjects are into `digestAt`. @returns how many; null where it is no such list */
  private digests(): number | null {
    const { bytes } = this.records;
    const length = this.record.lengths[column.subjects] as number;
    let at = this.record.starts[column.subjects] as number;
    const end = at + length;
    // array_send: dimensions, flags, type; of the one dimension its length and first index; of each its length.
    if (length === 3 * NUMBER) return numberAt(bytes, at) === 0 ? 0 : null;
    if (length < 5 * NUMBER || numberAt(bytes, at) !== 1) return null;
    const count = numberAt(bytes, at + 3 * NUMBER);
    if (count < 1 || count > MOST_SUBJECTS || length !== 5 * NUMBER + count * (NUMBER + SHA256)) return null;
    at += 5 * NUMBER;
    for (let i = 0; at < end; i += 1) {
      if (numberAt(bytes, at) !== SHA256) return null;
      digestAt[i] = at + NUMBER;
      at += NUMBER + SHA256;
    }
    return count;
  }

  /** Whether the index of subjects holds it once for each of its subjects, or not at all before it has ended. */
  private isIndexed(ended: boolean): boolean {
    const { subjectCount, subject, subjects } = this;
    if (!ended) return subjectCount === 0;
    const count = this.digests();
    if (count !== subjectCount) return false;
    const { bytes } = this.records;
    const classAt = this.record.starts[column.class] as number;
    let seen = 0;
    for (let row = 0; row < count; row += 1) {
      const { starts, lengths } = subject[row] as BinaryRow;
      if (lengths[SUBJECT_CLASS] !== CLASS || lengths[SUBJECT_DIGEST] !== SHA256) return false;
      if (!areEqual(subjects.bytes, starts[SUBJECT_CLASS] as number, bytes, classAt, CLASS)) return false;
      for (let i = 0; i < count; i += 1) {
        const from = starts[SUBJECT_DIGEST] as number;
        if (areEqual(subjects.bytes, from, bytes, digestAt[i] as number, SHA256)) seen |= 1 << i;
      }
    }
    return seen === (1 << count) - 1;
  }

  /** Whether it holds something sealed; null where it is not what it must be. */
  private isIntent(entry: BinaryRow, createdAt: number, commitment: string): boolean | null {
    if (!this.begins(entry, createdAt)) return null;
    const { leaf } = this;
    this.addText(leafOf.client, column.client);
    leaf.literal(leafOf.commitment);
    leaf.ascii(commitment);
    leaf.literal(QUOTE);
    this.addText(leafOf.destination, column.destination);
    this.addId(leafOf.flow, column.flow);
    leaf.literal(leafOf.intent);
    this.addText(leafOf.operation, column.operation);
    this.addText(leafOf.provider, column.provider);
    this.addText(leafOf.purpose, column.purpose);
    this.addId(leafOf.record, column.id);
    this.addText(leafOf.requestKind, column.kind);
    return this.endsWithSealed();
  }

  /** The same. */
  private isOutcome(entry: BinaryRow): boolean | null {
    const { starts, lengths } = this.record;
    if ((lengths[column.settled_at] as number) < 0) return null;
    const settledAt = timeAt(this.records.bytes, starts[column.settled_at] as number);
    if (!this.begins(entry, settledAt)) return null;
    const { leaf } = this;
    leaf.literal(leafOf.outcomeKind);
    this.addNumber(leafOf.latencyMs, column.latency_ms);
    this.addText(leafOf.outcome, column.outcome);
    this.addText(leafOf.providerCode, column.provider_code);
    this.addText(leafOf.providerReference, column.provider_reference);
    this.addId(leafOf.record, column.id);
    leaf.wordIfThere(leafOf.refusal);
    this.addNumber(leafOf.retryAfterMs, column.retry_after_ms);
    this.addText(leafOf.rule, column.rule);
    return this.endsWithSealed();
  }

  /** Whether nothing is said of how it ended. */
  private hasNotEnded(): boolean {
    const { lengths } = this.record;
    for (const name of ofTheEnd) if ((lengths[name] as number) >= 0) return false;
    return true;
  }

  /** Whether the entry is of this moment; its leaf is then compared as far as it says so. */
  private begins({ starts, lengths }: BinaryRow, ms: number): boolean {
    const { bytes } = this.entries;
    if (timeAt(bytes, starts[entryColumn.at] as number) !== ms) return false;
    const { leaf } = this;
    leaf.begin(bytes, starts[entryColumn.leaf] as number, lengths[entryColumn.leaf] as number);
    leaf.literal(leafOf.at);
    leaf.time(ms);
    leaf.literal(QUOTE);
    return true;
  }

  private addText(name: Uint8Array, at: number): void {
    const length = this.record.lengths[at] as number;
    if (length < 0) return;
    this.leaf.literal(name);
    this.leaf.text(this.records.bytes, this.record.starts[at] as number, length);
    this.leaf.literal(QUOTE);
  }

  private addId(name: Uint8Array, at: number): void {
    if ((this.record.lengths[at] as number) < 0) return;
    this.leaf.literal(name);
    this.leaf.id(this.records.bytes, this.record.starts[at] as number);
    this.leaf.literal(QUOTE);
  }

  private addNumber(name: Uint8Array, at: number): void {
    if ((this.record.lengths[at] as number) < 0) return;
    this.leaf.literal(name);
    this.leaf.ascii(String(numberAt(this.records.bytes, this.record.starts[at] as number)));
  }

  private endsWithSealed(): boolean | null {
    const { leaf } = this;
    if (leaf.endsWith(leafOf.end)) return false;
    leaf.literal(leafOf.sealed);
    return leaf.isBase64Before(leafOf.endOfText) ? true : null;
  }

  /** The rule of ../chain.ts. */
  private isLinked({ starts, lengths }: BinaryRow): boolean {
    const { bytes } = this.entries;
    const { leaf, hash: own, previous_hash: previous } = entryColumn;
    if (lengths[own] !== SHA256 || lengths[previous] !== SHA256) return false;
    const leafAt = starts[leaf] as number;
    const before = starts[previous] as number;
    for (let i = 0; i < SHA256; i += 1) link[i] = bytes[before + i] as number;
    const leafBytes = bytes.subarray(leafAt, leafAt + (lengths[leaf] as number));
    link.write(hash('sha256', leafBytes, 'binary'), SHA256, SHA256, 'latin1');
    const linked = hash('sha256', link, 'binary');
    const ownAt = starts[own] as number;
    for (let i = 0; i < SHA256; i += 1) if (linked.charCodeAt(i) !== bytes[ownAt + i]) return false;
    return true;
  }

  private count(
    { heads, keys, counts }: Known,
    traits: Traits,
    createdAt: number,
    intent: BinaryRow,
    outcome: BinaryRow | null,
    sealed: boolean,
  ): void {
    counts.records += 1;
    counts.subjects += this.subjectCount;
    if (this.isListed(heads, intent)) counts.entries += 1;
    const { bytes } = this.records;
    const { starts, lengths } = this.record;
    if (sealed) {
      const slice = (at: number) =>
        bytes.subarray(starts[at] as number, (starts[at] as number) + (lengths[at] as number));
      keys.push({
        id: this.idText(),
        dataKey: slice(column.data_key),
        keyId: slice(column.key_id).toString('latin1'),
      });
    }
    if (!outcome) return;
    counts.classes.add(traits.classId);
    if (!this.isListed(heads, outcome)) return;
    counts.entries += 1;
    const ruleLength = lengths[column.rule] as number;
    const ruleAt = starts[column.rule] as number;
    const rule = ruleLength < 0 ? '' : bytes.toString('utf8', ruleAt, ruleAt + ruleLength);
    const hour = Math.floor(createdAt / HOUR_MS);
    const { chain } = heads;
    let { tally } = traits;
    if (
      !tally ||
      tally.hour !== hour ||
      tally.chain !== chain ||
      tally.rule !== rule ||
      tally.of !== counts.rollups
    ) {
      const { provider, kind, outcome: end } = traits;
      const count = counts.rollups.countOf(hour, { chain, provider, kind, outcome: end, rule });
      tally = { of: counts.rollups, hour, chain, rule, count };
      traits.tally = tally;
    }
    const hasLatency = (lengths[column.latency_ms] as number) >= 0;
    counts.rollups.addTo(
      tally.count,
      1,
      hasLatency ? numberAt(bytes, starts[column.latency_ms] as number) : undefined,
    );
  }

  /** Whether it was there when the chains were listed; `heads.chain` is then its chain. */
  private isListed(heads: Heads, { starts }: BinaryRow): boolean {
    const { bytes } = this.entries;
    const head = heads.of(bytes, starts[entryColumn.chain] as number);
    const position = numberAt(bytes, starts[entryColumn.position] as number);
    return position >= 1 && position <= head;
  }
}

/** What makes the class of a record, and the class that it makes. */
interface Traits {
  /** In decimal, and as Postgres sends it. */
  classId: string;
  id: Uint8Array;
  kind: string;
  provider: string;
  outcome: string;
  isPending: boolean;
  /** Where the last one of them was counted. */
  tally: { of: RollupCounts; hour: number; chain: string; rule: string; count: Count } | null;
}

/** Those that were met before, by the bytes of their columns. There are a few hundred. */
const knownTraits = new Map<string, Traits>();
const MOST_TRAITS = 10_000;

const ofTheEnd = [
  ...[column.settled_at, column.provider_code, column.provider_reference],
  ...[column.rule, column.retry_after_ms, column.latency_ms],
];

const sizes = [
  [column.flow, ID],
  [column.settled_at, TIME],
  [column.latency_ms, NUMBER],
  [column.retry_after_ms, NUMBER],
] as const;

/** Where each chain ended, by its id as Postgres sends it. */
class Heads {
  chain = '';
  private head = 0;
  private readonly last = new Uint8Array(ID);

  constructor(private readonly heads: ReadonlyMap<string, number>) {}

  of(bytes: Uint8Array, at: number): number {
    if (this.chain === '' || !areEqual(bytes, at, this.last, 0, ID)) {
      for (let i = 0; i < ID; i += 1) this.last[i] = bytes[at + i] ?? 0;
      this.chain = idScratch.toString('latin1', 0, writeId(idScratch, 0, bytes, at));
      this.head = this.heads.get(this.chain) ?? 0;
    }
    return this.head;
  }
}

const salted = new Salted();
const digestAt = new Int32Array(MOST_SUBJECTS);
const link = Buffer.alloc(2 * SHA256);
const idScratch = Buffer.alloc(36);

/** When it was made: milliseconds since 1970, its first six bytes. */
function timeOfId(bytes: Uint8Array, at: number): number {
  return (numberAt(bytes, at) >>> 0) * 65_536 + (((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0));
}
