// Somebody who can write to the database adds to a chain that is being written. The process does not sign it as its own.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { linkHash } from '../../src/audit/chain.js';
import { isFinal, readCheckpoint } from '../../src/audit/checkpoint.js';
import type { LedgerStore } from '../../src/pipeline/ledger-batch.js';
import { ledgerStore } from '../../src/pipeline/ledger-store.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { admissionOf, type LedgerBench, openLedger, settlementOf } from '../support/ledger.js';

let database: TestDatabase;
let bench: LedgerBench;
beforeAll(async () => {
  database = await freshDatabase();
  bench = await openLedger(database);
});
afterAll(async () => {
  await bench?.close();
  await database?.drop();
});

const lastEntry = (recordId: string) =>
  bench.database.client.auditEntry.findFirstOrThrow({ where: { recordId }, orderBy: { position: 'desc' } });

/** A record that never was, after the last entry of a chain; linked as it should be. */
async function forgeAfter(recordId: string): Promise<{ chain: string; id: string; position: number }> {
  const { chain, position, hash: previousHash } = await lastEntry(recordId);
  const { id, kind, provider, operation, at, salt, leaf } = admissionOf();
  await bench.database.client.auditRecord.create({
    data: {
      id,
      kind,
      provider,
      operation,
      outcome: 'PENDING',
      createdAt: at,
      dueAt: new Date(Date.now() + 3_600_000),
      subjects: [],
      salt: Uint8Array.from(Buffer.from(salt, 'hex')),
    },
  });
  const bytes = Uint8Array.from(Buffer.from(leaf));
  const hash = Uint8Array.from(linkHash(previousHash, bytes));
  await bench.database.client.auditEntry.create({
    data: {
      chain,
      position: position + 1,
      recordId: id,
      kind: 'INTENT',
      at,
      leaf: bytes,
      hash,
      previousHash,
    },
  });
  return { chain, id, position: position + 1 };
}

async function endOf(chain: string) {
  const row = await bench.database.client.auditCheckpoint.findFirst({
    where: { chain },
    orderBy: { serial: 'desc' },
  });
  const { checkpoint } = readCheckpoint(row?.statement ?? '', bench.keys.trusted);
  return checkpoint && isFinal(checkpoint) ? checkpoint : undefined;
}

describe('an entry that the database made for the process', () => {
  it('is known for what it is where the answer was lost', async () => {
    const store = ledgerStore(bench.database.client);
    let isLost = false;
    const commit: LedgerStore['commit'] = async (...batch) => {
      const done = await store.commit(...batch);
      if (isLost) return done;
      isLost = true;
      throw new Error('the connection is gone');
    };
    const ledger = bench.ledger({ store: { ...store, commit } });
    const key = { digest: 'ab'.repeat(32), input: 'cd'.repeat(32) };
    const counter = { key: 'ef'.repeat(32), rule: 'PHONE "1 MIN"', windows: [{ most: 0, seconds: 60 }] };
    const [first, repeat, denied] = [
      admissionOf(uuidv7(), { key }),
      admissionOf(uuidv7(), { key }),
      admissionOf(uuidv7(), { claims: { counters: [counter], budget: [], destination: undefined } }),
    ];
    expect(await Promise.all([first, repeat, denied].map((one) => ledger.admit(one)))).toEqual([
      { admitted: true },
      { admitted: false, of: first.id, reused: false },
      {
        admitted: false,
        denial: { rule: counter.rule, retryAfterMs: expect.any(Number), record: denied.id },
      },
    ]);
    expect(isLost).toBe(true);
    expect((await lastEntry(first.id)).chain).toBe((await lastEntry(denied.id)).chain);
    await ledger.settle(settlementOf(first.id));
    const { chain, position } = await lastEntry(first.id);
    expect(chain).toBe((await lastEntry(denied.id)).chain);
    await ledger.close(30_000);
    expect(await endOf(chain)).toMatchObject({ position, state: 'CLOSED' });
    expect(await bench.faults()).toEqual([]);
  });
});

describe('an entry that the process did not write', () => {
  it('is not signed when the next batch finds its place taken, and nothing of that batch is lost', async () => {
    const ledger = bench.ledger();
    const first = admissionOf();
    await ledger.admit(first);
    const forged = await forgeAfter(first.id);
    const next = admissionOf();
    const verdicts = await Promise.all([ledger.settle(settlementOf(first.id)), ledger.admit(next)]);
    expect(verdicts).toEqual(['WRITTEN', { admitted: true }]);
    expect((await lastEntry(next.id)).chain).not.toBe(forged.chain);
    expect((await lastEntry(first.id)).chain).not.toBe(forged.chain);
    expect(await endOf(forged.chain)).toMatchObject({ position: 1, state: 'CLOSED' });
    expect(await bench.faults()).toContain(`${forged.chain}:2: the chain had ended before`);
  });

  it('is not signed at the end of the chain either', async () => {
    const ledger = bench.ledger();
    const only = admissionOf();
    await ledger.admit(only);
    const forged = await forgeAfter(only.id);
    await ledger.close(30_000);
    expect(await endOf(forged.chain)).toMatchObject({ position: 1, state: 'CLOSED' });
    expect(await bench.faults()).toContain(`${forged.chain}:2: the chain had ended before`);
  });
});
