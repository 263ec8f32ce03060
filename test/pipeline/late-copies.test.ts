// A batch whose answer was lost may still be under way in the database, and come in after it was sent again. Nothing
// that shared the second copy is lost by that, and nothing that was given up meanwhile is left behind. The database is
// a script here: its fates are told one by one.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { classOf } from '../../src/audit/record-class.js';
import { Ledger } from '../../src/pipeline/ledger.js';
import type {
  Admission,
  BatchItem,
  ChainHead,
  KnownOutcome,
  LedgerStore,
  Settlement,
} from '../../src/pipeline/ledger-batch.js';
import { eventually } from '../support/eventually.js';

const traits = {
  kind: 'VERIFICATION_CODE',
  provider: 'usercoin',
  operation: 'sendCode',
  purpose: null,
  client: null,
} as const;

/** What becomes of each batch, in turn; when there is nothing left to tell, all goes well. */
class ScriptedStore implements LedgerStore {
  readonly sent: (readonly BatchItem[])[] = [];
  readonly records = new Map<string, KnownOutcome>();
  end: ChainHead | null = null;

  constructor(private readonly fates: ((batch: readonly BatchItem[]) => Promise<void>)[]) {}

  async commit(_chain: string, head: ChainHead, batch: readonly BatchItem[]) {
    this.sent.push(batch);
    await this.fates.shift()?.(batch);
    return this.take(batch, head.position);
  }

  /** The batch is in. */
  take(batch: readonly BatchItem[], position = this.end?.position ?? 0) {
    for (const { is, item } of batch) {
      if (is === 'admission') this.know(item.id, 'PENDING');
      if (is === 'settlement') this.know(item.id, item.class.outcome);
    }
    this.end = { position: position + batch.length, hash: 'ab'.repeat(32) };
    return { ...this.end, repeats: [], stale: [], conflicts: [], denied: [], used: {} };
  }

  know(id: string, outcome: string) {
    this.records.set(id, { outcome, rule: null, retryAfterMs: null });
  }

  async head() {
    return this.end;
  }

  async outcomes(ids: readonly string[]) {
    return new Map([...this.records].filter(([id]) => ids.includes(id)));
  }
}

function ledgerOn(store: LedgerStore, admitWaitMs = 5_000): Ledger {
  const keeper = { open: async () => uuidv7(), advanced: () => {}, close: async () => {} };
  const settings = { admitWaitMs, settleWaitMs: 5_000, batchSize: 100, queueSize: 100 };
  return new Ledger(store, keeper, settings, { warn: () => {}, error: () => {} });
}

const lost = () => Promise.reject(new Error('the connection is gone'));

function settlement(id: string): Settlement {
  const at = new Date().toISOString();
  return { id, class: { ...classOf(traits, 'ACCEPTED'), outcome: 'ACCEPTED' }, at, leaf: '{}' };
}

function admission(id: string): Admission {
  const at = new Date().toISOString();
  const { kind, provider, operation } = traits;
  return { id, kind, provider, operation, at, dueMs: 1_000, subjects: [], salt: '', leaf: '{}' };
}

describe('a copy of a batch that comes in late', () => {
  it('does not take along what had joined the second one', async () => {
    const [first, second] = [uuidv7(), uuidv7()];
    const store: ScriptedStore = new ScriptedStore([
      lost,
      // The first copy comes in while the second one waits, which then finds its place taken.
      async (batch) => {
        expect(batch).toHaveLength(2);
        store.take(batch.slice(0, 1));
        await lost();
      },
    ]);
    store.know(first, 'PENDING');
    store.know(second, 'PENDING');
    const ledger = ledgerOn(store);
    const one = ledger.settle(settlement(first));
    await eventually(
      async () => store.sent.length,
      (sent) => sent === 1,
    );
    const other = ledger.settle(settlement(second));
    expect(await Promise.all([one, other])).toEqual(['WRITTEN', 'WRITTEN']);
    expect(store.sent.map((batch) => batch.map(({ item }) => item.id))).toEqual([
      [first],
      [first, second],
      [second],
    ]);
    expect(store.records.get(second)?.outcome).toBe('ACCEPTED');
  });

  it('is taken back where whoever asked was told that nothing is sent', async () => {
    const [given, next] = [uuidv7(), uuidv7()];
    const store: ScriptedStore = new ScriptedStore([
      () => sleep(400).then(lost),
      async () => {
        store.take([{ is: 'admission', item: admission(given) }]);
        await lost();
      },
    ]);
    const ledger = ledgerOn(store, 300);
    await expect(ledger.admit(admission(given))).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    // By then its fate has been asked for, in vain.
    await sleep(500);
    ledger.admit(admission(next)).catch(() => {});
    await eventually(
      async () => store.records.get(given)?.outcome,
      (outcome) => outcome === 'DENIED',
    );
    const settled = store.sent.flat().find(({ is, item }) => is === 'settlement' && item.id === given);
    expect(settled?.item).toMatchObject({ rule: 'AUDIT_UNAVAILABLE', freesKey: true });
  });
});
