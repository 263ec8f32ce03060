// Brings a database to this program's migrations: each one whole or not at all, once, whoever else starts.
// The bookkeeping is Prisma's own (table, checksums, lock), so that `prisma migrate` agrees with it.
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  MigrationError,
  type MigrationSession,
  type MigrationTarget,
  type MigrationTransaction,
  readDatabaseError,
} from './migration-target.js';

/** The folder of the migrations that belong to this program. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** The id under which Prisma's own engine takes its advisory lock. */
const PRISMA_LOCK = 72707369;
const LOCK_WAIT_MILLIS = 60_000;
/** DDL that waits behind a long read makes every later query wait behind itself: better to fail and be run again. */
const TABLE_LOCK_WAIT_MILLIS = 10_000;

const HISTORY_TABLE = `
CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

interface Migration {
  readonly name: string;
  readonly script: string;
}

/**
 * Applies what is pending of `<folder>/<name>/migration.sql`, in order of name, each in a transaction of its own.
 * Waits for another process that migrates, Prisma's CLI included, for `lockWaitMillis` at most.
 * Answers the names this call applied. Throws MigrationError; migrations applied before the fault stay applied.
 */
export async function applyMigrations(
  database: MigrationTarget,
  folder: string = MIGRATIONS_FOLDER,
  lockWaitMillis: number = LOCK_WAIT_MILLIS,
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(folder);
  const session = await database.connect();
  try {
    const applied: string[] = [];
    for (;;) {
      const name = await applyNext(session, migrations, lockWaitMillis);
      if (name === null) return { applied };
      applied.push(name);
    }
  } finally {
    await session.close();
  }
}

/** The name applied, or null when none was pending. */
async function applyNext(
  session: MigrationSession,
  migrations: Migration[],
  lockWaitMillis: number,
): Promise<string | null> {
  let next: Migration | null = null;
  try {
    return await session.transaction(async (sql) => {
      await acquireLock(sql, lockWaitMillis);
      // Read under the lock: another process may have applied some since.
      const pending = (await readPending(sql, migrations))[0];
      if (pending === undefined) return null;
      next = pending;
      await applyAndRecord(sql, pending);
      return pending.name;
    });
  } catch (error) {
    throw asMigrationError(error, next);
  }
}

/** Held until the transaction ends, and not until the session does: behind PgBouncer the session is not ours to clean. */
async function acquireLock(sql: MigrationTransaction, lockWaitMillis: number): Promise<void> {
  // 0 would mean to wait for ever.
  const wait = Math.max(1, Math.floor(lockWaitMillis));
  await sql.exec(
    `SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${wait}; SET LOCAL timezone = 'UTC'`,
  );
  try {
    await sql.query(`SELECT pg_advisory_xact_lock(${PRISMA_LOCK})`);
  } catch (error) {
    const { sqlState } = readDatabaseError(error);
    if (sqlState !== '55P03') throw error;
    throw new MigrationError(
      'locked',
      `Another process has been migrating this database for more than ${wait} ms (advisory lock ${PRISMA_LOCK}).`,
      null,
      sqlState,
    );
  }
  await sql.exec(`SET LOCAL lock_timeout = ${TABLE_LOCK_WAIT_MILLIS}`);
  if (!(await hasHistory(sql))) await sql.exec(HISTORY_TABLE);
}

async function applyAndRecord(sql: MigrationTransaction, { name, script }: Migration): Promise<void> {
  const id = randomUUID();
  // Recorded as begun first: a script that commits half-way leaves a row that says so and stops the next start.
  await sql.query(
    'INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ($1, $2, $3, clock_timestamp())',
    [id, checksum(script), name],
  );
  const before = await transactionId(sql);
  await sql.exec(script);
  if ((await transactionId(sql)) !== before) {
    throw new MigrationError(
      'unfinished',
      `Migration ${name} ends the transaction it runs in (COMMIT or ROLLBACK): take that out, and look what of it is in the database.`,
      name,
    );
  }
  await sql.query(
    'UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1',
    [id],
  );
}

async function transactionId(sql: MigrationTransaction): Promise<unknown> {
  return (await sql.query('SELECT pg_current_xact_id()::text AS id')).rows[0]?.id;
}

async function hasHistory(sql: MigrationTransaction): Promise<boolean> {
  return (
    (await sql.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`)).rows[0]?.found === true
  );
}

async function readPending(sql: MigrationTransaction, migrations: Migration[]): Promise<Migration[]> {
  if (!(await hasHistory(sql))) return migrations;
  const { rows } = await sql.query(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  const unapplied = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of rows) {
    const name = String(row.name);
    const migration = unapplied.get(name);
    if (row.finished !== true) {
      throw new MigrationError(
        'unfinished',
        `Migration ${name} was begun in this database and never finished: repair what it left, then delete its row from _prisma_migrations.`,
        name,
      );
    }
    if (migration === undefined) {
      throw new MigrationError(
        'missing',
        `Migration ${name} is applied in this database but is not among this program's: the database is newer than the program.`,
        name,
      );
    }
    if (!matchesChecksum(migration.script, String(row.checksum))) {
      throw new MigrationError(
        'changed',
        `Migration ${name} was changed after this database applied it: put its file back as it was, and write a new migration.`,
        name,
      );
    }
    unapplied.delete(name);
  }
  return [...unapplied.values()];
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new MigrationError('unreadable', `The folder of migrations ${folder} cannot be read.`);
  });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const file = path.join(folder, name, 'migration.sql');
      const script = await readFile(file, 'utf8').catch(() => {
        throw new MigrationError('unreadable', `Migration ${name} has no readable file ${file}.`, name);
      });
      return { name, script };
    }),
  );
}

function checksum(script: string): string {
  return createHash('sha256').update(script).digest('hex');
}

/** As Prisma does, whatever line ends the checkout was made with. */
function matchesChecksum(script: string, recorded: string): boolean {
  const unix = script.replaceAll('\r\n', '\n');
  return [script, unix, unix.replaceAll('\n', '\r\n')].some((variant) => checksum(variant) === recorded);
}

function asMigrationError(error: unknown, migration: Migration | null): MigrationError {
  if (error instanceof MigrationError) return error;
  const { sqlState, message, position } = readDatabaseError(error);
  const state = sqlState === null ? '' : ` (SQLSTATE ${sqlState})`;
  if (migration === null)
    return new MigrationError('failed', `Migrating failed: ${message}${state}.`, null, sqlState);
  const line = position === null ? '' : ` at line ${migration.script.slice(0, position).split('\n').length}`;
  return new MigrationError(
    'failed',
    `Migration ${migration.name} failed${line} and was rolled back: ${message}${state}.`,
    migration.name,
    sqlState,
  );
}
