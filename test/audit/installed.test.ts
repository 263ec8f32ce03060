// What answers auditors is part of the proof: functions that were replaced or are found before their namesakes, tables
// that others stand in for, triggers that are off.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../support/command.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startServer, type TestServer } from '../support/server.js';
import { type LogSession, openLogSession } from './log-session.js';
import { everyKindOfTraffic, startForTraffic } from './traffic.js';

let database: TestDatabase;
let session: LogSession;
beforeAll(async () => {
  database = await freshDatabase();
  const server = await startForTraffic(database);
  await everyKindOfTraffic(server);
  await server.stop();
  session = await openLogSession(database);
}, 180_000);
afterAll(() => database?.drop());

/** A function with other words in its source. */
const rewritten = (name: string, from: string, to: string) => `
  DO $do$
  DECLARE
    v_made text := pg_get_functiondef('${name}'::regproc);
  BEGIN
    ASSERT position($from$${from}$from$ IN v_made) > 0;
    EXECUTE replace(v_made, $from$${from}$from$, $to$${to}$to$);
  END
  $do$`;

const denials = (schema: string, unit = 'text') => `
  CREATE FUNCTION ${schema}.audit_denials(p_from timestamptz, p_to timestamptz, p_unit ${unit})
  RETURNS TABLE (bucket timestamptz, rule text, count bigint) LANGUAGE sql AS 'SELECT now(), ''none'', 0::bigint'`;

describe('the verifier', () => {
  it('finds every function as it was migrated', async () => {
    expect(await session.verify()).toMatchObject({ intact: true, listed: [], functions: expect.any(Number) });
  });

  it.each<[what: string, statements: string[], where: string]>([
    [
      'counts a tenth',
      [rewritten('audit_denials', 'sum(u.count)', '(sum(u.count) / 10)::bigint')],
      'function audit_denials',
    ],
    [
      'leaves a record out',
      [
        rewritten(
          'audit_search',
          'ORDER BY f.place',
          `WHERE r.id <> '${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}' ORDER BY f.place`,
        ),
      ],
      'function audit_search',
    ],
    [
      'leaves entries out',
      [
        rewritten(
          'audit_entries',
          'WHERE record_id = wanted.id',
          `WHERE kind <> 'REVEAL' AND record_id = wanted.id`,
        ),
      ],
      'function audit_entries',
    ],
    [
      'writes no entry of some',
      [
        rewritten(
          'ledger_commit',
          'ORDER BY e.part, e.ordinality',
          `WHERE e.kind <> 'READ' ORDER BY e.part, e.ordinality`,
        ),
      ],
      'function ledger_commit',
    ],
    [
      'has settings of its own',
      ['ALTER FUNCTION audit_rollups SET search_path = elsewhere'],
      'function audit_rollups',
    ],
    ['has lost its settings', ['ALTER FUNCTION audit_records RESET ALL'], 'function audit_records'],
    [
      'has the rights of its owner',
      ['ALTER FUNCTION audit_matches SECURITY DEFINER'],
      'function audit_matches',
    ],
    ['has no answer to some', ['ALTER FUNCTION audit_matches STRICT'], 'function audit_matches'],
    [
      'has a body that is no text',
      [
        'CREATE OR REPLACE FUNCTION budget_day(p_at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE RETURN p_at::date',
      ],
      'function budget_day',
    ],
    ['is gone', ['DROP FUNCTION time_of_uuid'], 'function time_of_uuid'],
    [
      'is not the first of its name',
      ['CREATE SCHEMA before', denials('before'), 'SET LOCAL search_path = before, public'],
      'function before.audit_denials',
    ],
    ['is not the only one of its name', [denials('public', 'varchar')], 'function public.audit_denials'],
    [
      'counts on another function than that of Postgres',
      [
        `CREATE FUNCTION concat_ws(text, text, text, text, bigint, integer[]) RETURNS text LANGUAGE sql AS 'SELECT $1'`,
      ],
      'function public.concat_ws(text, text, text, text, bigint, integer[])',
    ],
    [
      'looks for names of Postgres elsewhere before',
      ['SET LOCAL search_path = public, pg_catalog'],
      'search_path public,pg_catalog',
    ],
    [
      'compares by another operator than that of Postgres',
      [
        `CREATE FUNCTION is_other(text, uuid) RETURNS boolean LANGUAGE sql AS 'SELECT false'`,
        'CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = uuid, FUNCTION = is_other)',
      ],
      'operator =(text,uuid)',
    ],
  ])('says so where one %s', async (_, statements, where) => {
    const { listed, firstBroken } = await session.verify(statements);
    expect({ firstBroken, listed }).toEqual({
      firstBroken: where,
      listed: [{ where, what: expect.any(String) }],
    });
  });

  it.each<[what: string, statements: string[], where: string]>([
    [
      'is a view',
      ['ALTER TABLE audit_rollup RENAME TO counted', `CREATE VIEW audit_rollup AS SELECT * FROM counted`],
      'table audit_rollup',
    ],
    ['hides rows', ['ALTER TABLE audit_record ENABLE ROW LEVEL SECURITY'], 'table audit_record'],
    [
      'takes no rows',
      ['CREATE RULE nothing AS ON INSERT TO audit_class DO INSTEAD NOTHING'],
      'table audit_class',
    ],
    [
      'is not the first of its name',
      [
        'CREATE SCHEMA before',
        'CREATE TABLE before.audit_class AS SELECT * FROM audit_class',
        'SET LOCAL search_path = before, public',
      ],
      'table before.audit_class',
    ],
  ])('says so where a table %s', async (_, statements, where) => {
    const { listed } = await session.verify(statements);
    expect(listed).toEqual([{ where, what: expect.any(String) }]);
  });

  it('says so where a trigger is off, gone, or one too many, also of one partition', async () => {
    const [partition] = await session.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass ORDER BY 1 LIMIT 1`,
    );
    const name = partition?.name ?? '';
    const cases: [sql: string, where: string, what: string][] = [
      [
        `ALTER TABLE ${name} DISABLE TRIGGER append_only`,
        `trigger append_only of ${name}`,
        'the trigger is off',
      ],
      [`DROP TRIGGER no_truncate ON ${name}`, `trigger no_truncate of ${name}`, 'the trigger is gone'],
      [
        'ALTER TABLE audit_checkpoint DISABLE TRIGGER no_truncate',
        'trigger no_truncate of audit_checkpoint',
        'the trigger is off',
      ],
      [
        'ALTER TABLE audit_integrity ENABLE REPLICA TRIGGER append_only',
        'trigger append_only of audit_integrity',
        'the trigger is off',
      ],
      [
        'CREATE TRIGGER more BEFORE INSERT ON audit_class FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        'trigger more of audit_class',
        'the migrations made none',
      ],
    ];
    for (const [sql, where, what] of cases) {
      const { listed } = await session.verify([], [sql]);
      expect(listed).toEqual([{ where, what }]);
    }
    const all = await session.verify([], ['ALTER TABLE audit_entry DISABLE TRIGGER ALL']);
    expect(all.listed).toContainEqual({
      where: 'trigger append_only of audit_entry',
      what: 'the trigger is off',
    });
  });

  it('does not take a database of another version for a broken one', async () => {
    await expect(
      session.verify(
        'DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)',
      ),
    ).rejects.toThrow('the database is older than this program');
    await expect(
      session.verify(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('2999', '', '2999_more', now())`,
      ),
    ).rejects.toThrow('it has no 2999_more');
  });
});

describe('npm run audit:verify', () => {
  const verify = () => runCommand('dist/bundled/commands.js', ['audit:verify'], database.env);
  let server: TestServer | undefined;
  afterAll(() => server?.stop());

  it('names a function that was replaced, and auditors are told', async () => {
    await session.close();
    const before = await verify();
    expect(before).toMatchObject({ code: 0, stderr: '' });
    expect(before.stdout).toMatch(/, \d+ functions/);

    const tampering = await openLogSession(database);
    await tampering.query(rewritten('audit_denials', 'sum(u.count)', '(sum(u.count) / 10)::bigint'));
    await tampering.close();
    server = await startServer({ database });
    const after = await verify();
    expect(after).toMatchObject({ code: 1, stderr: '' });
    expect(after.stdout).toContain('  function audit_denials: it is not what the migrations made\n');
    expect(after.stdout).toContain('BROKEN, first at function audit_denials (1 fault)');
    const token = await server.token({ role: 'auditor' });
    const { data } = await server.graphql('{ auditIntegrity { intact firstBroken } }', {}, { token });
    expect(data.auditIntegrity).toEqual({ intact: false, firstBroken: 'function audit_denials' });
  });
});
