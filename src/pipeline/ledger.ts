// The ledger writer: every admission and settlement of this process goes through it, and is durable when its
// promise resolves. While one batch is on its way to the database, the next one fills.
//
// One batch is in flight at a time, so the process always knows the end of its own chain. Where an answer is
// lost (the connection broke at commit), the fate of the batch is read from the database before going on:
// either the chain has grown past our head, and the batch is in, or it can be sent again. Sent again while its
// first copy is still running in the database, one of the two fails on the primary key of the entries.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { genesisHash } from '../audit/chain.js';
import { leafOf } from '../audit/entry.js';
import { errorName, Fault } from '../errors.js';
import type {
  Admission,
  BatchItem,
  Callback,
  ChainHead,
  CommittedBatch,
  LedgerStore,
  Move,
  Settlement,
} from './ledger-batch.js';

export type AdmissionVerdict =
  | { admitted: true }
  /** Its idempotency key belongs to another record. */
  | { admitted: false; of: string; reused: boolean }
  /** Its flow has moved on, or has a call under way. */
  | { admitted: false; conflict: true };

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

/** An item of a batch, and whoever waits for it to be durable. */
interface Waiting {
  entry: BatchItem;
  resolve(fate: Fate): void;
  reject(error: unknown): void;
  /** True once its caller has given up. An admission is then dropped; what has happened is written all the same. */
  abandoned: boolean;
}

type Fate = { written: true } | { written: false; conflict: true } | { written: false; stale: true } | Repeat;
type Repeat = { written: false; of: string; reused: boolean };

export class Ledger {
  readonly chain = uuidv7();
  private head: ChainHead = { position: 0, hash: genesisHash(this.chain).toString('hex') };
  /** What happened (settlements, callbacks) goes before what is asked for (admissions). */
  private happened: Waiting[] = [];
  private asked: Waiting[] = [];
  private running: Promise<void> | null = null;
  private closing = false;
  /** Batches that failed in a row; each doubles the pause before the next. */
  private failures = 0;

  constructor(
    private readonly store: LedgerStore,
    private readonly settings: LedgerSettings,
    private readonly log: LedgerLog,
  ) {}

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

  /** Resolves once the flow stands where it was moved. @throws as `settle` */
  async move(move: Move): Promise<WriteVerdict> {
    return writeVerdict(await this.enqueue({ is: 'move', item: move }, this.settings.settleWaitMs));
  }

  /** Writes what waits and takes no more admissions. Resolves when the last batch is done or `withinMs` is over. */
  async close(withinMs: number): Promise<void> {
    this.closing = true;
    const end = sleep(withinMs, undefined, { ref: false });
    while (this.running) {
      const ended = await Promise.race([this.running.then(() => false), end.then(() => true)]);
      if (ended) return;
    }
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
        resolve: (fate) => {
          clearTimeout(timer);
          if (waiting.abandoned && entry.is === 'admission' && fate.written) this.takeBack(entry.item);
          resolve(fate);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      (entry.is === 'admission' ? this.asked : this.happened).push(waiting);
      // A microtask later, so that what arrives in the same turn of the event loop shares the batch.
      this.running ??= Promise.resolve().then(() => this.drain());
    });
  }

  /** It became durable after its caller had been told that nothing is sent: that is how it ended. */
  private takeBack({ id, actor }: Admission): void {
    const at = new Date().toISOString();
    const state = { outcome: 'DENIED', rule: 'AUDIT_UNAVAILABLE', actor } as const;
    const leaf = leafOf({ ...state, kind: 'OUTCOME', record: id, at });
    // Where this fails too, the record is found in doubt.
    this.settle({ id, ...state, at, freesKey: true, leaf }).catch(() => {});
  }

  private async drain(): Promise<void> {
    try {
      while (this.happened.length + this.asked.length > 0) {
        const batch = this.happened.splice(0, this.settings.batchSize);
        batch.push(
          ...this.asked.splice(0, Math.max(1, this.settings.batchSize - batch.length)).filter(isWanted),
        );
        if (batch.length > 0) await this.write(batch);
        // Those who were answered go on, and what has come in meanwhile is read: it shares the next batch. Without
        // this turn of the event loop, a database in this process would get every item by itself.
        await nextTurn();
      }
    } finally {
      this.running = null;
    }
  }

  private async write(batch: Waiting[]): Promise<void> {
    let done: CommittedBatch;
    try {
      done = await this.store.commit(
        this.chain,
        this.head,
        batch.map(({ entry }) => entry),
      );
    } catch (failure) {
      if (isRefusedData(failure)) await this.isolate(batch, failure);
      else await this.recover(batch, failure);
      return;
    }
    this.failures = 0;
    this.head = { position: done.position, hash: done.hash };
    const repeats = new Map(
      done.repeats.map(({ id, of, reused }) => [id, { written: false, of, reused } as const]),
    );
    const conflicts = new Set(done.conflicts);
    const stale = new Set(done.stale);
    for (const { entry, resolve } of batch) {
      const { id } = entry.item;
      if (conflicts.has(id)) resolve({ written: false, conflict: true });
      else if (stale.has(id)) resolve({ written: false, stale: true });
      else resolve(repeats.get(id) ?? { written: true });
    }
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

  /** The batch's fate is unknown: asks the chain until it answers, then resolves or sends again. */
  private async recover(batch: Waiting[], failure: unknown): Promise<void> {
    this.log.warn(
      { error: errorName(failure) },
      'a batch of the audit log failed; asking the database for its fate',
    );
    for (;;) {
      await sleep(Math.min(50 * 2 ** this.failures, 2_000));
      this.failures += 1;
      let head: ChainHead | null;
      let outcomes: Map<string, string>;
      try {
        head = await this.store.head(this.chain);
        outcomes = await this.store.outcomes(batch.map(({ entry }) => entry.item.id));
      } catch (error) {
        if (!this.closing) continue;
        this.log.error({ error: errorName(error), lost: batch.length }, 'what happened could not be written');
        for (const waiting of batch) waiting.reject(new Fault('AUDIT_UNAVAILABLE'));
        return;
      }
      const committed = head !== null && head.position > this.head.position;
      if (head !== null && committed) this.head = head;
      const open: Waiting[] = [];
      for (const waiting of batch) {
        const fate = fateOf(waiting.entry, outcomes.get(waiting.entry.item.id), committed);
        if (fate) waiting.resolve(fate);
        else open.push(waiting);
      }
      // Not in, or not in yet: they go first in the next batch.
      this.asked.unshift(...open.filter(({ entry }) => entry.is === 'admission').filter(isWanted));
      this.happened.unshift(...open.filter(({ entry }) => entry.is !== 'admission'));
      return;
    }
  }
}

/** What a batch of unknown fate did with an item; undefined where it has to be sent again. */
function fateOf(entry: BatchItem, outcome: string | undefined, committed: boolean): Fate | undefined {
  if (entry.is === 'admission') return outcome === undefined ? undefined : { written: true };
  if (!committed) return undefined;
  if (entry.is !== 'settlement') return { written: false, conflict: true };
  if (outcome === entry.item.outcome) return { written: true };
  return outcome === 'PENDING' ? { written: false, conflict: true } : { written: false, stale: true };
}

function writeVerdict(fate: Fate): WriteVerdict {
  if (fate.written) return 'WRITTEN';
  return 'stale' in fate ? 'STALE' : 'CONFLICT';
}

function isWanted({ abandoned }: Waiting): boolean {
  return !abandoned;
}

/** SQLSTATE classes 22 and 23 without unique violations: this data will never be taken. */
function isRefusedData(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && /^(22|23)/.test(state) && state !== '23505';
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
