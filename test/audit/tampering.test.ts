// Whatever is changed in the log by somebody who may do anything, the verifier says so, and where.
//
// 250 changes at random; YANZHENG_TAMPERINGS=10000 makes as many, YANZHENG_SEED repeats a run.
import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { genesisHash } from '../../src/audit/chain.js';
import { signCheckpoint } from '../../src/audit/checkpoint.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { randomOf } from '../support/mutated-answers.js';
import { disarm, type LogSession, openLogSession } from './log-session.js';
import { Tamperer } from './tamper.js';
import { everyKindOfTraffic, hastenDoubt, leavePending, startForTraffic } from './traffic.js';

const times = Number(process.env.YANZHENG_TAMPERINGS ?? 250);
const seed = Number(process.env.YANZHENG_SEED ?? Date.now() % 1_000_000_000);

let database: TestDatabase;
let session: LogSession;
beforeAll(async () => {
  database = await freshDatabase();
  await leavePending(database);
  await hastenDoubt(database);
  const server = await startForTraffic(database);
  await everyKindOfTraffic(server);
  await server.stop();
  await leavePending(database);
  session = await openLogSession(database);
  await disarm(session);
  await anHourLater(session);
});
afterAll(async () => {
  await session?.close();
  await database?.drop();
});

/** A chain without entries, so that what was published last of the others should have been stored long ago. */
async function anHourLater({ keys, file, query }: LogSession): Promise<void> {
  const chain = uuidv7();
  const hash = genesisHash(chain).toString('hex');
  const at = new Date(Date.now() + 3_600_000).toISOString();
  for (const [serial, state] of (['ANNOUNCED', 'CLOSED'] as const).entries()) {
    const statement = signCheckpoint({ chain, serial, position: 0, hash, at, state }, keys);
    appendFileSync(file, `${statement}\n`);
    await query(
      `INSERT INTO audit_checkpoint (chain, serial, statement) VALUES ('${chain}', ${serial}, '${statement}')`,
    );
  }
}

async function one<Row = Record<string, string>>(sql: string): Promise<Row> {
  const [row] = await session.query<Row>(`SELECT * FROM (${sql}) AS found LIMIT 1`);
  if (!row) throw new Error(`there is none: ${sql}`);
  return row;
}

describe('the verifier', () => {
  it('finds nothing where nothing was changed', async () => {
    const { listed, faults, ...counted } = await session.verify();
    expect(listed).toEqual([]);
    expect(faults).toBe(0);
    expect(counted).toMatchObject({ intact: true, firstBroken: null, notes: [], erasures: 1 });
    expect(counted.entries).toBeGreaterThan(50);
    // Something of everything, so that there is something to change.
    const kinds = await session.query<{ kind: string }>('SELECT DISTINCT kind FROM audit_entry ORDER BY 1');
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'CALLBACK',
      'ERASE',
      'INTENT',
      'OUTCOME',
      'READ',
      'REVEAL',
    ]);
    const outcomes = await session.query<{ o: string }>(
      `SELECT DISTINCT outcome || coalesce(' ' || substring(rule FROM '^IN_DOUBT$'), '') AS o FROM audit_record ORDER BY 1`,
    );
    expect(outcomes.map(({ o }) => o)).toEqual(
      ['ACCEPTED', 'DENIED', 'PENDING', 'REFUSED', 'UNKNOWN', 'UNKNOWN IN_DOUBT'].sort(),
    );
    await one('SELECT 1 FROM audit_record WHERE replays > 2');
    await one('SELECT 1 FROM audit_record WHERE erased_at IS NOT NULL');
    await one(`SELECT 1 FROM audit_entry o JOIN audit_entry i USING (record_id) WHERE o.chain <> i.chain`);
  });

  it('finds a change of every column, and says in which table or entry', async () => {
    const tamperer = await Tamperer.over(session, randomOf(seed));
    const missed: string[] = [];
    const impossible: string[] = [];
    let named = 0;
    for (const { table, what, sql } of tamperer.everyColumn()) {
      const { listed } = await session.verify(sql).catch(isImpossible);
      // A key that another row has: the database itself refuses it.
      if (!listed) impossible.push(what);
      else if (listed.length === 0) missed.push(what);
      else if (table === 'audit_entry' || listed.some(({ where }) => where.startsWith(table))) named += 1;
    }
    expect(missed).toEqual([]);
    expect(impossible.filter((what) => !/^\w+\.(id|chain|record_id) /.test(what))).toEqual([]);
    // The others are keys that name another row: that is the one that is missed, or one too many.
    expect(named).toBeGreaterThan(30);
  });

  it(`finds each of ${times} changes (seed ${seed})`, async () => {
    const tamperer = await Tamperer.over(session, randomOf(seed));
    const missed: string[] = [];
    let done = 0;
    for (let tried = 0; done < times; tried += 1) {
      if (tried > 10 * times) throw new Error('hardly anything can be changed');
      const { what, sql } = tamperer.next();
      const { intact } = await session.verify(sql).catch(isImpossible);
      if (intact) missed.push(what);
      if (intact !== undefined) done += 1;
    }
    expect(missed).toEqual([]);
  }, 3_600_000);
});

/** A key that is taken, a month without a partition: it cannot be changed like that. */
function isImpossible(error: { code?: unknown }): { intact?: undefined; listed?: undefined } {
  if (!/^23/.test(String(error.code))) throw error;
  return {};
}
