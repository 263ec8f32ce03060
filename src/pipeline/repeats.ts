// Answers a repeated idempotency key from the record of the first request, waiting for it while it runs,
// on whichever replica it runs.
import { setTimeout as sleep } from 'node:timers/promises';
import { type RecordSealer, unseal } from '../audit/record-seal.js';
import type { PrismaClient } from '../db/generated/client.js';
import { Fault } from '../errors.js';
import type { Settled } from './request.js';

export interface RepeatSettings {
  /** How long a repeat waits for a first request that still runs. */
  waitMs: number;
  pollMs: number;
  /** How many may wait at once: no limit counts repeats, and those who wait take room that others need. */
  atMost: number;
}

interface KeptRecord {
  id: string;
  outcome: string;
  freesKey: boolean;
  answer: unknown;
  dataKey: Uint8Array | null;
  keyId: string | null;
}

export class Repeats {
  /** Records that are waited for; one query serves all who wait. */
  private readonly waiting = new Map<string, Set<(record: KeptRecord) => void>>();
  private waiters = 0;
  private polling = false;

  constructor(
    private readonly client: PrismaClient,
    private readonly sealer: RecordSealer,
    private readonly settings: RepeatSettings,
  ) {}

  /** @throws Fault REQUEST_IN_PROGRESS where the first request has not ended in time */
  async answer<Value>(recordId: string): Promise<Settled<Value>> {
    const record = await this.settled(recordId);
    if (!record) throw new Fault('REQUEST_IN_PROGRESS', { retryAfterMs: 5_000 });
    if (record.freesKey) throw new Fault('PROVIDER_UNAVAILABLE');
    const key = this.sealer.open(record);
    const kept =
      key && typeof record.answer === 'string'
        ? (unseal(key, recordId, 'ANSWER', record.answer) as Settled<Value>)
        : null;
    if (kept?.outcome === 'ACCEPTED') return { ...kept, requestId: recordId, replayed: true };
    if (kept?.outcome === 'REFUSED') return { ...kept, requestId: recordId };
    return { outcome: 'UNKNOWN', requestId: recordId, retryAfterMs: kept?.retryAfterMs };
  }

  private async settled(recordId: string): Promise<KeptRecord | null> {
    if (this.waiters >= this.settings.atMost) {
      const [ended] = await this.read([recordId]);
      return ended ?? null;
    }
    this.waiters += 1;
    return new Promise((resolve) => {
      const waiters = this.waiting.get(recordId) ?? new Set();
      this.waiting.set(recordId, waiters);
      const done = (record: KeptRecord | null) => {
        clearTimeout(timer);
        this.waiters -= 1;
        waiters.delete(done);
        if (waiters.size === 0) this.waiting.delete(recordId);
        resolve(record);
      };
      const timer = setTimeout(() => done(null), this.settings.waitMs);
      waiters.add(done);
      if (!this.polling) void this.poll();
    });
  }

  private async poll(): Promise<void> {
    this.polling = true;
    while (this.waiting.size > 0) {
      // A database that does not answer now may answer before the waiting is over.
      const records = await this.read([...this.waiting.keys()]).catch(() => []);
      for (const record of records) {
        for (const done of [...(this.waiting.get(record.id) ?? [])]) done(record);
      }
      if (this.waiting.size > 0) await sleep(this.settings.pollMs);
    }
    this.polling = false;
  }

  private read(ids: string[]): Promise<KeptRecord[]> {
    return this.client.auditRecord.findMany({
      where: { id: { in: ids }, outcome: { not: 'PENDING' } },
      select: { id: true, outcome: true, freesKey: true, answer: true, dataKey: true, keyId: true },
    });
  }
}
