// Whatever is changed in the log by somebody who may do anything, the verifier says so, and where.
//
// 40 changes at random; YANZHENG_TAMPERINGS=10000 makes as many, YANZHENG_SEED repeats a run.
import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { HeadsDigest, RollupsDigest, signDroppedMonth } from '../../src/audit/dropped-month.js';
import { timeOfId } from '../../src/audit/record-time.js';
import type { SigningKeys } from '../../src/audit/signing-keys.js';
import { runCommand } from '../support/command.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { randomOf } from '../support/mutated-answers.js';
import { writeBudgeted } from './budgeted.js';
import { anHourLater, type LogSession, openLogSession } from './log-session.js';
import { Tamperer } from './tamper.js';
import { everyKindOfTraffic, hastenDoubt, leavePending, startForTraffic } from './traffic.js';

const times = Number(process.env.YANZHENG_TAMPERINGS ?? 40);
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
  await writeBudgeted(database, () => [
    ...(['ACCEPTED', 'UNKNOWN', 'REFUSED', 'ACCEPTED'] as const).map((outcome) => ({
      destination: '+86',
      outcome,
    })),
    { destination: '+852', outcome: 'ACCEPTED' },
    { destination: '+852' },
  ]);
  for (let run = 0; run < 2; run += 1) {
    await runCommand('dist/bundled/commands.js', ['audit:verify'], database.env);
  }
  session = await openLogSession(database);
  const { statements, sql } = anHourLater(session.keys);
  appendFileSync(session.file, `${statements.join('\n')}\n`);
  for (const statement of sql) await session.query(statement);
}, 180_000);
afterAll(async () => {
  await session?.close();
  await database?.drop();
});

async function one<Row = Record<string, string>>(sql: string): Promise<Row> {
  const [row] = await session.query<Row>(`SELECT * FROM (${sql}) AS found LIMIT 1`);
  if (!row) throw new Error(`there is none: ${sql}`);
  return row;
}

describe('the verifier', () => {
  it('finds nothing where nothing was changed', async () => {
    const { listed, faults, notes, ...counted } = await session.verify();
    expect(listed).toEqual([]);
    expect(faults).toBe(0);
    expect(counted).toMatchObject({ intact: true, firstBroken: null, erasures: 1 });
    // The servers that were killed may have signed everything before.
    for (const note of notes) expect(note).toMatch(/^entries of processes that are gone/);
    expect(counted.entries).toBeGreaterThan(50);
    expect(counted.budgets).toBe(3);
    expect(await session.query('SELECT 1 FROM audit_integrity')).toHaveLength(2);
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

  it('finds a change of every column', async () => {
    const tamperer = await Tamperer.over(session, randomOf(seed));
    const missed: string[] = [];
    for (const { column, change } of tamperer.everyColumn()) {
      let found: boolean | undefined;
      for (let tried = 0; found === undefined; tried += 1) {
        if (tried > 100) throw new Error(`${column} cannot be changed`);
        const { what, sql } = change();
        const { intact, firstBroken } = await session.verify(sql).catch(isImpossible);
        if (intact !== undefined) found = !intact && firstBroken !== null;
        if (found === false) missed.push(what);
      }
    }
    expect(missed).toEqual([]);
  });

  it('names the first entry that is broken, or the row', async () => {
    const { chain, position, id } = await one(`
      SELECT e.chain::text, e.position, r.id::text FROM audit_entry e JOIN audit_record r ON r.id = e.record_id
      WHERE e.kind = 'OUTCOME' AND r.outcome = 'ACCEPTED' AND r.data_key IS NOT NULL AND r.subjects <> '{}' AND r.latency_ms IS NOT NULL
        AND e.position < (SELECT max(position) FROM audit_entry l WHERE l.chain = e.chain) - 2`);
    const entry = `chain = '${chain}' AND position = ${position}`;
    const record = `WHERE id = '${id}'`;
    const first = `${chain}:${position}`;
    const relink = [
      // As whoever rewrites history would, with all hashes after it.
      `UPDATE audit_entry SET leaf = convert_to(replace(convert_from(leaf, 'UTF8'), 'ACCEPTED', 'REFUSED'), 'UTF8') WHERE ${entry}`,
      `WITH RECURSIVE linked AS (
         SELECT position, previous_hash, sha256(previous_hash || sha256(leaf)) AS hash FROM audit_entry WHERE ${entry}
         UNION ALL
         SELECT e.position, l.hash, sha256(l.hash || sha256(e.leaf)) FROM linked l
         JOIN audit_entry e ON e.chain = '${chain}' AND e.position = l.position + 1)
       UPDATE audit_entry e SET previous_hash = l.previous_hash, hash = l.hash
       FROM linked l WHERE e.chain = '${chain}' AND e.position = l.position`,
    ];
    // As an erasure leaves a record, with all rows of one but its entry.
    const erasedBy = (erasure: string) => [
      `INSERT INTO audit_erasure (erasure, record_id) VALUES ('${erasure}', '${id}')`,
      `UPDATE audit_record SET data_key = NULL, salt = NULL, subjects = '{}', masked_phone = NULL, actor = NULL,
         erased_by = '${erasure}', erased_at = '${timeOfId(erasure).toISOString()}' ${record}`,
      `DELETE FROM audit_subject WHERE record_id = '${id}'`,
    ];
    const unsaid = uuidv7();
    const longAgo = uuidv7({ msecs: Date.parse('2020-05-15T00:00:00Z') });
    const monthOfLongAgo = `INSERT INTO audit_dropped_month (month, statement)
      VALUES ('2020-05-01T00:00:00Z', '${emptyMonth('2020-05', session.keys)}')`;
    expect((await session.verify(monthOfLongAgo)).firstBroken).toBeNull();
    const cases: [string | string[], string | RegExp][] = [
      [`UPDATE audit_entry SET leaf = set_byte(leaf, 20, 65) WHERE ${entry}`, first],
      [`UPDATE audit_entry SET leaf = set_byte(leaf, 20, 255) WHERE ${entry}`, first],
      [`UPDATE audit_entry SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE ${entry}`, first],
      [`UPDATE audit_entry SET at = at + interval '1 ms' WHERE ${entry}`, first],
      [`DELETE FROM audit_entry WHERE ${entry}`, first],
      [`DELETE FROM audit_entry WHERE chain = '${chain}' AND position >= ${position}`, first],
      [relink, /^[\w-]+:\d+$/],
      [`UPDATE audit_record SET outcome = 'REFUSED' ${record}`, `audit_record ${id}`],
      [`UPDATE audit_record SET data_key = NULL ${record}`, `audit_record ${id}`],
      [
        `UPDATE audit_record SET data_key = set_byte(data_key, 30, get_byte(data_key, 30) # 1) ${record}`,
        `audit_record ${id}`,
      ],
      [`UPDATE audit_record SET salt = NULL ${record}`, `audit_record ${id}`],
      [`UPDATE audit_record SET subjects = '{}' ${record}`, `audit_record ${id}`],
      [`UPDATE audit_record SET purpose = '' ${record}`, `audit_record ${id}`],
      [
        `UPDATE audit_record SET erased_at = now(), erased_by = id, data_key = NULL, salt = NULL ${record}`,
        `audit_record ${id}`,
      ],
      [`DELETE FROM audit_record ${record}`, `audit_record ${id}`],
      [`DELETE FROM audit_subject WHERE record_id = '${id}'`, `audit_subject ${id}`],
      [
        `DELETE FROM audit_class WHERE id = (SELECT class FROM audit_record ${record})`,
        /^audit_class -?\d+$/,
      ],
      [
        `UPDATE audit_rollup SET count = count + 1 WHERE chain = '${chain}' AND histogram IS NOT NULL`,
        /^audit_rollup .*ACCEPTED|REFUSED|UNKNOWN/,
      ],
      [`DELETE FROM audit_rollup WHERE chain = '${chain}'`, /^audit_rollup /],
      [`UPDATE audit_rollup SET histogram = NULL WHERE chain = '${chain}'`, /^audit_rollup /],
      [erasedBy(unsaid), `audit_erasure ${unsaid}`],
      [
        [
          `INSERT INTO audit_erasure_due (erasure, held_until) VALUES ('${unsaid}', 'infinity')`,
          ...erasedBy(unsaid),
        ],
        `audit_erasure ${unsaid}`,
      ],
      [[monthOfLongAgo, ...erasedBy(longAgo)], `audit_erasure ${longAgo}`],
      ['DELETE FROM audit_erasure', /^audit_record |^audit_erasure /],
      ['DELETE FROM audit_integrity WHERE serial = 2', 'audit_integrity 2'],
      ['DELETE FROM audit_integrity WHERE serial = 1', 'audit_integrity 1'],
      [
        `UPDATE audit_integrity SET statement = replace(statement, 'true', 'false') WHERE serial = 2`,
        'audit_integrity 2',
      ],
      [`UPDATE send_budget SET spent = 0 WHERE scope = '*'`, /^send_budget \d{4}-\d\d-\d\d \*$/],
      [`UPDATE send_budget SET reserved = 0 WHERE scope = '+852'`, /^send_budget \S+ \+852$/],
      [`DELETE FROM send_budget WHERE scope = '+86'`, /^send_budget \S+ \+86$/],
      [`DELETE FROM audit_checkpoint WHERE chain = '${chain}' AND serial = 1`, `audit_checkpoint ${chain} 1`],
    ];
    for (const [sql, where] of cases) {
      const { firstBroken } = await session.verify(sql);
      expect({ sql, firstBroken }).toEqual({
        sql,
        firstBroken: typeof where === 'string' ? where : expect.stringMatching(where),
      });
    }
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

/** The summary of a month in which nothing happened. */
function emptyMonth(month: string, keys: SigningKeys): string {
  const heads = new HeadsDigest().hex();
  const rollupsDigest = new RollupsDigest().hex();
  const nothing = { chains: 0, entries: 0, heads, records: 0, rollups: 0, rollupsDigest };
  return signDroppedMonth({ month, ...nothing, at: new Date().toISOString() }, keys);
}

/** A key that is taken, a month without a partition: it cannot be changed like that. */
function isImpossible(error: { code?: unknown }): { intact?: undefined; firstBroken?: undefined } {
  if (!/^23/.test(String(error.code))) throw error;
  return {};
}
