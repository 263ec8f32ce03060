// The ledger writer: every admission and settlement of this process goes through it, and is durable when its
// promise resolves. While one batch is on its way to the database, the next one fills.
//
// One batch is in flight at a time, so the process always knows the end of its own chain. Where an answer is
// lost (the connection broke at commit), the fate of the batch is read from the database before going on: the entries
// past our head tell which items are in, and the others are sent again. Sent again while its first copy is still
// running in the database, one of the two fails on the primary key of the entries.
//
// A chain is announced outside the database before its first entry, lasts for a month at most, and is taken from
// a process that was thought to be gone: it then begins another one. So it does where somebody else has added to its
// chain, of which it signs what it wrote.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type ChainEntry, genesisHash } from '../audit/chain.js';
import { timeOfId } from '../audit/record-time.js';
import { errorName, Fault } from '../errors.js';
import type { Denial } from '../limits/claims.js';
import { chainGrowth, entriesToRead } from './chain-growth.js';
import type {
  Access,
  Admission,
  BatchItem,
  Callback,
  ChainHead,
  CommittedBatch,
  KnownOutcome,
  LedgerStore,
  Move,
  Settlement,
  Tally,
} from './ledger-batch.js';
import { settlementWithoutCall } from './settlement.js';
import type { LedgerWatch } from './watch.js';

export type AdmissionVerdict =
  | { admitted: true }
  /** Its idempotency key belongs to another record. */
  | { admitted: false; of: string; reused: boolean }
  /** Its flow has moved on, or has a call under way. */
  | { admitted: false; conflict: true }
  /** A limit or a budget denies it. */
  | { admitted: false; denial: Denial };

/** STALE: the record had been settled before (it was found in doubt). CONFLICT: its flow has moved on. */
export type WriteVerdict = 'WRITTEN' | 'STALE' | 'CONFLICT';

export interface LedgerSettings {
  /** How long a request waits for its intent to become durable before it is turned away. */
  admitWaitMs: number;
  /** How long an answer waits for its outcome to become durable before it becomes UNKNOWN. */
  settleWaitMs: number;
  /** Admissions and settlements a batch holds at most. */
  batchSize: number;
  /** Waiting admissions at most; further ones are OVERLOADED. Settlements are never turned away. */
  queueSize: number;
}

export interface LedgerLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The life of this process's chains outside of their entries. */
export interface ChainKeeper {
  /** Makes a chain of that month or of a later one, and announces it; resolves with its id. */
  open(month?: Date): Promise<string>;
  /** Told after each batch, and never waited for. */
  advanced(chain: string, head: ChainHead): void;
  /** No more entries will come. @param isWhole false where one may have come of which the head does not tell yet */
  close(chain: string, head: ChainHead, isWhole: boolean): Promise<void>;
}

/** An item of a batch, and whoever waits for it to be durable. */
interface Waiting {
  entry: BatchItem;
  resolve(fate: Fate): void;
  reject(error: unknown): void;
  /** True once its caller was told that it failed. An admission is then dropped; what has happened is written all the same. */
  abandoned: boolean;
  /** True once its fate is known. */
  decided: boolean;
}

type Fate =
  | { written: true }
  | { written: false; conflict: true }
  | { written: false; stale: true }
  | { written: false; denial: Denial }
  | Repeat;
type Repeat = { written: false; of: string; reused: boolean };

export class Ledger {
  /** Null until the first batch, and after the chain was taken from us. */
  private chain: string | null = null;
  private head: ChainHead = { position: 0, hash: '' };
  /** No chain is begun in a month before this one. */
  private earliest: Date | undefined;
  /** What happened (settlements, callbacks) goes before what is asked for (admissions). */
  private happened: Waiting[] = [];
  private asked: Waiting[] = [];
  private running: Promise<void> | null = null;
  private closing = false;
  /** Items of batches whose fate is unknown: a copy of such a batch may still come to be, until the chain goes on past our head. */
  private undecided = new Set<Waiting>();
  /** Batches that failed in a row; each doubles the pause before the next. */
  private failures = 0;

  constructor(
    private readonly store: LedgerStore,
    private readonly keeper: ChainKeeper,
    private readonly settings: LedgerSettings,
    private readonly log: LedgerLog,
    private readonly watch?: LedgerWatch,
  ) {}

  /** How many items wait for a batch. */
  get waiting(): number {
    return this.happened.length + this.asked.length;
  }

  /**
   * Resolves once the intent is durable, or with the record whose idempotency key it repeats.
   * @throws Fault AUDIT_UNAVAILABLE where it could not be stored in time; OVERLOADED where too many wait
   */
  async admit(admission: Admission): Promise<AdmissionVerdict> {
    if (this.closing || this.asked.length >= this.settings.queueSize) {
      throw new Fault('OVERLOADED', { retryAfterMs: 1_000 });
    }
    const fate = await this.enqueue({ is: 'admission', item: admission }, this.settings.admitWaitMs);
    if (fate.written) return { admitted: true };
    if ('of' in fate) return { admitted: false, of: fate.of, reused: fate.reused };
    if ('denial' in fate) return { admitted: false, denial: fate.denial };
    return { admitted: false, conflict: true };
  }

  /**
   * Resolves once the outcome, and what it changes in its flow, is durable.
   * @throws Fault AUDIT_UNAVAILABLE where that took too long; the ledger goes on trying to write it
   */
  async settle(settlement: Settlement): Promise<WriteVerdict> {
    return writeVerdict(
      await this.enqueue({ is: 'settlement', item: settlement }, this.settings.settleWaitMs),
    );
  }

  /** Resolves once the notice, and what it changes in its flow, is durable. @throws as `settle` */
  async callback(callback: Callback): Promise<WriteVerdict> {
    return writeVerdict(await this.enqueue({ is: 'callback', item: callback }, this.settings.settleWaitMs));
  }

  /** Resolves once it is durable that somebody read, revealed, exported or erased. @throws as `admit` */
  async access(access: Access): Promise<void> {
    if (this.closing || this.asked.length >= this.settings.queueSize) {
      throw new Fault('OVERLOADED', { retryAfterMs: 1_000 });
    }
    await this.enqueue({ is: 'access', item: access }, this.settings.admitWaitMs);
  }

  /** Resolves once they are counted. @throws as `settle` */
  async tally(tally: Tally): Promise<void> {
    await this.enqueue({ is: 'tally', item: tally }, this.settings.settleWaitMs);
  }

  /** Resolves once the flow stands where it was moved. @throws as `settle` */
  async move(move: Move): Promise<WriteVerdict> {
    return writeVerdict(await this.enqueue({ is: 'move', item: move }, this.settings.settleWaitMs));
  }

  /** Writes what waits, takes no more admissions, and closes the chain. Resolves when that is done or `withinMs` is over. */
  async close(withinMs: number): Promise<void> {
    this.closing = true;
    const end = sleep(withinMs, true, { ref: false });
    while (this.running) {
      const ended = await Promise.race([this.running.then(() => false), end]);
      if (ended) return;
    }
    await Promise.race([this.endChain(), end]);
  }

  private enqueue(entry: BatchItem, waitMs: number): Promise<Fate> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.abandoned = true;
        reject(new Fault('AUDIT_UNAVAILABLE'));
      }, waitMs);
      const waiting: Waiting = {
        entry,
        abandoned: false,
        decided: false,
        resolve: (fate) => {
          clearTimeout(timer);
          if (waiting.decided) return;
          waiting.decided = true;
          if (waiting.abandoned && entry.is === 'admission' && fate.written) this.takeBack(entry.item);
          resolve(fate);
        },
        reject: (error) => {
          clearTimeout(timer);
          waiting.abandoned = true;
          reject(error);
        },
      };
      (isAskedFor(entry) ? this.asked : this.happened).push(waiting);
      // A microtask later, so that what arrives in the same turn of the event loop shares the batch.
      this.running ??= Promise.resolve().then(() => this.drain());
    });
  }

  /** It became durable after its caller had been told that nothing is sent: that is how it ended. */
  private takeBack(admission: Admission): void {
    // Where this fails too, the record is found in doubt.
    this.settle(settlementWithoutCall(admission, 'DENIED', 'AUDIT_UNAVAILABLE', true)).catch(() => {});
  }

  private async drain(): Promise<void> {
    try {
      while (this.waiting > 0) {
        const batch = this.takeHappened();
        batch.push(
          ...this.asked.splice(0, Math.max(1, this.settings.batchSize - batch.length)).filter(isWanted),
        );
        if (batch.length > 0) await this.write(batch);
        if (this.chain === null && this.closing && this.failures > 0) this.giveUp();
        // Those who were answered go on, and what has come in meanwhile is read: it shares the next batch. Without
        // this turn of the event loop, a database in this process would get every item by itself.
        await nextTurn();
      }
    } finally {
      this.running = null;
    }
  }

  /** The next of what has happened. A record ends once: who ends it again waits for the next batch, which says that he is late. */
  private takeHappened(): Waiting[] {
    const ended = new Set<string>();
    const later: Waiting[] = [];
    const taken = this.happened.splice(0, this.settings.batchSize).filter((waiting) => {
      const { is, item } = waiting.entry;
      if (waiting.decided || is !== 'settlement') return !waiting.decided;
      if (!ended.has(item.id)) return ended.add(item.id);
      later.push(waiting);
      return false;
    });
    this.happened.unshift(...later);
    return taken;
  }

  private async write(items: readonly Waiting[]): Promise<void> {
    const chain = await this.chainForNow();
    if (chain === null) {
      this.putBack(items);
      return;
    }
    // Ending a chain tells what is in it.
    const batch = items.filter(({ decided }) => !decided);
    if (batch.length === 0) return;
    const began = performance.now();
    let done: CommittedBatch;
    try {
      done = await this.store.commit(
        chain,
        this.head,
        batch.map(({ entry }) => entry),
      );
    } catch (failure) {
      this.watch?.failed();
      if (isClosedChain(failure)) await this.loseChain(chain, batch);
      else if (isOfLaterMonth(failure)) await this.leaveMonth(chain, batch);
      else if (isLockedOut(failure)) await this.waitForLocks(batch);
      else if (isRefusedData(failure)) await this.isolate(batch, failure);
      else await this.recover(chain, batch, failure);
      return;
    }
    this.failures = 0;
    // This batch stands where every copy of an earlier one would have stood; one without an entry stands nowhere.
    if (done.position > this.head.position) this.undecided.clear();
    this.moveHead(chain, { position: done.position, hash: done.hash });
    this.watch?.committed(batch.length, (performance.now() - began) / 1_000, done.used);
    const denials = new Map(
      done.denied.map(({ id, rule, retryAfterMs, of }) => [id, { rule, retryAfterMs, record: of ?? id }]),
    );
    const conflicts = new Set(done.conflicts);
    const repeats = new Map(
      done.repeats.map(({ id, of, reused }): [string, Fate] => {
        // Whoever repeats what is turned away in the same batch is turned away as well.
        const denial = denials.get(of);
        if (denial) return [id, { written: false, denial }];
        return [id, conflicts.has(of) ? { written: false, conflict: true } : { written: false, of, reused }];
      }),
    );
    const stale = new Set(done.stale);
    for (const { entry, resolve } of batch) {
      const { id } = entry.item;
      const denial = denials.get(id);
      if (denial) resolve({ written: false, denial });
      else if (conflicts.has(id)) resolve({ written: false, conflict: true });
      else if (stale.has(id)) resolve({ written: false, stale: true });
      else resolve(repeats.get(id) ?? { written: true });
    }
  }

  /** The chain to write to: a new one at the start, each month, and after one was taken away. Null where none can be had. */
  private async chainForNow(): Promise<string | null> {
    // A clock that was set back begins no month anew.
    if (this.chain !== null && monthOf(timeOfId(this.chain)) >= monthOf(new Date())) return this.chain;
    await this.endChain();
    try {
      this.chain = await this.keeper.open(this.earliest);
    } catch (error) {
      this.log.error({ error: errorName(error) }, 'no chain can be begun: nothing can be recorded');
      await sleep(Math.min(50 * 2 ** this.failures, 2_000));
      this.failures += 1;
      return null;
    }
    this.head = { position: 0, hash: genesisHash(this.chain).toString('hex') };
    return this.chain;
  }

  private async endChain(): Promise<void> {
    const { chain, head } = this;
    if (chain === null) return;
    this.chain = null;
    try {
      await this.keeper.close(chain, head, this.undecided.size === 0);
    } catch (error) {
      // Found later by whoever looks for chains without an end.
      this.log.warn({ chain, error: errorName(error) }, 'a chain could not be closed');
    }
    await this.decideEnded(chain);
    this.failures = 0;
  }

  /** A chain that takes no more entries is read once more where it may hold what would be sent again, to another one. */
  private async decideEnded(chain: string): Promise<void> {
    if (this.undecided.size > 0 && (await this.decide(chain, []))) this.undecided.clear();
  }

  private moveHead(chain: string, head: ChainHead): void {
    this.head = head;
    this.keeper.advanced(chain, head);
  }

  /** Somebody thought that this process was gone. Nothing of the batch was written. */
  private async loseChain(chain: string, batch: readonly Waiting[]): Promise<void> {
    this.log.warn({ chain }, 'the chain of this process was closed by another one; beginning a new one');
    this.chain = null;
    await this.decideEnded(chain);
    this.failures = 0;
    this.putBack(batch);
  }

  /**
   * The batch names a record of a later month, made by a process whose clock is ahead of ours. Nothing of it was written.
   * A month is dropped whole, so that the chain of a record has to last as long as the record: ours ends early.
   */
  private async leaveMonth(chain: string, batch: readonly Waiting[]): Promise<void> {
    this.log.warn(
      { chain },
      'a record is of a later month than the chain of this process; beginning a new one',
    );
    const begun = timeOfId(chain);
    this.earliest = new Date(Date.UTC(begun.getUTCFullYear(), begun.getUTCMonth() + 1, 1));
    await this.endChain();
    this.putBack(batch);
  }

  /** Others held what the batch needs for too long, and nothing of it was written. Who only asks is turned away. */
  private async waitForLocks(batch: readonly Waiting[]): Promise<void> {
    this.log.warn({ items: batch.length }, 'a batch of the audit log could not have its locks in time');
    for (const { entry, reject } of batch) {
      if (isAskedFor(entry)) reject(new Fault('OVERLOADED', { retryAfterMs: 1_000 }));
    }
    this.putBack(batch.filter(({ entry }) => !isAskedFor(entry)));
    await sleep(50);
  }

  /** They go first in the next batch, but for admissions that nobody waits for. */
  private putBack(batch: readonly Waiting[]): void {
    this.asked.unshift(...batch.filter(({ entry }) => isAskedFor(entry)).filter(isWanted));
    this.happened.unshift(...batch.filter(({ entry, decided }) => !isAskedFor(entry) && !decided));
  }

  /** The process ends, and the database does not answer. */
  private giveUp(): void {
    // Its end is not known: whoever looks for chains without an end will find it.
    this.chain = null;
    const lost = [...this.happened.splice(0), ...this.asked.splice(0)];
    this.log.error({ lost: lost.length }, 'what happened could not be written');
    for (const waiting of lost) waiting.reject(new Fault('AUDIT_UNAVAILABLE'));
  }

  /** The database refused a value: whoever brought it fails alone. */
  private async isolate(batch: Waiting[], failure: unknown): Promise<void> {
    const [only] = batch;
    if (only && batch.length === 1) {
      this.log.error({ error: errorName(failure) }, 'the database refused an entry');
      only.reject(new Fault('INTERNAL', { cause: failure }));
      return;
    }
    for (const waiting of batch) await this.write([waiting]);
  }

  /** The batch failed, or its fate is unknown: asks the database, then resolves or sends again. */
  private async recover(chain: string, batch: readonly Waiting[], failure: unknown): Promise<void> {
    if (isMissingPartition(failure)) {
      this.log.error({}, 'no partition for this month: run `npm run db:maintain` as the owner of the tables');
    } else {
      this.log.warn(
        { error: errorName(failure) },
        'a batch of the audit log failed; asking the database for its fate',
      );
    }
    if (!isRolledBack(failure)) for (const waiting of batch) this.undecided.add(waiting);
    const isAnswered = await this.decide(chain, batch);
    // Not in, or not in yet.
    this.putBack(batch);
    if (!isAnswered) this.giveUp();
  }

  /**
   * Asks until the database answers which items are in, and resolves those: of the undecided ones, and of a batch that
   * failed for good.
   * @returns false where the process ends before
   */
  private async decide(chain: string, batch: readonly Waiting[]): Promise<boolean> {
    for (;;) {
      await sleep(Math.min(50 * 2 ** this.failures, 2_000));
      this.failures += 1;
      const sent = new Set(this.undecided);
      let entries: ChainEntry[];
      let known: Map<string, KnownOutcome>;
      try {
        // First the entries: once there are any, nothing else of what was sent can come, and the outcomes are final.
        entries = await this.store.entriesAfter(chain, this.head.position, entriesToRead(sent.size));
        known = await this.store.outcomes(Array.from([...sent, ...batch], ({ entry }) => entry.item.id));
      } catch {
        if (!this.closing) continue;
        return false;
      }
      const items = Array.from(sent, ({ entry }) => entry);
      const { written, head, foreign } = chainGrowth(this.head, entries, items);
      const isOver = head.position > this.head.position || foreign !== null;
      if (isOver) this.undecided.clear();
      for (const waiting of new Set([...sent, ...batch])) {
        const { entry } = waiting;
        const place = written.has(entry) ? 'IN' : isOver && sent.has(waiting) ? 'NOT_IN' : 'UNKNOWN';
        const fate = fateOf(entry, known.get(entry.item.id), place);
        if (fate) waiting.resolve(fate);
      }
      if (this.chain === chain && head.position > this.head.position) this.moveHead(chain, head);
      if (foreign !== null) await this.disown(chain, foreign);
      return true;
    }
  }

  /** Somebody else has added to our chain. What we sign of it ends before that, so that nobody takes it for ours. */
  private async disown(chain: string, position: number): Promise<void> {
    this.log.error(
      { chain, position },
      'the chain of this process holds an entry that it did not write: run `npm run audit:verify`; beginning a new chain',
    );
    await this.endChain();
  }
}

/**
 * What became of an item; undefined where it has to be sent again.
 * @param place whether its entry is in the chain; UNKNOWN also where it was not sent, or cannot have been written
 */
function fateOf(
  entry: BatchItem,
  known: KnownOutcome | undefined,
  place: 'IN' | 'NOT_IN' | 'UNKNOWN',
): Fate | undefined {
  if (entry.is === 'admission' && known?.outcome === 'DENIED') {
    const { rule, retryAfterMs } = known;
    return {
      written: false,
      denial: { rule: rule ?? '', retryAfterMs: retryAfterMs ?? 0, record: entry.item.id },
    };
  }
  if (place === 'IN' || (isAskedFor(entry) && known)) return { written: true };
  if (place === 'UNKNOWN') return undefined;
  // It leaves no entry; whoever moves a flow looks where it stands.
  if (entry.is === 'move') return { written: false, conflict: true };
  // Ended by somebody else. Where its flow has moved on, that is said when it is sent again.
  if (entry.is === 'settlement' && known && known.outcome !== 'PENDING')
    return { written: false, stale: true };
  return undefined;
}

function writeVerdict(fate: Fate): WriteVerdict {
  if (fate.written) return 'WRITTEN';
  return 'stale' in fate ? 'STALE' : 'CONFLICT';
}

function isWanted({ abandoned, decided }: Waiting): boolean {
  return !abandoned && !decided;
}

/** What may be turned away; all else has happened already. */
function isAskedFor({ is }: BatchItem): boolean {
  return is === 'admission' || is === 'access';
}

function monthOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}

/** SQLSTATE classes 22 and 23: this data will never be taken, but for a taken position and a missing partition. */
function isRefusedData(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && /^(22|23)/.test(state) && state !== '23505' && !isMissingPartition(error);
}

/** A check violation: the tables have no checks but the bounds of their partitions. */
function isMissingPartition(error: unknown): boolean {
  return sqlStateOf(error) === '23514';
}

function isLockedOut(error: unknown): boolean {
  return sqlStateOf(error) === '55P03';
}

function isClosedChain(error: unknown): boolean {
  return sqlStateOf(error) === 'YZ001';
}

function isOfLaterMonth(error: unknown): boolean {
  return sqlStateOf(error) === 'YZ002';
}

/** The database has said that this copy of a batch was not written, and did not merely go away meanwhile. */
function isRolledBack(error: unknown): boolean {
  return /^(22|23|25|42|53|54|55)|^(40001|40P01|57014)$/.test(sqlStateOf(error) ?? '');
}

/** Prisma keeps the driver's SQLSTATE in different places, by adapter and kind of error. */
function sqlStateOf(error: unknown): string | undefined {
  const meta = (
    error as {
      meta?: { code?: unknown; driverAdapterError?: { cause?: { originalCode?: unknown; code?: unknown } } };
    }
  ).meta;
  const cause = meta?.driverAdapterError?.cause;
  const code = cause?.originalCode ?? cause?.code ?? meta?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
