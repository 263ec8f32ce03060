// A batch whose answer was lost may still be under way in the database, and come in after it was sent again. Nothing
// that shared the second copy is lost by that, and nothing that was given up meanwhile is left behind. The database is
// a script here: its fates are told one by one.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type ChainEntry, genesisHash, linkHash } from '../../src/audit/chain.js';
import { classOf } from '../../src/audit/record-class.js';
import { Ledger } from '../../src/pipeline/ledger.js';
import type {
  Admission,
  BatchItem,
  Callback,
  ChainHead,
  KnownOutcome,
  LedgerStore,
  Settlement,
  Tally,
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
  readonly entries: ChainEntry[] = [];
  private chain = '';

  constructor(private readonly fates: ((batch: readonly BatchItem[]) => Promise<void> | void)[]) {}

  async commit(chain: string, head: ChainHead, batch: readonly BatchItem[]) {
    this.chain = chain;
    this.sent.push(batch);
    await this.fates.shift()?.(batch);
    if (head.position !== this.entries.length) throw taken();
    return this.take(batch);
  }

  /** The batch is in. */
  take(batch: readonly BatchItem[]) {
    for (const { is, item } of batch) {
      if (is === 'admission') this.know(item.id, 'PENDING');
      if (is === 'settlement') this.know(item.id, item.class.outcome);
      if (is === 'move') continue;
      const leaf = Buffer.from(item.leaf);
      const previousHash = this.entries.at(-1)?.hash ?? genesisHash(this.chain);
      const position = this.entries.length + 1;
      this.entries.push({ position, leaf, previousHash, hash: linkHash(previousHash, leaf) });
    }
    const { position, hash } = this.entries.at(-1) ?? { position: 0, hash: genesisHash(this.chain) };
    const end = { position, hash: Buffer.from(hash).toString('hex') };
    return { ...end, repeats: [], stale: [], conflicts: [], denied: [], used: {} };
  }

  know(id: string, outcome: string) {
    this.records.set(id, { outcome, rule: null, retryAfterMs: null });
  }

  async entriesAfter(_chain: string, position: number, atMost: number) {
    return this.entries.slice(position, position + atMost);
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
const taken = () => Object.assign(new Error('its place is taken'), { meta: { code: '23505' } });

function settlement(id: string): Settlement {
  const at = new Date().toISOString();
  return { id, class: { ...classOf(traits, 'ACCEPTED'), outcome: 'ACCEPTED' }, at, leaf: `{"ends":"${id}"}` };
}

function admission(id: string): Admission {
  const at = new Date().toISOString();
  const { kind, provider, operation } = traits;
  const leaf = `{"begins":"${id}"}`;
  return { id, kind, provider, operation, at, dueMs: 1_000, subjects: [], salt: '', leaf };
}

function tally(id: string): Tally {
  const { kind, provider } = traits;
  const at = new Date().toISOString();
  return { id, record: uuidv7(), at, count: 3, provider, kind, rule: 'PHONE', leaf: `{"counts":"${id}"}` };
}

function callback(id: string): Callback {
  const record = uuidv7();
  const step = { id: record, kind: 'PHONE_BINDING', version: 1, state: {} } as const;
  return { id, record, at: new Date().toISOString(), leaf: `{"tells":"${id}"}`, step };
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

  it('does not swallow a count that had joined the second one', async () => {
    const [first, second] = [uuidv7(), uuidv7()];
    let other: Promise<void> | undefined;
    const store: ScriptedStore = new ScriptedStore([
      () => {
        other = ledger.tally(tally(second));
        return lost();
      },
      (batch) => void store.take(batch.slice(0, 1)),
    ]);
    const ledger = ledgerOn(store);
    await ledger.tally(tally(first));
    await other;
    expect(store.sent.map((batch) => batch.map(({ item }) => item.id))).toEqual([
      [first],
      [first, second],
      [second],
    ]);
    expect(store.entries.map(({ leaf }) => Buffer.from(leaf).toString())).toEqual([
      `{"counts":"${first}"}`,
      `{"counts":"${second}"}`,
    ]);
  });

  it('does not take along who had joined it and has no room in the next', async () => {
    const asked = [uuidv7(), uuidv7(), uuidv7()];
    let counted: Promise<unknown> | undefined;
    const store: ScriptedStore = new ScriptedStore([
      () => {
        counted = Promise.all(Array.from({ length: 99 }, () => ledger.tally(tally(uuidv7()))));
        return lost();
      },
      (batch) => {
        expect(batch.filter(({ is }) => is === 'admission')).toHaveLength(1);
        store.take(store.sent[0] ?? []);
      },
    ]);
    const ledger = ledgerOn(store);
    const verdicts = await Promise.all(asked.map((id) => ledger.admit(admission(id))));
    expect(verdicts).toEqual(asked.map(() => ({ admitted: true })));
    await counted;
    expect(store.entries).toHaveLength(102);
  });

  it('of which only the answer was lost is not sent again, whatever is in it', async () => {
    const store: ScriptedStore = new ScriptedStore([
      (batch) => {
        store.take(batch);
        return lost();
      },
    ]);
    const ledger = ledgerOn(store);
    const ended = uuidv7();
    store.know(ended, 'PENDING');
    expect(
      await Promise.all([
        ledger.settle(settlement(ended)),
        ledger.callback(callback(uuidv7())),
        ledger.tally(tally(uuidv7())),
        ledger.admit(admission(uuidv7())),
      ]),
    ).toEqual(['WRITTEN', 'WRITTEN', undefined, { admitted: true }]);
    expect(store.sent).toHaveLength(1);
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
