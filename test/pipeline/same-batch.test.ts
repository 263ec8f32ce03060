// What shares a batch of the log is decided as if one had come after the other.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { genesisHash } from '../../src/audit/chain.js';
import type { Ledger } from '../../src/pipeline/ledger.js';
import { ledgerStore } from '../../src/pipeline/ledger-store.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { admissionOf, type LedgerBench, openLedger, settlementOf } from '../support/ledger.js';

let database: TestDatabase;
let bench: LedgerBench;
let ledger: Ledger;
beforeAll(async () => {
  database = await freshDatabase();
  bench = await openLedger(database);
  ledger = bench.ledger();
});
afterAll(async () => {
  await bench?.close();
  await database?.drop();
});

const record = (id: string) =>
  bench.database.client.auditRecord.findUnique({ where: { id }, select: { outcome: true } });
const countOf = (recordId: string) => bench.database.client.auditEntry.count({ where: { recordId } });

describe('a record that is ended twice at once', () => {
  it('ends as the first one says', async () => {
    const admission = admissionOf();
    await ledger.admit(admission);
    const verdicts = await Promise.all([
      ledger.settle(settlementOf(admission.id)),
      ledger.settle(settlementOf(admission.id, 'UNKNOWN')),
      ledger.settle(settlementOf(admission.id, 'UNKNOWN')),
    ]);
    expect(verdicts).toEqual(['WRITTEN', 'STALE', 'STALE']);
    expect(await record(admission.id)).toEqual({ outcome: 'ACCEPTED' });
    expect(await countOf(admission.id)).toBe(2);
    expect(await bench.faults()).toEqual([]);
  });

  it('ends once in the database, whoever writes the batch', async () => {
    const store = ledgerStore(bench.database.client);
    const chain = await bench.keeper.open();
    const { id, ...rest } = admissionOf();
    const start = { position: 0, hash: genesisHash(chain).toString('hex') };
    const head = await store.commit(chain, start, [{ is: 'admission', item: { id, ...rest } }]);
    const end = await store.commit(chain, head, [
      { is: 'settlement', item: settlementOf(id) },
      { is: 'settlement', item: settlementOf(id, 'UNKNOWN') },
    ]);
    await bench.keeper.close(chain, end);
    expect(end.position).toBe(2);
    expect(await record(id)).toEqual({ outcome: 'ACCEPTED' });
    expect(await bench.faults()).toEqual([]);
  });
});

describe('a repeat of a key whose first request goes on with a flow that has moved on', () => {
  it('is told so as well: no record of the first will ever end', async () => {
    const claim = { action: 'CLAIM', id: uuidv7(), version: 1 } as const;
    const key = { digest: 'ab'.repeat(32), input: 'cd'.repeat(32) };
    const asked = [uuidv7(), uuidv7()].map((id) => ledger.admit(admissionOf(id, { key, step: claim })));
    const conflict = { admitted: false, conflict: true };
    expect(await Promise.all(asked)).toEqual([conflict, conflict]);
    expect(await ledger.admit(admissionOf(uuidv7(), { key }))).toEqual({ admitted: true });
  });
});
