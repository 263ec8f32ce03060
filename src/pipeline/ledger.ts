// The ledger writer: every admission and settlement of this process goes through it, and is durable when its
// promise resolves. While one batch is on its way to the database, the next one fills.
//
// One batch is in flight at a time, so the process always knows the end of its own chain. Where an answer is
// lost (the connection broke at commit), the fate of the batch is read from the database before going on:
// either the chain has grown past our head, and the batch is in, or it can be sent again. Sent again while its
// first copy is still running in the database, one of the two fails on the primary key of the entries.
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { genesisHash } from '../audit/chain.js';
import { errorName, Fault } from '../errors.js';
import type { Admission, ChainHead, LedgerStore, Settlement } from './ledger-batch.js';

export type AdmissionVerdict = { admitted: true } | { admitted: false; of: string; reused: boolean };
/** False: somebody else had settled the record before (it had been found in doubt). */
export type SettlementVerdict = { settled: boolean };

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

interface Waiting<Item, Verdict> {
  item: Item;
  resolve(verdict: Verdict): void;
  reject(error: unknown): void;
  /** True once its caller has given up. An admission is then dropped; a settlement is written all the same. */
  abandoned: boolean;
}

export class Ledger {
  readonly chain = uuidv7();
  private head: ChainHead = { position: 0, hash: genesisHash(this.chain).toString('hex') };
  private admissions: Waiting<Admission, AdmissionVerdict>[] = [];
  private settlements: Waiting<Settlement, SettlementVerdict>[] = [];
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
  admit(admission: Admission): Promise<AdmissionVerdict> {
    if (this.closing) return Promise.reject(new Fault('OVERLOADED', { retryAfterMs: 1_000 }));
    if (this.admissions.length >= this.settings.queueSize) {
      return Promise.reject(new Fault('OVERLOADED', { retryAfterMs: 1_000 }));
    }
    return this.enqueue(this.admissions, admission, this.settings.admitWaitMs);
  }

  /**
   * Resolves once the outcome is durable.
   * @throws Fault AUDIT_UNAVAILABLE where that took too long; the ledger goes on trying to write it
   */
  settle(settlement: Settlement): Promise<SettlementVerdict> {
    return this.enqueue(this.settlements, settlement, this.settings.settleWaitMs);
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

  private enqueue<Item, Verdict>(
    queue: Waiting<Item, Verdict>[],
    item: Item,
    waitMs: number,
  ): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.abandoned = true;
        reject(new Fault('AUDIT_UNAVAILABLE'));
      }, waitMs);
      const waiting: Waiting<Item, Verdict> = {
        item,
        abandoned: false,
        resolve: (verdict) => {
          clearTimeout(timer);
          resolve(verdict);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      queue.push(waiting);
      // A microtask later, so that what arrives in the same turn of the event loop shares the batch.
      this.running ??= Promise.resolve().then(() => this.drain());
    });
  }

  private async drain(): Promise<void> {
    try {
      while (this.admissions.length + this.settlements.length > 0) {
        const settlements = this.settlements.splice(0, this.settings.batchSize);
        const admissions = this.admissions
          .splice(0, Math.max(1, this.settings.batchSize - settlements.length))
          .filter((waiting) => !waiting.abandoned);
        if (admissions.length + settlements.length > 0) await this.write(admissions, settlements);
      }
    } finally {
      this.running = null;
    }
  }

  private async write(
    admissions: Waiting<Admission, AdmissionVerdict>[],
    settlements: Waiting<Settlement, SettlementVerdict>[],
  ): Promise<void> {
    let failure: unknown;
    try {
      const done = await this.store.commit(
        this.chain,
        this.head,
        admissions.map(({ item }) => item),
        settlements.map(({ item }) => item),
      );
      this.failures = 0;
      this.head = { position: done.position, hash: done.hash };
      const repeats = new Map(done.repeats.map((repeat) => [repeat.id, repeat]));
      for (const waiting of admissions) {
        const repeat = repeats.get(waiting.item.id);
        waiting.resolve(
          repeat ? { admitted: false, of: repeat.of, reused: repeat.reused } : { admitted: true },
        );
      }
      for (const waiting of settlements) waiting.resolve({ settled: !done.stale.includes(waiting.item.id) });
      return;
    } catch (error) {
      failure = error;
    }
    if (isRefusedData(failure)) await this.isolate(admissions, settlements, failure);
    else await this.recover(admissions, settlements, failure);
  }

  /** The database refused a value: whoever brought it fails alone. */
  private async isolate(
    admissions: Waiting<Admission, AdmissionVerdict>[],
    settlements: Waiting<Settlement, SettlementVerdict>[],
    failure: unknown,
  ): Promise<void> {
    if (admissions.length + settlements.length === 1) {
      this.log.error({ error: errorName(failure) }, 'the database refused an entry');
      for (const waiting of [...admissions, ...settlements])
        waiting.reject(new Fault('INTERNAL', { cause: failure }));
      return;
    }
    for (const waiting of settlements) await this.write([], [waiting]);
    for (const waiting of admissions) await this.write([waiting], []);
  }

  /** The batch's fate is unknown: asks the chain until it answers, then resolves or sends again. */
  private async recover(
    admissions: Waiting<Admission, AdmissionVerdict>[],
    settlements: Waiting<Settlement, SettlementVerdict>[],
    failure: unknown,
  ): Promise<void> {
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
        outcomes = await this.store.outcomes([...admissions, ...settlements].map(({ item }) => item.id));
      } catch (error) {
        // While the database is away, callers give up one by one; settlements stay for when it is back.
        admissions = admissions.filter((waiting) => !waiting.abandoned);
        if (this.closing) {
          this.log.error(
            { error: errorName(error), lost: settlements.length },
            'outcomes could not be written',
          );
          for (const waiting of [...admissions, ...settlements])
            waiting.reject(new Fault('AUDIT_UNAVAILABLE'));
          return;
        }
        continue;
      }
      const committed = head !== null && head.position > this.head.position;
      if (head !== null && committed) this.head = head;
      const openAdmissions: typeof admissions = [];
      for (const waiting of admissions) {
        if (outcomes.has(waiting.item.id)) waiting.resolve({ admitted: true });
        else if (!waiting.abandoned) openAdmissions.push(waiting);
      }
      const openSettlements: typeof settlements = [];
      for (const waiting of settlements) {
        if (committed) waiting.resolve({ settled: outcomes.get(waiting.item.id) === waiting.item.outcome });
        else openSettlements.push(waiting);
      }
      // Not in, or not in yet: they go first in the next batch.
      this.admissions.unshift(...openAdmissions);
      this.settlements.unshift(...openSettlements);
      return;
    }
  }
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
