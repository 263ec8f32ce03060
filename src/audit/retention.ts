// Drops the months that are older than the setting, whole partitions at a time, and keeps a signed summary of each:
// what stays (checkpoints, rollups) can then still be proved. A month is proved before, also by what was published of
// it outside the database; one that is not what was written is not dropped: the proof that something is wrong with it
// would go with it.
import { changeTables } from '../db/maintenance.js';
import {
  MigrationError,
  type MigrationSession,
  type MigrationTarget,
  type MigrationTransaction,
} from '../db/migration-target.js';
import { errorName } from '../errors.js';
import { type DroppedMonth, monthOfId, readDroppedMonth, signDroppedMonth } from './dropped-month.js';
import { firstIdAt } from './record-time.js';
import { regularly } from './regularly.js';
import type { SigningKeys } from './signing-keys.js';
import { listChains } from './verify/chain-list.js';
import { Faults } from './verify/faults.js';
import { BLOCK, type LogReader, readingForm } from './verify/log-reader.js';
import { type VerifiedMonth, verifyMonth } from './verify/verify-month.js';
import { type PublishedFile, PublishedHeadsWalk, publishedFiles } from './verify/verify-published.js';

/** The law's six months; a setting below it is refused. */
export const SHORTEST_RETENTION_MONTHS = 6;

/** A month that should go and cannot. */
export class MonthKept extends Error {
  override readonly name = 'MonthKept';

  constructor(
    readonly month: string,
    readonly reason: string,
  ) {
    super(`${month} is kept: ${reason}`);
  }
}

/**
 * Drops what ended more than so many whole months ago, the oldest month first. For the owner of the tables.
 * @param now by the clock that is behind, this machine's or the database's, unless given
 * @param published files of published heads; those that are not there are left out
 * @throws MonthKept where one cannot be dropped, MigrationError where the log is being read; older ones are gone then
 */
export async function dropOldMonths(
  target: MigrationTarget,
  months: number,
  keys: SigningKeys,
  now?: Date,
  signal?: AbortSignal,
  published: readonly string[] = [],
): Promise<DroppedMonth[]> {
  const session = await target.connect();
  try {
    const dropped: DroppedMonth[] = [];
    for (;;) {
      const { oldest, today } = await session.transaction(async (sql) => ({
        oldest: await oldestMonth(sql),
        today: now ?? (await earlierClock(sql)),
      }));
      if (oldest === null || oldest >= monthBefore(today, months)) return dropped;
      const verified = await prove(readerOf(session, signal), oldest, keys, await publishedFiles(published));
      const statement = signDroppedMonth({ ...verified, month: oldest, at: today.toISOString() }, keys);
      const { month } = readDroppedMonth(statement, keys.trusted);
      if (!month) throw new Error('a summary that was just signed cannot be read');
      if (await changeTables(session, (sql) => dropMonth(sql, oldest, statement))) dropped.push(month);
    }
  } finally {
    await session.close();
  }
}

/** @throws MonthKept where it is not what was written */
async function prove(
  reader: LogReader,
  month: string,
  keys: SigningKeys,
  published: readonly PublishedFile[],
): Promise<VerifiedMonth> {
  const from = new Date(`${month}-01T00:00:00Z`);
  const to = new Date(from);
  to.setUTCMonth(to.getUTCMonth() + 1);
  const faults = new Faults();
  const verified = await verifyMonth(reader, from, to, keys.trusted, faults);
  const chains = published.length > 0 ? await listChains(reader) : [];
  const heads = new PublishedHeadsWalk(reader, chains, () => false, keys.trusted, faults);
  await heads.verifyMonth(published, month);
  const [fault] = faults.list();
  if (fault) throw new MonthKept(month, `${fault.where}: ${fault.what}; run \`npm run audit:verify\``);
  return verified;
}

/** Each answer in a transaction of its own: nobody waits for more than one, and nothing is locked between them. */
function readerOf(session: MigrationSession, signal?: AbortSignal): LogReader {
  return {
    snapshot: false,
    blockSize: BLOCK.embedded,
    query: <Row>(text: string) =>
      session.transaction(async (sql) => {
        signal?.throwIfAborted();
        await sql.exec(readingForm.join('; '));
        return (await sql.query(text)).rows as Row[];
      }),
    close: async () => {},
  };
}

/** False where somebody else has dropped it meanwhile. */
async function dropMonth(sql: MigrationTransaction, month: string, statement: string): Promise<boolean> {
  if ((await oldestMonth(sql)) !== month) return false;
  const suffix = month.replace('-', '_');
  const tables = ['audit_record', 'audit_entry', 'audit_subject', 'flow'];
  await sql.query('INSERT INTO audit_dropped_month (month, statement) VALUES ($1, $2)', [
    `${month}-01T00:00:00Z`,
    statement,
  ]);
  await sql.exec(`DROP TABLE ${tables.map((table) => `${table}_${suffix}`).join(', ')}`);
  return true;
}

/** `2026-05`; null where no month has partitions. */
async function oldestMonth(sql: MigrationTransaction): Promise<string | null> {
  const { rows } = await sql.query(
    `SELECT right(c.relname, 7) AS month
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'audit_entry'::regclass
     ORDER BY month LIMIT 1`,
  );
  const month = rows[0]?.month;
  return typeof month === 'string' ? month.replace('_', '-') : null;
}

/** What is dropped does not come back: a clock that is months ahead must not be enough for it. */
async function earlierClock(sql: MigrationTransaction): Promise<Date> {
  const { rows } = await sql.query('SELECT now() AS now');
  const theirs = new Date(rows[0]?.now as Date | string);
  const own = new Date();
  return theirs < own ? theirs : own;
}

/** The first month that stays: so many whole months before this one. */
function monthBefore(now: Date, months: number): string {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));
  return monthOfId(firstIdAt(first));
}

export interface RetentionLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const EVERY_MS = 6 * 3_600_000;

/**
 * Drops old months now, and then every six hours.
 * @param published the file of published heads
 */
export function keepMonths(
  owner: MigrationTarget,
  months: number,
  keys: SigningKeys,
  published: string,
  log: RetentionLog,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const working = regularly(
    EVERY_MS,
    async () => {
      const dropped = await dropOldMonths(owner, months, keys, undefined, signal, [published]);
      for (const { month, records, entries } of dropped) {
        log.warn(
          { month, records, entries },
          'dropped a month of the log that is older than RETENTION_MONTHS',
        );
      }
    },
    (error) => {
      if (signal.aborted) return;
      const isTold = error instanceof MonthKept || error instanceof MigrationError;
      const reason = isTold ? error.message : errorName(error);
      log.error({ reason }, 'an old month of the log could not be dropped');
    },
  );
  return {
    stop: () => {
      stopping.abort();
      return working.stop();
    },
  };
}
