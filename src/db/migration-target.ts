// The databases that migrations are applied to: a Postgres server or an open PGlite, alike to whoever applies them.
import type { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';

const CONNECT_MILLIS = 10_000;

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

/** Both drivers give a server's error the same fields; a broken connection may have only a code. */
export function readDatabaseError(error: unknown): {
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
