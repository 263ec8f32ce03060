// What the owner of the tables does now and then: partitions for the months to come, and what the application's
// role may do. Safe to repeat, and from several machines at once.
import { errorName } from '../errors.js';
import {
  MigrationError,
  type MigrationSession,
  type MigrationTarget,
  type MigrationTransaction,
} from './migration-target.js';

/** Partitions are made this many months ahead, so that an owner who is away for a while stops nothing. */
const MONTHS_AHEAD = 3;
const EVERY_MS = 3_600_000;
const INSUFFICIENT_PRIVILEGE = '42501';
const LOCK_NOT_AVAILABLE = '55P03';

export interface MaintenanceLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Maintained {
  /** Partitions that were missing and are there now. */
  partitions: number;
  /** Roles that may write the log. */
  roles: string[];
}

/**
 * A transaction that makes or drops partitions while they are used. Writers queue behind its wait for a lock, such as
 * one that a backup or `audit:verify` holds for hours, so it gives up long before they would.
 * @throws MigrationError `locked` where it gave up
 */
export async function changeTables<T>(
  session: MigrationSession,
  work: (sql: MigrationTransaction) => Promise<T>,
): Promise<T> {
  try {
    return await session.transaction(async (sql) => {
      await sql.exec(`SET LOCAL lock_timeout = '1s'`);
      return work(sql);
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new MigrationError(
      'locked',
      'Partitions cannot be made or dropped while the log is being read (by a backup, or audit:verify): try again later.',
      null,
      LOCK_NOT_AVAILABLE,
    );
  }
}

/**
 * @throws MigrationError where the database cannot be reached, or a partition is missing and the log is being read;
 *   the driver's error where the role is not the owner
 */
export async function maintain(target: MigrationTarget): Promise<Maintained> {
  const session = await target.connect();
  try {
    return await changeTables(session, async (sql) => {
      const { rows } = await sql.query('SELECT make_partitions($1::integer) AS made', [MONTHS_AHEAD]);
      const roles = await applicationRoles(sql);
      // Later migrations bring tables that the role does not know yet.
      for (const role of roles) await sql.query('SELECT grant_application($1)', [role]);
      return { partitions: Number(rows[0]?.made ?? 0), roles };
    });
  } finally {
    await session.close();
  }
}

/**
 * Maintains now, and then every hour. Whoever may not make a partition that is missing says so each time, months
 * before anything fails for lack of it.
 * @throws MigrationError where the database cannot be reached, the first time
 */
export async function maintainRegularly(
  target: MigrationTarget,
  log: MaintenanceLog,
): Promise<{ stop(): Promise<void> }> {
  const once = async () => {
    try {
      const { partitions } = await maintain(target);
      if (partitions > 0) log.info({ partitions }, 'made partitions for the months to come');
    } catch (error) {
      if (error instanceof MigrationError && error.fault === 'locked') {
        log.info({}, 'partitions for the months to come cannot be made while the log is being read');
        return;
      }
      if ((error as { code?: unknown }).code !== INSUFFICIENT_PRIVILEGE) throw error;
      log.error({}, 'partitions for the months to come are missing: run `npm run db:maintain` as the owner');
    }
  };
  await once();
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    last = once().catch((error: unknown) => {
      log.error({ error: errorName(error) }, 'maintaining the database failed');
    });
  }, EVERY_MS);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return last;
    },
  };
}

/** Whoever was granted the right to write entries by name. */
async function applicationRoles(sql: MigrationTransaction): Promise<string[]> {
  const { rows } = await sql.query(`
    SELECT DISTINCT grantee
    FROM information_schema.column_privileges
    WHERE table_schema = current_schema() AND table_name = 'audit_entry' AND column_name = 'leaf'
      AND privilege_type = 'INSERT' AND grantor = current_user AND grantee NOT IN (current_user, 'PUBLIC')
    ORDER BY grantee`);
  return rows.map(({ grantee }) => String(grantee));
}
