// Records that are as most are, are proved without being rebuilt: all of those, none of the others, and to the same
// counts. That a change to one of them is seen: tampering.test.ts.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { binarySql } from '../../src/audit/verify/block-query.js';
import { type BlockCounts, checkBlock } from '../../src/audit/verify/check-block.js';
import { Faults } from '../../src/audit/verify/faults.js';
import { checkPlain } from '../../src/audit/verify/plain-records.js';
import { readExactly } from '../../src/audit/verify/record-blocks.js';
import { askForCode } from '../support/ask.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { type LogSession, openLogSession } from './log-session.js';
import { everyKindOfTraffic, leavePending, startForTraffic } from './traffic.js';

const everything = { after: null, upTo: null };

const copied = async () => {
  const [records, entries, subjects, erasures] = binarySql(everything);
  // One after another: there is one session.
  return [
    await session.copy(records),
    await session.copy(entries),
    await session.copy(subjects),
    await session.copy(erasures),
  ] as const;
};

let database: TestDatabase;
let session: LogSession;
let repeated: string;
beforeAll(async () => {
  database = await freshDatabase();
  const server = await startForTraffic(database);
  await everyKindOfTraffic(server);
  const token = await server.token({ role: 'user' });
  // What JSON would escape, and what it would not.
  for (const sub of ['a "name"', 'back\\slash', '张三\u2028', 'tab\there']) {
    const named = await server.token({ role: 'user', sub });
    await askForCode(server, { phone: phoneWith() }, { token: named });
  }
  const wish = { phone: phoneWith(), key: 'twice' };
  ({ requestId: repeated } = await askForCode(server, wish, { token }));
  await askForCode(server, wish, { token });
  await server.stop();
  await leavePending(database);
  session = await openLogSession(database);
}, 180_000);
afterAll(async () => {
  await session?.close();
  await database?.drop();
});

const settings = async () => {
  const heads = await session.query<{ chain: string; head: number }>(
    'SELECT chain::text AS chain, max(position) AS head FROM audit_entry GROUP BY chain',
  );
  return {
    heads: new Map(heads.map(({ chain, head }) => [chain, head])),
    dropped: () => false,
    sealer: session.sealer,
  };
};

const summed = (...all: BlockCounts[]) => {
  const [first, ...others] = all as [BlockCounts, ...BlockCounts[]];
  for (const { records, entries, subjects, rollups, classes } of others) {
    first.records += records;
    first.entries += entries;
    first.subjects += subjects;
    first.rollups.addAll(rollups);
    for (const id of classes) first.classes.add(id);
  }
  return {
    counted: [first.records, first.entries, first.subjects],
    classes: [...first.classes].sort(),
    rollups: first.rollups,
  };
};

describe('the records of a log with something of everything', () => {
  it('are plain where they were asked for once and were not erased', async () => {
    const { counts, odd } = await checkPlain(await copied(), await settings());
    const rows = await session.query<{ id: string; actor: string | null; special: boolean }>(`
      SELECT id::text AS id, actor, kind = 'AUDIT_ACCESS' OR erased_at IS NOT NULL OR replays > 0
        OR EXISTS (SELECT FROM audit_erasure WHERE record_id = r.id)
        OR (SELECT count(*) FROM audit_entry WHERE record_id = r.id) NOT IN (1, 2) AS special
      FROM audit_record r ORDER BY id`);
    const isEscaped = (text: string) => JSON.stringify(text) !== `"${text}"`;
    const expected = rows
      .filter(({ actor, special }) => special || isEscaped(actor ?? ''))
      .map(({ id }) => id);
    expect(expected).toContain(repeated);
    expect(odd).toEqual(expected);
    expect(counts.records).toBeGreaterThan(15);
  });

  it('are counted as when each is rebuilt', async () => {
    const known = await settings();
    const faults = new Faults();
    const { counts, odd } = await checkPlain(await copied(), known);
    const others = checkBlock(await readExactly(session.reader, { ids: odd }), known, faults);
    const all = checkBlock(await readExactly(session.reader, everything), known, faults);
    expect(faults.list()).toEqual([]);
    expect(summed(counts, others)).toEqual(summed(all));
  });
});
