// Reads the log while it is being written. On Postgres all answers are of one moment; on the embedded database each
// answer is of its own moment, and between two of them the server goes on.
import { setImmediate as nextTurn } from 'node:timers/promises';
import pg from 'pg';
import type { Database, DatabaseSettings } from '../../db/client.js';
import type { PrismaClient } from '../../db/generated/client.js';
import { StartupError } from '../../errors.js';
import { copyRows } from './binary-copy.js';

export interface LogReader {
  /** True where all answers are of one moment. */
  readonly snapshot: boolean;
  /** Records that are read at once. */
  readonly blockSize: number;
  /** @throws where the database refuses; the next query is answered all the same */
  query<Row>(sql: string): Promise<Row[]>;
  /** The rows of a query, as `BinaryRows` reads them. Only where there is a snapshot, and the database can hand them on so. */
  copy?(select: string): Promise<Buffer>;
  /** An answer of this moment, where the others are of an earlier one. */
  queryNow?<Row>(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

/** A block takes the embedded database a few milliseconds, during which nobody else is answered. */
export const BLOCK = { postgres: 2_000, embedded: 250 };

export async function openLogReader(database: Database, settings: DatabaseSettings): Promise<LogReader> {
  const url = settings.directUrl ?? settings.url;
  return database.kind === 'embedded' || url === undefined
    ? embeddedReader(database.client)
    : postgresReader(url);
}

export function embeddedReader(client: PrismaClient): LogReader {
  const query = async <Row>(sql: string) => {
    await nextTurn();
    return client.$queryRawUnsafe<Row[]>(sql);
  };
  return { snapshot: false, blockSize: BLOCK.embedded, query, queryNow: query, close: async () => {} };
}

/** One connection of its own, for as long as it takes. */
async function postgresReader(url: string): Promise<LogReader> {
  const client = clientFor(url);
  try {
    await client.connect();
    for (const statement of session) await client.query(statement);
  } catch (error) {
    void client.end().catch(() => {});
    const { code, message } = error as { code?: string; message?: string };
    throw new StartupError([`the database cannot be read: ${code ?? message}`]);
  }
  const turn = inTurn(() => client.query('ROLLBACK TO SAVEPOINT reading'));
  return {
    snapshot: true,
    blockSize: BLOCK.postgres,
    query: (sql) => turn(async () => (await client.query(sql)).rows),
    copy: (select) => turn(() => copyRows(client, select)),
    queryNow: async (sql) => {
      const another = clientFor(url);
      try {
        await another.connect();
        return (await another.query(sql)).rows;
      } finally {
        void another.end().catch(() => {});
      }
    },
    close: () => client.end(),
  };
}

function clientFor(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'yanzheng verify',
  });
  // Without a listener a connection lost between two queries would end the process; the next query reports it.
  client.on('error', () => {});
  return client;
}

/**
 * One query after another, inside a transaction that goes on after one was refused.
 * @param goBack to where it was before a refused one
 */
export function inTurn(goBack: () => Promise<unknown>): <T>(query: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (query) => {
    const asked = last.then(query).catch(async (error: unknown) => {
      // Where that is refused as well, the first error tells more.
      await goBack().catch(() => {});
      throw error;
    });
    last = asked.catch(() => {});
    return asked;
  };
}

/** Plans are made for ranges of an index; what is sent is text in one known form. */
export const readingForm = [
  `SET LOCAL timezone = 'UTC'`,
  `SET LOCAL datestyle = 'ISO'`,
  `SET LOCAL bytea_output = 'hex'`,
  `SET LOCAL jit = off`,
  `SET LOCAL enable_seqscan = off`,
  `SET LOCAL max_parallel_workers_per_gather = 0`,
];

const session = [
  'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  // Before there is a snapshot, and in the order in which retention takes them: a month that is being dropped is there
  // as a whole, or not at all.
  'LOCK TABLE audit_record, audit_entry, audit_subject IN ACCESS SHARE MODE',
  `SET LOCAL statement_timeout = 0`,
  `SET LOCAL idle_in_transaction_session_timeout = 0`,
  ...readingForm,
  'SAVEPOINT reading',
];
