// Erases a person: lists every record they appear in, says so in the log, says so outside the database, and then
// destroys what these records hold of them. Each step is durable before the next, and whatever a crash leaves is
// finished, or taken back where the log does not say it yet.
//
// Nothing that stays leads back to the person: not the list, which names records, and not the ERASE entry, which
// says how many they were and what they add up to.
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { errorName, Fault } from '../errors.js';
import type { Digester, Subject } from '../limits/subject.js';
import { reasonToKeep } from './access-reason.js';
import { erasedOwner, isErasedOwner } from './erased-owner.js';
import type { CollectedUpTo, ErasureStore } from './erasure-store.js';
import { type PublishedErasures, RECORDS_A_LINE } from './published-erasures.js';
import { timeOfId } from './record-time.js';

/** Writes entries that say what was done to the log; durable when it resolves. */
export interface AccessRecorder {
  record(entry: {
    operation: string;
    entryKind: 'ERASE';
    asker: ErasureAsker;
    sealed: object;
    clear: Readonly<Record<string, string | number>>;
    id: string;
  }): Promise<string>;
}

export interface ErasureAsker {
  actor?: string | undefined;
  client: string;
}

export interface ErasureWish {
  subject: Subject;
  reason: string;
  asker: ErasureAsker;
  idempotencyKey?: string | undefined;
}

export interface ErasureReceipt {
  records: number;
  erasedAt: Date;
}

export interface EraserLog {
  warn(fields: object, message: string): void;
}

/** In milliseconds. A process that has not been heard of for `hold` is gone; a repeat waits for `wait`. */
const usualTimes = { hold: 120_000, wait: 25_000, poll: 100 };
/** A statement of the database ends before, and so does what a batch of the ledger has under way. */
const IN_FLIGHT_MS = 30_000;
/** A statement takes some 20 ms on the embedded database, which serves nobody else meanwhile. */
const LISTED_AT_ONCE = 500;
const DESTROYED_AT_ONCE = 250;

export class Eraser {
  constructor(
    private readonly store: ErasureStore,
    private readonly published: PublishedErasures,
    private readonly recorder: AccessRecorder,
    private readonly digester: Digester,
    private readonly log: EraserLog,
    private readonly times = usualTimes,
  ) {}

  /** Longer than anybody at work asks for. */
  private get longestHold(): number {
    return 2 * this.times.hold;
  }

  /**
   * @throws Fault IDEMPOTENCY_KEY_REUSED or REQUEST_IN_PROGRESS for a repeated key; AUDIT_UNAVAILABLE where it could
   *   not be recorded, or was recorded and will be finished later
   */
  async erase(wish: ErasureWish): Promise<ErasureReceipt> {
    const erasure = uuidv7();
    const claim = wish.idempotencyKey === undefined ? undefined : this.claimOf(wish, wish.idempotencyKey);
    if (claim) {
      // Held before the key is bound to it: whoever finds the key finds somebody at work.
      await this.store.hold(erasure, this.times.hold);
      const bound = await this.store.claimKey(erasure, claim);
      if (bound.erasure !== erasure) {
        await this.store.done(erasure);
        if (bound.input !== claim.input)
          throw new Fault('IDEMPOTENCY_KEY_REUSED', { field: 'idempotencyKey' });
        return (await this.repeat(bound.erasure)) ?? this.erase(wish);
      }
    }
    const { subject, reason, asker } = wish;
    const digest = this.digester.subject(subject);
    const sum = await this.list(erasure, (listed) => this.listSubject(erasure, digest, listed));
    return this.conclude(erasure, sum, {
      operation: 'eraseSubject',
      asker,
      sealed: { subject: subject.kind, reason: reasonToKeep(reason, [subject.value]) },
    });
  }

  /**
   * Erases records again that were erased before, such as those of a backup.
   * @returns null where none of them is there and unerased
   */
  async eraseAgain(
    records: AsyncIterable<readonly string[]>,
    asker: ErasureAsker,
    operation: string,
  ): Promise<ErasureReceipt | null> {
    const erasure = uuidv7();
    const sum = await this.list(erasure, async (listed) => {
      for await (const some of records) {
        listed(await this.store.collectUnerased(erasure, some));
        await this.hold(erasure);
      }
    });
    if (sum.count > 0) return this.conclude(erasure, sum, { operation, asker, sealed: {} });
    await this.store.done(erasure);
    return null;
  }

  /**
   * Finishes what a process left that is gone, and takes back what it did not come to say.
   * @param starting true before anything is served: then nobody is waited for who may be at work on the same
   * @param alone true where no other process can be at work
   * @returns how many erasures were finished
   * @throws where one could not be finished
   */
  async finishDue({ starting = false, alone = false } = {}): Promise<number> {
    let finished = 0;
    for (const { erasure, held, recordedAt } of await this.store.due(this.longestHold)) {
      if (recordedAt && (starting || !held)) {
        await this.finish(erasure, recordedAt);
        finished += 1;
        this.log.warn({ erasure }, 'an erasure that was cut off has been finished');
      } else if (!recordedAt && (!held || (starting && alone))) {
        await this.takeBack(erasure);
      }
    }
    return finished;
  }

  /** Publishes and destroys what the list holds. May be done again, also by several at once. */
  async finish(erasure: string, at: Date): Promise<void> {
    await this.publish(erasure, at);
    for await (const records of this.listed(erasure, DESTROYED_AT_ONCE)) {
      await this.destroy(erasure, at, records);
    }
    await this.store.done(erasure);
  }

  async destroy(erasure: string, at: Date, records: readonly string[]): Promise<void> {
    const owners = (await this.store.flowOwners(records))
      .filter(({ actor }) => !isErasedOwner(actor))
      .map(({ id, actor }) => ({ id, owner: erasedOwner(this.digester, id, actor) }));
    await this.store.destroy(erasure, at, records, owners);
  }

  /** Lists what is to be erased. */
  private async list(
    erasure: string,
    work: (listed: (records: readonly string[]) => void) => Promise<void>,
  ): Promise<RecordSum> {
    const sum = new RecordSum();
    try {
      await this.store.hold(erasure, this.times.hold);
      await work((records) => sum.add(records));
      await this.hold(erasure);
      return sum;
    } catch (error) {
      // Where this fails too, it is taken back when the hold has run out.
      await this.takeBack(erasure).catch(() => {});
      throw error;
    }
  }

  /** Says it in the log, then does it. */
  private async conclude(
    erasure: string,
    sum: RecordSum,
    entry: { operation: string; asker: ErasureAsker; sealed: object },
  ): Promise<ErasureReceipt> {
    const clear = { records: sum.count, set: sum.hex() };
    try {
      await this.recorder.record({ ...entry, entryKind: 'ERASE', clear, id: erasure });
    } catch (error) {
      // It may be recorded all the same. Who comes after finds out.
      await this.store.keepHold(erasure, IN_FLIGHT_MS).catch(() => {});
      throw error;
    }
    const erasedAt = timeOfId(erasure);
    try {
      await this.finish(erasure, erasedAt);
    } catch (cause) {
      this.log.warn(
        { erasure, error: errorName(cause) },
        'an erasure is recorded and not finished; trying again',
      );
      await this.store.keepHold(erasure, 0).catch(() => {});
      throw new Fault('AUDIT_UNAVAILABLE', {
        message: 'The erasure is recorded, could not be finished now, and will be.',
        cause,
      });
    }
    return { records: sum.count, erasedAt };
  }

  /** Those under way first: what settles meanwhile is then found either way. */
  private async listSubject(
    erasure: string,
    digest: string,
    listed: (records: readonly string[]) => void,
  ): Promise<void> {
    listed(await this.store.collectPending(erasure, digest));
    let next: CollectedUpTo | null = null;
    do {
      const page = await this.store.collect(erasure, digest, next, LISTED_AT_ONCE);
      listed(page.added);
      next = page.next;
      await this.hold(erasure);
      await nextTurn();
    } while (next);
  }

  /** @throws where somebody thought that this process was gone, and took the erasure back */
  private async hold(erasure: string): Promise<void> {
    if (await this.store.keepHold(erasure, this.times.hold)) return;
    throw new Error('the erasure was taken for abandoned');
  }

  private async publish(erasure: string, at: Date): Promise<void> {
    const parts = Math.ceil((await this.store.listLength(erasure)) / RECORDS_A_LINE);
    let part = 0;
    for await (const records of this.listed(erasure, RECORDS_A_LINE)) {
      part += 1;
      await this.published.publish({ erasure, at: at.toISOString(), part, parts, records });
    }
  }

  private async *listed(erasure: string, atOnce: number): AsyncGenerator<string[]> {
    let after: string | undefined;
    for (;;) {
      const records = await this.store.listed(erasure, after, atOnce);
      after = records.at(-1);
      if (after === undefined) return;
      yield records;
      // Where it is done meanwhile, there is no hold to keep.
      await this.store.keepHold(erasure, this.times.hold);
      await nextTurn();
    }
  }

  /** The log does not say it, so it has not been. */
  private async takeBack(erasure: string): Promise<void> {
    while ((await this.store.unlist(erasure, LISTED_AT_ONCE)) > 0) await nextTurn();
    await this.store.freeKey(erasure);
    await this.store.done(erasure);
  }

  /** The receipt of an erasure that somebody else began; null where nothing came of it. */
  private async repeat(erasure: string): Promise<ErasureReceipt | null> {
    const end = Date.now() + this.times.wait;
    for (;;) {
      const due = (await this.store.due(this.longestHold)).find((one) => one.erasure === erasure);
      const entry = await this.store.entryOf(erasure);
      if (entry && due && !due.held) await this.finish(erasure, timeOfId(erasure));
      if (entry && !due?.held) {
        const { records } = JSON.parse(Buffer.from(entry).toString('utf8')) as { records: number };
        return { records, erasedAt: timeOfId(erasure) };
      }
      if (!due?.held) {
        await this.takeBack(erasure);
        return null;
      }
      if (Date.now() > end) throw new Fault('REQUEST_IN_PROGRESS', { retryAfterMs: 5_000 });
      await sleep(this.times.poll);
    }
  }

  /**
   * The subject is in the digests only together with the key, which its client made and nobody keeps: what rests
   * for a day cannot be joined to a number by whoever has the database and our keys.
   */
  private claimOf({ subject, asker }: ErasureWish, key: string): { digest: string; input: string } {
    const { actor = '', client } = asker;
    return {
      digest: this.digester.of('erasure-key', client, actor, key),
      input: this.digester.of('erasure-input', key, subject.kind, subject.value),
    };
  }
}

/** What a set of records adds up to, in whatever order: the sum of SHA-256 over their ids, modulo 2^256. */
export class RecordSum {
  count = 0;
  private sum = 0n;

  /** @param records each only once */
  add(records: readonly string[]): void {
    for (const id of records) {
      const digest = createHash('sha256').update(id.toLowerCase()).digest('hex');
      this.sum = (this.sum + BigInt(`0x${digest}`)) & ((1n << 256n) - 1n);
    }
    this.count += records.length;
  }

  hex(): string {
    return this.sum.toString(16).padStart(64, '0');
  }
}
