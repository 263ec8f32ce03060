// Brings a database to this program's migrations: each one whole or not at all, once, whoever else starts.
// The bookkeeping is Prisma's own (table, checksums, lock), so that `prisma migrate` agrees with it.
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';

/** The folder of the migrations that belong to this program. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** The id under which Prisma's own engine takes its advisory lock. */
const PRISMA_LOCK = 72707369;
const CONNECT_MILLIS = 10_000;
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

/**
 * - `failed`: the database refused; nothing of the migration remains
 * - `unfinished`: begun and never finished, or it ended its own transaction; the database needs a person
 * - `changed`: its file is no longer the one that was applied
 * - `missing`: applied, but this program has no such file
 * - `unreadable`: its file cannot be read
 * - `locked`: another process has been migrating for longer than the wait
 * - `unreachable`: no connection
 */
export type MigrationFault =
  | 'failed'
  | 'unfinished'
  | 'changed'
  | 'missing'
  | 'unreadable'
  | 'locked'
  | 'unreachable';

/** One sentence for a person. Holds no connection string, and no value of a row beyond what Postgres' message says. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(
    readonly fault: MigrationFault,
    message: string,
    readonly migration: string | null = null,
    readonly sqlState: string | null = null,
  ) {
    super(message);
  }
}

/** What runs inside one transaction; `exec` takes a whole script, with semicolons wherever SQL allows them. */
export interface MigrationTransaction {
  query(sql: string, params?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  exec(sql: string): Promise<void>;
}

export interface MigrationSession {
  /** Commits what `work` did, or rolls it back and throws what `work` or the commit threw. */
  transaction<T>(work: (sql: MigrationTransaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface MigrationTarget {
  readonly name: 'postgres' | 'pglite';
  connect(): Promise<MigrationSession>;
}

interface Migration {
  readonly name: string;
  readonly script: string;
}

/** A Postgres server, over one connection of its own; needs the rights of the tables' owner. */
export function postgresTarget(connectionString: string, connectMillis = CONNECT_MILLIS): MigrationTarget {
  return { name: 'postgres', connect: () => connectPostgres(connectionString, connectMillis) };
}

/** An open PGlite, which stays open and is the caller's to close; other queries on it wait for each migration. */
export function pgliteTarget(lite: PGlite): MigrationTarget {
  const session: MigrationSession = {
    transaction: (work) =>
      lite.transaction((tx) =>
        work({
          query: (sql, params) => tx.query<Record<string, unknown>>(sql, params),
          exec: async (sql) => {
            await tx.exec(sql);
          },
        }),
      ),
    close: async () => {},
  };
  return { name: 'pglite', connect: async () => session };
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

/** The names applyMigrations would apply; changes nothing, waits for nobody. Throws MigrationError. */
export async function pendingMigrations(
  database: MigrationTarget,
  folder: string = MIGRATIONS_FOLDER,
): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const session = await database.connect();
  try {
    const pending = await session.transaction((sql) => readPending(sql, migrations));
    return pending.map(({ name }) => name);
  } catch (error) {
    throw asMigrationError(error, null);
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

/** Both drivers give a server's error the same fields; a broken connection may have only a code. */
function readDatabaseError(error: unknown): {
  sqlState: string | null;
  message: string;
  position: number | null;
} {
  const fields = (error ?? {}) as { code?: unknown; message?: unknown; position?: unknown };
  const code = typeof fields.code === 'string' ? fields.code : null;
  return {
    sqlState: code !== null && /^[0-9A-Z]{5}$/.test(code) ? code : null,
    message: String(fields.message || code || error).trim(),
    position: typeof fields.position === 'string' ? Number(fields.position) : null,
  };
}

async function connectPostgres(connectionString: string, connectMillis: number): Promise<MigrationSession> {
  if (!isPostgresAddress(connectionString)) {
    throw new MigrationError(
      'unreachable',
      'The connection string is not a valid Postgres address (in a password, # / ? @ : must be percent-encoded).',
    );
  }
  let client: Client;
  try {
    client = new Client({
      connectionString,
      connectionTimeoutMillis: connectMillis,
      keepAlive: true,
      fallback_application_name: 'yanzheng-migrate',
    });
  } catch (error) {
    // A stray % or a certificate file that isn't there; the message, unlike the error, does not hold the string.
    const { message } = readDatabaseError(error);
    throw new MigrationError('unreachable', `The connection string cannot be used: ${message}.`);
  }
  // Without a listener a connection lost between two statements would end the process; the next statement reports it.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    void client.end().catch(() => {});
    const { sqlState, message } = readDatabaseError(error);
    throw new MigrationError(
      'unreachable',
      `No connection to Postgres at ${client.host}:${client.port}: ${message}${sqlState === null ? '' : ` (SQLSTATE ${sqlState})`}.`,
      null,
      sqlState,
    );
  }
  const sql: MigrationTransaction = {
    query: (text, params) => client.query<Record<string, unknown>>(text, params),
    exec: async (script) => {
      await client.query(script);
    },
  };
  return {
    transaction: async (work) => {
      // A role's default of a stricter level would read the history as it was before the lock.
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
      try {
        const result = await work(sql);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {});
        throw error;
      }
    },
    close: () => client.end(),
  };
}

/** An unescaped # / ? cuts a password in two and makes a "host" of its head, which errors would then print. */
function isPostgresAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash } = new URL(text);
  return /^postgres(ql)?:$/.test(protocol) && hash === '' && !`${pathname}${search}`.includes('@');
}
