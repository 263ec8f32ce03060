// One Prisma client over Postgres or over the embedded PGlite. Every wait on either is bounded.
import { relative } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlQuery } from '@prisma/driver-adapter-utils';
import { Fault, StartupError } from '../errors.js';
import { applyMigrations } from './apply-migrations.js';
import { openEmbedded } from './embedded.js';
import { PrismaClient } from './generated/client.js';
import { listenOn } from './listen.js';
import { type MaintenanceLog, maintainRegularly } from './maintenance.js';
import { type MigrationTarget, postgresTarget } from './migration-target.js';

export interface DatabaseSettings {
  /** Postgres for the application's role; absent: the embedded database in `dataDir`. */
  url: string | undefined;
  /** Postgres for the role that owns the tables and migrates; absent: `url`. */
  ownerUrl: string | undefined;
  /** Postgres past a pooler, for LISTEN; absent: `url`. */
  directUrl: string | undefined;
  /** A streaming replica, for searching the log; absent: `url`. */
  replicaUrl?: string | undefined;
  dataDir: string;
  /** Connections to Postgres at most. */
  poolSize: number;
}

export interface Database {
  readonly client: PrismaClient;
  /** For reading what may be a moment old. */
  readonly reading: PrismaClient;
  readonly kind: 'postgres' | 'embedded';
  /** Where it is, for people; holds no password. */
  readonly place: string;
  /** As the owner of the tables; null where only the application's connection is known. */
  readonly owner: MigrationTarget | null;
  /** Resolves when a query is answered; rejects with AUDIT_UNAVAILABLE within two seconds. */
  ping(): Promise<void>;
  /** Calls back for each notification of a channel, and once without a payload after any gap. */
  listen(channel: string, heard: (payload: string | undefined) => void): Promise<{ stop(): Promise<void> }>;
  close(): Promise<void>;
}

/** How long a statement waits for what somebody else holds. */
export const LOCK_WAIT_MS = 2_000;
/** Longest waits on Postgres, in milliseconds: to get a connection, for the server, for the answer. */
const waits = { connect: 5_000, statement: 10_000, lock: LOCK_WAIT_MS, answer: 12_000 };

/**
 * Migrates the database and opens it.
 * @param asItIs true where Postgres is neither migrated nor maintained: for commands beside a server
 * @throws StartupError with one line a fault
 */
export async function openDatabase(
  settings: DatabaseSettings,
  log: MaintenanceLog,
  asItIs = false,
): Promise<Database> {
  return settings.url === undefined
    ? openEmbeddedDatabase(settings.dataDir, log)
    : openPostgres(settings, settings.url, asItIs ? null : log);
}

async function openEmbeddedDatabase(dataDir: string, log: MaintenanceLog): Promise<Database> {
  const embedded = await openEmbedded(dataDir, log);
  const client = new PrismaClient({ adapter: embedded.adapter, log: [] });
  return {
    client,
    reading: client,
    kind: 'embedded',
    place: relative('', embedded.folder),
    owner: embedded.owner,
    ping: () => ping(client),
    listen: (channel, heard) => embedded.listen(channel, heard),
    close: async () => {
      await client.$disconnect();
      await embedded.close();
    },
  };
}

async function openPostgres(
  settings: DatabaseSettings,
  url: string,
  log: MaintenanceLog | null,
): Promise<Database> {
  const place = placeOf(url);
  const maintenance = await (log && makeReady(settings, url, log))?.catch((error: unknown) => {
    throw new StartupError([`The database at ${place} could not be made ready: ${reasonOf(error)}`]);
  });
  const client = connectTo(url, settings.poolSize);
  try {
    const [row] = await client.$queryRaw<{ zone: string; durable: string }[]>`
      SELECT current_setting('TimeZone') AS zone, current_setting('synchronous_commit') AS durable`;
    if (row?.zone !== 'UTC') {
      throw new StartupError([
        `The database session speaks the time zone ${row?.zone}, not UTC; behind a pooler: ALTER ROLE … SET timezone = 'UTC'`,
      ]);
    }
    // A commit would be acknowledged before it is on disk, and a call could be made whose record a crash takes.
    if (row.durable === 'off') {
      throw new StartupError([
        "The database does not wait until a commit is on disk: synchronous_commit is off; ALTER DATABASE … SET synchronous_commit = 'on', or ALTER ROLE",
      ]);
    }
  } catch (error) {
    await client.$disconnect();
    throw error instanceof StartupError
      ? error
      : new StartupError([`The database at ${place} cannot be used: ${reasonOf(error)}`]);
  }
  const reading = settings.replicaUrl ? connectTo(settings.replicaUrl, settings.poolSize) : client;
  return {
    client,
    reading,
    kind: 'postgres',
    place,
    owner: settings.ownerUrl === undefined ? null : postgresTarget(settings.ownerUrl),
    ping: () => ping(client),
    listen: async (channel, heard) => listenOn(settings.directUrl ?? url, channel, heard),
    close: async () => {
      await maintenance?.stop();
      await client.$disconnect();
      if (reading !== client) await reading.$disconnect();
    },
  };
}

function connectTo(url: string, poolSize: number): PrismaClient {
  const adapter = new PrismaPg(
    {
      connectionString: url,
      max: poolSize,
      connectionTimeoutMillis: waits.connect,
      statement_timeout: waits.statement,
      lock_timeout: waits.lock,
      query_timeout: waits.answer,
      idle_in_transaction_session_timeout: waits.statement,
      keepAlive: true,
      application_name: 'yanzheng',
      // Prisma's adapter drops the offset of a timestamp, so the session has to speak UTC.
      options: '-c TimeZone=UTC',
    },
    { statementNameGenerator: statementNames(), onPoolError: () => {}, onConnectionError: () => {} },
  );
  return new PrismaClient({ adapter, log: [] });
}

/** Migrates and maintains as the owner; without an owner's connection, as whoever connects. */
async function makeReady(
  { ownerUrl }: DatabaseSettings,
  url: string,
  log: MaintenanceLog,
): Promise<{ stop(): Promise<void> }> {
  const target = postgresTarget(ownerUrl ?? url);
  await applyMigrations(target);
  return maintainRegularly(target, log);
}

async function ping(client: PrismaClient): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault('AUDIT_UNAVAILABLE')), 2_000);
  });
  try {
    await Promise.race([client.$queryRaw`SELECT 1`, late]);
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('AUDIT_UNAVAILABLE', { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Named statements are planned once a connection; the number of different texts is bounded. */
function statementNames(): (query: SqlQuery) => string {
  const names = new Map<string, string>();
  return (query) => {
    const known = names.get(query.sql);
    if (known !== undefined) return known;
    if (names.size >= 500) return '';
    const name = `s${names.size}`;
    names.set(query.sql, name);
    return name;
  };
}

/** `postgres` at host:port, without user or password. */
function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (error instanceof StartupError || (error as Error).name === 'MigrationError') return message ?? '';
  return code ?? (message || 'no reason was given').split('\n', 1)[0] ?? '';
}
