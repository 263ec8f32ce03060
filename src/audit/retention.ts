// Drops the months that are older than the setting, whole partitions at a time, and keeps a signed summary of each:
// what stays (checkpoints, rollups) can then still be proved. A month whose chains have no signed end, or another
// one, is not dropped: the proof that something is wrong with it would go with it.
import { changeTables } from '../db/maintenance.js';
import { MigrationError, type MigrationTarget, type MigrationTransaction } from '../db/migration-target.js';
import { errorName } from '../errors.js';
import { genesisHash } from './chain.js';
import { isFinal, readCheckpoint } from './checkpoint.js';
import {
  type ChainEnd,
  type DroppedMonth,
  HeadsDigest,
  monthOfId,
  type RollupOfMonth,
  RollupsDigest,
  readDroppedMonth,
  signDroppedMonth,
} from './dropped-month.js';
import { firstIdAt } from './record-time.js';
import { regularly } from './regularly.js';
import type { SigningKeys } from './signing-keys.js';

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
 * @throws MonthKept where one cannot be dropped, MigrationError where the log is being read; older ones are gone then
 */
export async function dropOldMonths(
  target: MigrationTarget,
  months: number,
  keys: SigningKeys,
  now?: Date,
): Promise<DroppedMonth[]> {
  const session = await target.connect();
  try {
    const dropped: DroppedMonth[] = [];
    for (;;) {
      const month = await changeTables(session, async (sql) => {
        const oldest = await oldestMonth(sql);
        const today = now ?? (await earlierClock(sql));
        if (oldest === null || oldest >= monthBefore(today, months)) return null;
        return dropMonth(sql, oldest, keys, today);
      });
      if (month === null) return dropped;
      dropped.push(month);
    }
  } finally {
    await session.close();
  }
}

async function dropMonth(
  sql: MigrationTransaction,
  month: string,
  keys: SigningKeys,
  now: Date,
): Promise<DroppedMonth> {
  const from = new Date(`${month}-01T00:00:00Z`);
  const to = new Date(from);
  to.setUTCMonth(to.getUTCMonth() + 1);
  const suffix = month.replace('-', '_');
  const partitions = ['audit_record', 'audit_entry', 'audit_subject', 'flow'].map(
    (table) => `${table}_${suffix}`,
  );
  // Nobody writes to them any more, and nobody shall while they are summed up.
  await sql.exec(`LOCK TABLE ${partitions.join(', ')} IN SHARE MODE`);

  const heads = new HeadsDigest();
  for (const chain of await chainsBetween(sql, from, to)) heads.add(await signedEnd(sql, chain, month, keys));
  const [counted] = (await sql.query(`SELECT count(*)::integer AS records FROM audit_record_${suffix}`)).rows;
  const rollups = await rollupsBetween(sql, from, to);
  const facts = {
    month,
    chains: heads.chains,
    entries: heads.entries,
    heads: heads.hex(),
    records: Number(counted?.records),
    rollups: rollups.rows,
    rollupsDigest: rollups.hex(),
    at: now.toISOString(),
  };
  const statement = signDroppedMonth(facts, keys);
  await sql.query('INSERT INTO audit_dropped_month (month, statement) VALUES ($1, $2)', [
    from.toISOString(),
    statement,
  ]);
  await sql.exec(`DROP TABLE ${partitions.join(', ')}`);
  const { month: dropped } = readDroppedMonth(statement, keys.trusted);
  if (!dropped) throw new Error('a summary that was just signed cannot be read');
  return dropped;
}

/** Its chain's end as it stands, which must be the one that was signed when it was closed. */
async function signedEnd(
  sql: MigrationTransaction,
  chain: string,
  month: string,
  keys: SigningKeys,
): Promise<ChainEnd> {
  const { rows: last } = await sql.query(
    `SELECT position, encode(hash, 'hex') AS hash FROM audit_entry WHERE chain = $1 ORDER BY position DESC LIMIT 1`,
    [chain],
  );
  const position = Number(last[0]?.position ?? 0);
  const hash = String(last[0]?.hash ?? genesisHash(chain).toString('hex'));
  const { rows } = await sql.query(
    'SELECT statement FROM audit_checkpoint WHERE chain = $1 ORDER BY serial DESC LIMIT 1',
    [chain],
  );
  const { checkpoint } = readCheckpoint(String(rows[0]?.statement ?? ''), keys.trusted);
  if (!checkpoint || !isFinal(checkpoint)) throw new MonthKept(month, `chain ${chain} has no signed end`);
  if (checkpoint.chain !== chain || checkpoint.position !== position || checkpoint.hash !== hash) {
    throw new MonthKept(
      month,
      `chain ${chain} does not end where it was signed; run \`npm run audit:verify\``,
    );
  }
  return { chain, position, hash };
}

/** Every chain of a span, in order, by all that names one. */
async function chainsBetween(sql: MigrationTransaction, from: Date, to: Date): Promise<string[]> {
  const { rows } = await sql.query(
    `SELECT id::text AS id FROM audit_chain WHERE id >= $1 AND id < $2
     UNION SELECT chain::text FROM audit_checkpoint WHERE chain >= $1 AND chain < $2
     UNION SELECT DISTINCT chain::text FROM audit_entry WHERE chain >= $1 AND chain < $2
     ORDER BY id`,
    [firstIdAt(from), firstIdAt(to)],
  );
  return rows.map(({ id }) => String(id));
}

async function rollupsBetween(sql: MigrationTransaction, from: Date, to: Date): Promise<RollupsDigest> {
  const { rows } = await sql.query(
    `SELECT to_char(bucket AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS bucket, chain::text AS chain,
            provider, kind, outcome, rule, count, histogram
     FROM audit_rollup WHERE bucket >= $1 AND bucket < $2
     ORDER BY bucket, audit_rollup.chain, provider COLLATE "C", kind COLLATE "C", outcome COLLATE "C", rule COLLATE "C"`,
    [from.toISOString(), to.toISOString()],
  );
  const digest = new RollupsDigest();
  for (const row of rows) digest.add(row as unknown as RollupOfMonth);
  return digest;
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

/** Drops old months now, and then every six hours. */
export function keepMonths(
  owner: MigrationTarget,
  months: number,
  keys: SigningKeys,
  log: RetentionLog,
): { stop(): Promise<void> } {
  return regularly(
    EVERY_MS,
    async () => {
      for (const { month, records, entries } of await dropOldMonths(owner, months, keys)) {
        log.warn(
          { month, records, entries },
          'dropped a month of the log that is older than RETENTION_MONTHS',
        );
      }
    },
    (error) => {
      const isTold = error instanceof MonthKept || error instanceof MigrationError;
      const reason = isTold ? error.message : errorName(error);
      log.error({ reason }, 'an old month of the log could not be dropped');
    },
  );
}
