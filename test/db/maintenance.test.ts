// Partitions are made while the log is used: whoever reads it for long delays them, and nobody else.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { maintain } from '../../src/db/maintenance.js';
import { postgresTarget } from '../../src/db/migration-target.js';
import { askForCode } from '../support/ask.js';
import { runCommand } from '../support/command.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

const lane = onPostgres ? describe : describe.skip;
const reason = onPostgres ? '' : ' (skipped: the embedded database has one session)';

let database: TestDatabase;
let server: TestServer;
let owner: pg.Client;
let reader: pg.Client;

lane(`while the log is being read, maintenance${reason}`, () => {
  beforeAll(async () => {
    database = await freshDatabase();
    server = await startServer({ database });
    const connectionString = database.env.DATABASE_OWNER_URL;
    owner = new pg.Client({ connectionString });
    reader = new pg.Client({ connectionString });
    await Promise.all([owner.connect(), reader.connect()]);
    const { rows } = await owner.query(`SELECT max(right(relname, 8)) AS suffix FROM pg_class
      WHERE relkind = 'r' AND relname ~ '^audit_entry_20\\d\\d_\\d\\d$'`);
    for (const table of ['audit_record', 'audit_entry', 'audit_subject', 'flow']) {
      await owner.query(`DROP TABLE ${table}${rows[0].suffix}`);
    }
    await reader.query('BEGIN');
    await reader.query('LOCK TABLE audit_record, audit_entry, audit_subject IN ACCESS SHARE MODE');
  });
  afterAll(async () => {
    await reader?.end();
    await owner?.end();
    await server?.stop();
    await database?.drop();
  });

  /** Others on this cluster may be waiting too, for what is theirs. */
  const waiters =
    'SELECT FROM pg_locks JOIN pg_database d ON d.oid = database AND datname = current_database() WHERE NOT granted';
  const run = () => maintain(postgresTarget(database.env.DATABASE_OWNER_URL ?? ''));

  it('gives up in a moment, and holds up no request for longer', async () => {
    const maintained = run().catch((error: unknown) => error);
    await eventually(
      async () => (await owner.query(waiters)).rowCount,
      (waiting) => waiting === 1,
    );
    const began = performance.now();
    await askForCode(server, { phone: phoneWith() });
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(await maintained).toMatchObject({ name: 'MigrationError', fault: 'locked' });
  });

  it('says so as a command, and fails', async () => {
    const { code, stderr } = await runCommand('dist/commands/maintain-database.js', [], database.env);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('try again later') });
  });

  it('keeps no server from starting', async () => {
    const another = await startServer({ database, env: { LOG_LEVEL: 'info' } });
    await another.stop();
    expect(another.output()).toContain('cannot be made while the log is being read');
  });

  it('succeeds once nobody reads any more', async () => {
    await reader.query('COMMIT');
    expect(await run()).toMatchObject({ partitions: 4 });
  });
});
