// At the turn of a month clocks differ. No entry stands in a chain of an earlier month than its record's, so that each
// month can be dropped when its time is over.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { monthOfId } from '../../src/audit/dropped-month.js';
import { leafOf } from '../../src/audit/entry.js';
import { dropOldMonths } from '../../src/audit/retention.js';
import type { Ledger } from '../../src/pipeline/ledger.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { admissionOf, type LedgerBench, openLedger, settlementOf } from '../support/ledger.js';

const now = new Date();
const monthsAhead = (months: number) =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1));
/** A moment after the turn, by the clock that is ahead. */
const ahead = (months: number) => uuidv7({ msecs: monthsAhead(months).getTime() + 5 });
const key = { digest: 'ab'.repeat(32), input: 'cd'.repeat(32) };

let database: TestDatabase;
let bench: LedgerBench;
let record: string;
/** Of the replica whose clock is behind. */
let behind: Ledger;
beforeAll(async () => {
  database = await freshDatabase();
  bench = await openLedger(database);
  record = ahead(1);
  await bench.ledger({ month: monthsAhead(1) }).admit(admissionOf(record, { key }));
});
afterAll(async () => {
  await bench?.close();
  await database?.drop();
});

const chainsOf = async (recordId: string) => {
  const entries = await bench.database.client.auditEntry.findMany({
    where: { recordId },
    orderBy: [{ chain: 'asc' }, { position: 'asc' }],
  });
  return entries.map(({ chain }) => chain);
};

it('what comes of a record of the next month goes to a chain of that month, and all that is written with it', async () => {
  behind = bench.ledger();
  const own = admissionOf();
  await behind.admit(own);
  const [repeat, ended] = await Promise.all([
    behind.admit(admissionOf(uuidv7(), { key })),
    behind.settle(settlementOf(own.id)),
  ]);
  expect(repeat).toEqual({ admitted: false, of: record, reused: false });
  expect(ended).toBe('WRITTEN');
  expect((await chainsOf(record)).map(monthOfId)).toEqual([monthOfId(record), monthOfId(record)]);
  const [, last] = await chainsOf(own.id);
  expect(await chainsOf(record)).toContain(last);
});

it('a count, and a record of one month more, likewise', async () => {
  const another = bench.ledger();
  const at = new Date().toISOString();
  const denied = { provider: 'usercoin', rule: 'PHONE' } as const;
  await another.admit(admissionOf());
  await another.tally({
    id: uuidv7(),
    record,
    at,
    count: 2,
    kind: 'VERIFICATION_CODE',
    ...denied,
    leaf: leafOf({
      kind: 'OUTCOME',
      record,
      at,
      outcome: 'DENIED',
      count: 2,
      requestKind: 'VERIFICATION_CODE',
      ...denied,
    }),
  });
  const later = admissionOf(ahead(2));
  expect(await another.admit(later)).toEqual({ admitted: true });
  expect(await another.settle(settlementOf(later.id))).toBe('WRITTEN');
  for (const id of [record, later.id]) {
    for (const chain of await chainsOf(id)) expect(monthOfId(chain) >= monthOfId(id)).toBe(true);
  }
});

it('each of the months is dropped when its time is over', async () => {
  await behind.settle(settlementOf(record));
  await bench.endChains();
  expect(await bench.faults()).toEqual([]);
  const { owner } = bench.database;
  if (!owner) throw new Error('the owner is not known');
  const dropped = await dropOldMonths(owner, 6, bench.keys, monthsAhead(9));
  expect(dropped.map(({ month }) => month).slice(0, 3)).toEqual(
    [0, 1, 2].map((months) => monthsAhead(months).toISOString().slice(0, 7)),
  );
});
