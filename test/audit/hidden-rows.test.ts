// Rows that were put where the verifier does not look for them, by somebody who may change the tables as well: it says
// so, and neither ends nor goes on for ever. In blocks of few records and in one of all.
import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { genesisHash, linkHash } from '../../src/audit/chain.js';
import { signCheckpoint } from '../../src/audit/checkpoint.js';
import { leafOf } from '../../src/audit/entry.js';
import { runCommand } from '../support/command.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { writeBudgeted } from './budgeted.js';
import { type LogSession, openLogSession } from './log-session.js';
import { everyKindOfTraffic, startForTraffic } from './traffic.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  const server = await startForTraffic(database);
  await everyKindOfTraffic(server);
  await server.stop();
  await writeBudgeted(database, () => [{ destination: '+86', outcome: 'ACCEPTED' }]);
  await runCommand('dist/bundled/commands.js', ['audit:verify'], database.env);
}, 180_000);
afterAll(() => database?.drop());

const mayBeNull = (table: string, ...columns: string[]) =>
  `ALTER TABLE ${table} DROP CONSTRAINT ${table}_pkey, ${columns.map((column) => `ALTER ${column} DROP NOT NULL`).join(', ')}`;

describe.each([
  ['few records', 16, true],
  ['all records', 100_000, true],
  ['few records, each answer of its own moment', 16, false],
])('in blocks of %s', (_, blockSize, snapshot) => {
  let session: LogSession;
  /** Announced and closed, without an entry, as of a process that was never asked anything. */
  const unused = uuidv7();
  /** Announced, as of a process that was not asked anything yet. */
  const begun = uuidv7();
  beforeAll(async () => {
    session = await openLogSession(database, blockSize, snapshot);
    const states = ['ANNOUNCED', 'CLOSED'] as const;
    for (const [serial, state] of states.entries()) await sign(unused, serial, state);
    await sign(begun, 0, 'ANNOUNCED');
  });
  const sign = async (chain: string, serial: number, state: 'ANNOUNCED' | 'CLOSED') => {
    const hash = genesisHash(chain).toString('hex');
    const at = new Date().toISOString();
    const statement = signCheckpoint({ chain, serial, position: 0, hash, at, state }, session.keys);
    appendFileSync(session.file, `${statement}\n`);
    await session.query(
      `INSERT INTO audit_checkpoint (chain, serial, statement) VALUES ('${chain}', ${serial}, '${statement}')`,
    );
  };
  afterAll(() => session?.close());

  const reading = async () => {
    const [row] = await session.query<{ id: string; chain: string; position: number }>(
      `SELECT record_id::text AS id, chain::text AS chain, position FROM audit_entry WHERE kind = 'READ' LIMIT 1`,
    );
    if (!row) throw new Error('nothing was read');
    return row;
  };

  /** One that changes no column of a record of several entries, in front of a chain that has none. */
  const forgedEntry = async (position: number | null, chain = unused) => {
    const [row] = await session.query<{ id: string }>(
      `SELECT record_id::text AS id FROM audit_entry WHERE kind = 'CALLBACK' LIMIT 1`,
    );
    const at = '2026-01-02T03:04:05.678Z';
    const leaf = leafOf({ at, kind: 'CALLBACK', record: row?.id ?? '' });
    const previous = genesisHash(chain);
    const own = linkHash(previous, Buffer.from(leaf));
    return `INSERT INTO audit_entry (chain, position, record_id, kind, at, leaf, hash, previous_hash) VALUES
      ('${chain}', ${position}, '${row?.id}', 'CALLBACK', '${at}', convert_to('${leaf}', 'UTF8'), '\\x${own.toString('hex')}', '\\x${previous.toString('hex')}')`;
  };

  it('finds nothing where nothing is hidden', async () => {
    expect(await session.verify()).toMatchObject({ intact: true, listed: [] });
  });

  it('names an entry that lost its record', async () => {
    const { chain, position, id } = await reading();
    const told = await session.verify([
      mayBeNull('audit_entry', 'record_id'),
      `UPDATE audit_entry SET record_id = NULL WHERE record_id = '${id}'`,
      `DELETE FROM audit_record WHERE id = '${id}'`,
    ]);
    expect(told).toMatchObject({ intact: false, firstBroken: `${chain}:${position}` });
  });

  it.each([0, -1])('does not let an entry at %d stand for one that is hidden', async (place) => {
    const { chain, position, id } = await reading();
    const told = await session.verify([
      mayBeNull('audit_entry', 'record_id'),
      `UPDATE audit_entry SET record_id = NULL WHERE record_id = '${id}'`,
      `DELETE FROM audit_record WHERE id = '${id}'`,
      await forgedEntry(place),
    ]);
    expect(told.intact).toBe(false);
    expect(told.listed.map(({ where }) => where)).toEqual(
      expect.arrayContaining([`${unused}:${place}`, `${chain}:${position}`]),
    );
  });

  it('names an entry that stands before the first of a chain', async () => {
    const told = await session.verify(await forgedEntry(0));
    expect(told).toMatchObject({ intact: false, firstBroken: `${unused}:0` });
  });

  it.each([
    ['that goes on', begun],
    ['that has ended', unused],
  ])('names an entry without a place, of a chain %s', async (_, chain) => {
    const forged = await forgedEntry(null, chain);
    const told = await session.verify([mayBeNull('audit_entry', 'position'), forged]);
    expect(told).toMatchObject({ intact: false, firstBroken: `${chain}:0` });
  });

  it('names what is counted of no chain, or of no hour', async () => {
    const copied = (changed: string, value: string) => {
      const columns = ['bucket', 'chain', 'provider', 'kind', 'outcome', 'rule', 'count', 'histogram'];
      const values = columns.map((column) => (column === changed ? value : column));
      return `INSERT INTO audit_rollup (${columns.join(', ')}) SELECT ${values.join(', ')} FROM audit_rollup LIMIT 1`;
    };
    const missing: [string, string, RegExp][] = [
      ['chain', 'NULL', /^audit_rollup \S+ \S+ null /],
      ['bucket', 'NULL', /^audit_rollup null /],
      ['bucket', `'infinity'`, /^audit_rollup infinity /],
      ['bucket', `'-infinity'`, /^audit_rollup -infinity /],
    ];
    for (const [column, value, where] of missing) {
      const told = await session.verify([
        mayBeNull('audit_rollup', 'chain', 'bucket'),
        copied(column, value),
      ]);
      expect(told).toMatchObject({ faults: 1, firstBroken: expect.stringMatching(where) });
    }
  });

  it.each(['infinity', '-infinity', '0044-03-15 BC', '10000-01-01'])(
    'names a budget of the day %s, and goes on',
    async (day) => {
      const { id } = await reading();
      const told = await session.verify([
        `INSERT INTO send_budget (day, scope) VALUES ('${day}', '*')`,
        `UPDATE audit_record SET operation = 'other' WHERE id = '${id}'`,
      ]);
      expect(told.listed.map(({ where }) => where)).toEqual([`audit_record ${id}`, `send_budget ${day} *`]);
    },
  );

  it.each([
    ['audit_class', `id IN (SELECT class FROM audit_record)`],
    ['audit_integrity', 'true'],
    ['audit_rollup', 'true'],
    ['send_budget', 'true'],
    ['audit_record', 'true'],
    ['audit_subject', 'true'],
    ['audit_erasure', 'true'],
    ['audit_checkpoint', 'true'],
  ])('names a row of %s that is there twice', async (table, which) => {
    const told = await session.verify([
      `ALTER TABLE ${table} DROP CONSTRAINT ${table}_pkey`,
      `INSERT INTO ${table} SELECT * FROM ${table} WHERE ${which} LIMIT 1`,
    ]);
    expect(told).toMatchObject({ intact: false, firstBroken: expect.stringMatching(`^${table} `) });
  });

  it('sees that two entries stand in one place', async () => {
    const [row] = await session.query<{ chain: string; position: number }>(
      `SELECT chain::text AS chain, min(position) + 3 AS position FROM audit_entry GROUP BY chain HAVING count(*) > 9 LIMIT 1`,
    );
    const told = await session.verify([
      'ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_pkey',
      `UPDATE audit_entry SET position = position - 1 WHERE chain = '${row?.chain}' AND position = ${row?.position}`,
    ]);
    expect(told).toMatchObject({ intact: false, firstBroken: `${row?.chain}:${Number(row?.position) - 1}` });
  });

  it('ends where rows have no id, whatever else they lack', async () => {
    const withoutId = [
      [mayBeNull('audit_erasure', 'record_id', 'erasure'), 'INSERT INTO audit_erasure VALUES (NULL, NULL)'],
      [
        mayBeNull('audit_subject', 'digest', 'class', 'record_id'),
        'CREATE TABLE audit_subject_stray PARTITION OF audit_subject DEFAULT',
        'INSERT INTO audit_subject (digest, class, record_id) VALUES (NULL, NULL, NULL)',
      ],
    ];
    for (const statements of withoutId) {
      const told = await session.verify(statements);
      // Nobody can be shown such a row: no record is found by it. Where it is read, it is named.
      expect(told.listed.every(({ what }) => what === 'it belongs to no record')).toBe(true);
    }
  });
});
