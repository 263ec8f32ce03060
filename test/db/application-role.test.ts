// What the database itself forbids: the server's role can add to the log and change nothing of it, and what is
// append-only is so for everybody until somebody switches its triggers off.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { askForCode } from '../support/ask.js';
import { auditRecord, faultsOfLog } from '../support/audit.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { requestCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

const lane = onPostgres ? describe : describe.skip;
const reason = onPostgres ? '' : ' (skipped: the embedded database has one role)';

let database: TestDatabase;
let server: TestServer;
let application: pg.Client;
let owner: pg.Client;

lane(`the application's role${reason}`, () => {
  beforeAll(async () => {
    database = await freshDatabase();
    server = await startServer({ database });
    await askForCode(server, { phone: phoneWith() });
    application = new pg.Client({ connectionString: database.env.DATABASE_URL });
    owner = new pg.Client({ connectionString: database.env.DATABASE_OWNER_URL });
    await Promise.all([application.connect(), owner.connect()]);
    await application.query(`INSERT INTO audit_integrity VALUES (1, 'what the verifier found')`);
  });
  afterAll(async () => {
    await application?.end();
    await owner?.end();
    await server?.stop();
    await database?.drop();
  });

  it.each([
    'UPDATE audit_entry SET at = now()',
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry',
    'DROP TABLE audit_entry',
    'ALTER TABLE audit_entry DISABLE TRIGGER ALL',
    'SET session_replication_role = replica',
    `UPDATE audit_checkpoint SET statement = ''`,
    'DELETE FROM audit_checkpoint',
    'DELETE FROM audit_integrity',
    'TRUNCATE audit_integrity',
    'DELETE FROM audit_record',
    'TRUNCATE audit_record',
    'DELETE FROM audit_rollup',
    'UPDATE audit_class SET kind = $$x$$',
    'INSERT INTO audit_dropped_month VALUES (now(), $$x$$)',
    'DROP FUNCTION ledger_commit',
    'SELECT make_partitions(24)',
    'DELETE FROM _prisma_migrations',
  ])('may not: %s', async (statement) => {
    await expect(application.query(statement)).rejects.toThrow(/permission denied|must be owner|no schema/);
  });

  it('may not write into a partition past its table', async () => {
    const { rows } = await owner.query(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE 'audit\\_entry\\_%'`,
    );
    for (const { name } of rows) {
      await expect(application.query(`INSERT INTO ${name} SELECT * FROM audit_entry`)).rejects.toThrow(
        'permission denied',
      );
    }
  });

  it.each([
    'UPDATE audit_entry SET at = now()',
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry',
    `UPDATE audit_checkpoint SET statement = ''`,
    'TRUNCATE audit_checkpoint',
    `UPDATE audit_integrity SET statement = ''`,
    'DELETE FROM audit_integrity',
    'TRUNCATE audit_integrity',
  ])('and its owner is refused too, also where replicas would not be: %s', async (statement) => {
    await expect(owner.query(statement)).rejects.toThrow('append-only');
    await owner.query('SET session_replication_role = replica');
    await expect(owner.query(statement)).rejects.toThrow('append-only');
    await owner.query('RESET session_replication_role');
  });

  it('cannot truncate a single partition as the owner either', async () => {
    const { rows } = await owner.query(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE 'audit\\_entry\\_%'`,
    );
    expect(rows.length).toBeGreaterThan(1);
    for (const { name } of rows) await expect(owner.query(`TRUNCATE ${name}`)).rejects.toThrow('append-only');
  });

  it('meets a missing partition with an alarm and without a call, and loses nothing', async () => {
    const suffix = new Date().toISOString().slice(0, 7).replace('-', '_');
    const away = (table: string) => `ALTER TABLE ${table} DETACH PARTITION ${table}_${suffix}`;
    const bounds = await owner.query(
      `SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relname = 'audit_entry_${suffix}'`,
    );
    const late = { phone: phoneWith('9006'), key: 'late' };
    const underWay = askForCode(server, late);
    await eventually(
      () => server.calls({ phone: late.phone }),
      (calls) => calls.length === 1,
    );
    await owner.query(away('audit_entry'));
    const phone = phoneWith();
    const { errors } = await server.graphql(requestCode, { phone });
    expect(errors).toMatchObject([{ extensions: { code: 'AUDIT_UNAVAILABLE' } }]);
    expect(await server.calls({ phone })).toEqual([]);
    expect(server.output()).toContain('db:maintain');
    await owner.query(
      `ALTER TABLE audit_entry ATTACH PARTITION audit_entry_${suffix} ${bounds.rows[0].bound}`,
    );
    await underWay;
    // Its outcome had to wait, and is there.
    const repeat = await askForCode(server, late);
    await eventually(
      () => auditRecord(server, repeat.requestId),
      ({ outcome }) => outcome === 'ACCEPTED',
    );
    expect(await faultsOfLog(server)).toEqual([]);
  });
});
