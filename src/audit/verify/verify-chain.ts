// One chain: its entries without gaps, each linked to the one before; its checkpoints without gaps, genuine, and each
// where the chain has been. That an entry's own hash fits its leaf is seen where records are rebuilt.
import { genesisHash } from '../chain.js';
import { type Checkpoint, isFinal, readCheckpoint } from '../checkpoint.js';
import type { TrustedKeys } from '../signing-keys.js';
import { areEqual, numberAt } from './binary-rows.js';
import type { ListedChain } from './chain-list.js';
import type { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';

export interface VerifiedChain {
  entries: number;
  checkpoints: number;
  /** Where its last checkpoint stands; 0 where it has none. */
  covered: number;
  /** Entries after that. */
  uncovered: number;
  /** When that was signed: milliseconds since 1970; 0 where it has none. */
  signedAt: number;
  /** Where it ended, as signed; null where it goes on. */
  end: Checkpoint | null;
}

/** Each answer takes the embedded database a few milliseconds. */
const ENTRIES_AT_ONCE = { snapshot: 50_000, embedded: 5_000 };
const CHECKPOINTS_AT_ONCE = 1_000;
const SHA256 = 32;

export interface ChainSettings {
  /** True where retention has dropped its month: its checkpoints are kept, its entries are not. */
  dropped: boolean;
  /** Told how many entries were passed. */
  told: (entries: number) => void;
}

export async function verifyChain(
  reader: LogReader,
  chain: ListedChain,
  keys: TrustedKeys,
  faults: Faults,
  { dropped, told }: ChainSettings,
): Promise<VerifiedChain> {
  const { id, head } = chain;
  const checkpoints = new CheckpointWalk(reader, chain, keys, faults);
  if (dropped) {
    if (chain.first !== null) faults.entry(id, chain.first, 'its month was dropped');
    await checkpoints.passTo(Number.POSITIVE_INFINITY, () => null);
    return { entries: 0, ...(await checkpoints.finish()) };
  }
  const genesis = genesisHash(id).toString('hex');
  await checkpoints.passTo(0, () => genesis);
  let entries = 0;
  let previous = genesis;
  const atOnce = reader.snapshot ? ENTRIES_AT_ONCE.snapshot : ENTRIES_AT_ONCE.embedded;
  if (chain.first !== null && chain.first < 1) {
    faults.entry(id, chain.first, 'no entry stands before the first');
  }
  for (let from = 0; from < head; from += atOnce) {
    const to = Math.min(from + atOnce, head);
    const hashes = await readHashes(reader, id, from, to, previous, faults);
    entries += hashes.found;
    await checkpoints.passTo(to, (position) => hashes.at(position));
    previous = hashes.last;
    told(hashes.found);
  }
  return { entries, ...(await checkpoints.finish()) };
}

interface Hashes {
  /** How many entries there are. */
  found: number;
  /** Hex; null where there is no entry. */
  at(position: number): string | null;
  last: string;
}

/** Hashes of the entries after `from`, up to `to`; what does not link up is a fault. */
async function readHashes(
  reader: LogReader,
  chain: string,
  from: number,
  to: number,
  previous: string,
  faults: Faults,
): Promise<Hashes> {
  const range = `FROM audit_entry WHERE chain = '${chain}'::uuid AND position > ${from} AND position <= ${to} ORDER BY position`;
  const linked = await readLinked(reader, range, from, to, previous);
  if (linked) {
    const at = (position: number) => hashOf(linked, position - from - 1);
    return { found: to - from, at, last: at(to) };
  }
  const entries = await reader.query<{ position: number; hash: string | null; previous: string | null }>(
    `SELECT position, encode(hash, 'hex') AS hash, encode(previous_hash, 'hex') AS previous ${range}`,
  );
  return nameBroken(chain, from, to, previous, entries, faults);
}

/** Position, hash and previous hash of one entry after another, where they lie. */
interface Links {
  bytes: Buffer;
  /** Of one entry. */
  size: number;
  /** Where in it they begin. */
  position: number;
  hash: number;
  previous: number;
  /** Where in it which number stands: the lengths, so that each is where it should be. */
  frame: readonly (readonly [at: number, number: number])[];
}

const NUMBER = 4;
/** Of a binary copy: the number of columns in two bytes, and before each column its length. */
const COPIED = {
  size: 2 + NUMBER + NUMBER + 2 * (NUMBER + SHA256),
  position: 6,
  hash: 14,
  previous: 50,
  frame: [
    [2, NUMBER],
    [10, SHA256],
    [46, SHA256],
  ],
} as const;
/** Of what the embedded database puts together. */
const JOINED = { size: NUMBER + 2 * SHA256, position: 0, hash: NUMBER, previous: NUMBER + SHA256, frame: [] };

/** Those after `from`, up to `to`; null where not each of them is there once, and follows the one before. */
async function readLinked(
  reader: LogReader,
  range: string,
  from: number,
  to: number,
  before: string,
): Promise<Links | null> {
  const links = await readLinks(reader, range);
  const { bytes, size, position, hash, previous, frame } = links;
  if (bytes.length !== (to - from) * size) return null;
  if (bytes.toString('hex', previous, previous + SHA256) !== before) return null;
  for (let at = 0, next = from + 1; at < bytes.length; at += size, next += 1) {
    if (numberAt(bytes, at + position) !== next) return null;
    for (const [place, number] of frame) if (numberAt(bytes, at + place) !== number) return null;
    if (at > 0 && !areEqual(bytes, at + previous, bytes, at - size + hash, SHA256)) return null;
  }
  return links;
}

async function readLinks(reader: LogReader, range: string): Promise<Links> {
  const columns = 'position, hash, previous_hash';
  if (reader.copy) return { bytes: await reader.copy(`SELECT ${columns} ${range}`), ...COPIED };
  const [row] = await reader.query<{ links: string | null }>(
    `SELECT encode(string_agg(int4send(position) || hash || previous_hash, ''), 'hex') AS links
     FROM (SELECT ${columns} ${range}) AS e`,
  );
  return { bytes: Buffer.from(row?.links ?? '', 'hex'), ...JOINED };
}

function hashOf({ bytes, size, hash }: Links, index: number): string {
  const at = index * size + hash;
  return bytes.toString('hex', at, at + SHA256);
}

function nameBroken(
  chain: string,
  from: number,
  to: number,
  before: string,
  entries: readonly { position: number; hash: string | null; previous: string | null }[],
  faults: Faults,
): Hashes {
  const byPosition = new Map<number, string | null>();
  let next = from + 1;
  let previous = before;
  for (const entry of entries) {
    if (entry.position > next) faults.entry(chain, next, missing(entry.position - next));
    else if (entry.position < next) faults.entry(chain, entry.position, 'there are two entries in one place');
    if (entry.previous !== previous) {
      faults.entry(chain, entry.position, 'it does not follow the entry before');
    }
    byPosition.set(entry.position, entry.hash);
    previous = entry.hash ?? '';
    next = entry.position + 1;
  }
  if (next <= to) faults.entry(chain, next, missing(to - next + 1));
  return { found: entries.length, at: (position) => byPosition.get(position) ?? null, last: previous };
}

function missing(count: number): string {
  return count === 1 ? 'the entry is gone' : `${count} entries are gone`;
}

/** What must not be null may have been made so. */
interface StoredRow {
  serial: number;
  statement: string | null;
}

/** Goes through the checkpoints of a chain in step with its entries. */
class CheckpointWalk {
  private page: StoredRow[] = [];
  /** Serial that is expected next. */
  private read = 0;
  /** Serials that were asked for: also those below the first that there can be. */
  private paged = -(2 ** 31);
  private ended = false;
  private next: Checkpoint | null = null;
  private last: Checkpoint | null = null;
  private genuine = 0;

  constructor(
    private readonly reader: LogReader,
    private readonly chain: ListedChain,
    private readonly keys: TrustedKeys,
    private readonly faults: Faults,
  ) {}

  /** Checks the checkpoints up to a position. */
  async passTo(position: number, hashAt: (position: number) => string | null): Promise<void> {
    for (;;) {
      this.next ??= await this.following();
      if (!this.next || this.next.position > position) return;
      this.pass(this.next, hashAt);
      this.next = null;
    }
  }

  async finish(): Promise<Omit<VerifiedChain, 'entries'>> {
    const { id, head, lastSerial } = this.chain;
    for (;;) {
      this.next ??= await this.following();
      if (!this.next) break;
      // It is genuine, so there has been an entry.
      const { position, serial } = this.next;
      this.faults.entry(
        id,
        head + 1,
        `the chain was signed up to ${position} (checkpoint ${serial}): ${missing(position - head)}`,
      );
      this.pass(this.next, null);
      this.next = null;
    }
    if (lastSerial === null) {
      if (head > 0) this.faults.entry(id, 1, 'the chain was never announced');
      else this.faults.row('audit_rollup', id, 'it counts a chain that does not exist');
    }
    const end = this.last && isFinal(this.last) ? this.last : null;
    const covered = this.last?.position ?? 0;
    if (end && head > covered) this.faults.entry(id, covered + 1, 'the chain had ended before');
    const signedAt = this.last ? Date.parse(this.last.at) : 0;
    return { checkpoints: this.genuine, covered, uncovered: Math.max(0, head - covered), signedAt, end };
  }

  private pass(checkpoint: Checkpoint, hashAt: ((position: number) => string | null) | null): void {
    const { serial, position, hash, state } = checkpoint;
    const wrong = (what: string) => this.faults.row('audit_checkpoint', `${this.chain.id} ${serial}`, what);
    const { last } = this;
    if (last && isFinal(last)) wrong('it follows the last checkpoint of its chain');
    if (last && position < last.position) wrong('it stands before the checkpoint before it');
    if (serial === 0 && position > 0) wrong('its chain was not announced before its first entry');
    if ((state === 'ANNOUNCED') !== (serial === 0) && !(serial === 0 && state === 'ABANDONED')) {
      wrong(`it cannot be ${state}`);
    }
    const found = hashAt?.(position) ?? null;
    if (found !== null && found !== hash) {
      const since = last ? `after ${last.position}, where it was signed before` : 'somewhere before';
      this.faults.entry(this.chain.id, position, `it is not what was signed here; changed ${since}`);
    }
    this.last = checkpoint;
  }

  /** The next genuine checkpoint of this chain; others are faults, and passed over. */
  private async following(): Promise<Checkpoint | null> {
    const { id } = this.chain;
    for (;;) {
      const row = await this.row();
      if (!row) return null;
      const wrong = (what: string) => this.faults.row('audit_checkpoint', `${id} ${row.serial}`, what);
      const expected = this.read;
      if (row.serial > expected) {
        const gone = row.serial - expected;
        const what = gone === 1 ? 'it is gone' : `${gone} checkpoints are gone from here on`;
        this.faults.row('audit_checkpoint', `${id} ${expected}`, what);
      } else if (row.serial < expected) {
        wrong('it is one too many');
      }
      this.read = row.serial + 1;
      const { checkpoint, fault } = readCheckpoint(row.statement ?? '', this.keys);
      if (!checkpoint) wrong(faultTexts[fault]);
      else if (checkpoint.chain !== id || checkpoint.serial !== row.serial)
        wrong('it is that of another place');
      else {
        this.genuine += 1;
        return checkpoint;
      }
    }
  }

  private async row(): Promise<StoredRow | undefined> {
    const { id, lastSerial } = this.chain;
    if (this.page.length === 0 && !this.ended && lastSerial !== null) {
      this.page = await this.reader.query(`
        SELECT serial, statement FROM audit_checkpoint
        WHERE chain = '${id}'::uuid AND serial > ${this.paged} AND serial <= ${lastSerial}
        ORDER BY serial LIMIT ${CHECKPOINTS_AT_ONCE}`);
      this.ended = this.page.length < CHECKPOINTS_AT_ONCE;
      this.paged = this.page.at(-1)?.serial ?? this.paged;
    }
    return this.page.shift();
  }
}

export const faultTexts = {
  NOT_A_STATEMENT: 'it is no checkpoint',
  UNKNOWN_KEY: 'it is signed with a key that is not trusted here (CHECKPOINT_PUBLIC_KEYS)',
  BAD_SIGNATURE: 'it was changed since it was signed',
} as const;
