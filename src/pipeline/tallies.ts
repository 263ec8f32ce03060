// What happens again and again is counted, not written each time: the first is a record, the others are entries
// of that record that say "so many more", each at least twice as long after the one before. Nobody can fill the
// log by being patient, and what is lost with the process is the count of the last few moments at most.
import { v7 as uuidv7 } from 'uuid';
import { leafOf, type RequestKind } from '../audit/entry.js';
import { timeOfId } from '../audit/record-time.js';
import { errorName } from '../errors.js';
import type { Ledger, LedgerLog } from './ledger.js';

/** What was denied, and the record of the first of its like, which may be one of another provider. */
export interface Denied {
  record: string;
  provider: string;
  kind: RequestKind;
  rule: string;
}

interface Count {
  key: string;
  denied: Denied;
  more: number;
  waitMs: number;
  dueAt: number;
  writtenAt: number;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;
const LOOK_EVERY_MS = 500;

export class Tallies {
  private readonly counts = new Map<string, Count>();
  private readonly timer: NodeJS.Timeout;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly ledger: Ledger,
    private readonly log: LedgerLog,
  ) {
    this.timer = setInterval(() => {
      this.writing = this.writing.then(() => this.write(Date.now()));
    }, LOOK_EVERY_MS);
  }

  /** One more of the same. */
  add(denied: Denied): void {
    const key = `${denied.record} ${denied.provider} ${denied.kind} ${denied.rule}`;
    const count = this.counts.get(key);
    if (count) {
      count.more += 1;
    } else {
      this.counts.set(key, {
        key,
        denied,
        more: 1,
        waitMs: FIRST_WAIT_MS,
        dueAt: Date.now() + FIRST_WAIT_MS,
        writtenAt: Number.POSITIVE_INFINITY,
      });
    }
  }

  /** Writes what was counted. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    await this.write(Number.POSITIVE_INFINITY);
  }

  private async write(now: number): Promise<void> {
    const due = [...this.counts.values()].filter(({ dueAt }) => dueAt <= now);
    await Promise.all(due.map((count) => this.writeOne(count, now)));
  }

  private async writeOne(count: Count, now: number): Promise<void> {
    const { key, denied, more, waitMs } = count;
    if (more === 0) {
      // Forgotten only after the longest wait: whoever comes back now and then waits on, and is no first of his like.
      if (now - count.writtenAt >= LONGEST_WAIT_MS) this.counts.delete(key);
      else count.dueAt = now + waitMs;
      return;
    }
    count.more = 0;
    count.writtenAt = now;
    count.waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
    count.dueAt = now + count.waitMs;
    const { record, provider, kind, rule } = denied;
    const id = uuidv7();
    const at = timeOfId(id).toISOString();
    const leaf = leafOf({
      kind: 'OUTCOME',
      record,
      at,
      outcome: 'DENIED',
      rule,
      count: more,
      provider,
      requestKind: kind,
    });
    try {
      await this.ledger.tally({ id, ...denied, count: more, at, leaf });
    } catch (error) {
      // The ledger goes on trying; where the process ends before, that many are not counted.
      this.log.warn({ count: more, error: errorName(error) }, 'denials were counted late, or not');
    }
  }
}
