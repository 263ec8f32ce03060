// The database behind a log as somebody has it who may do anything: triggers off while he does it, no server around.
// And the verifier on that same session, so that what was tampered with can be taken back.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { genesisHash } from '../../src/audit/chain.js';
import { signCheckpoint } from '../../src/audit/checkpoint.js';
import { RecordSealer } from '../../src/audit/record-seal.js';
import { readPrivateKey, type SigningKeys, signingKeys } from '../../src/audit/signing-keys.js';
import { runsFileBeside } from '../../src/audit/verification-run.js';
import { copyRows, rowsOf } from '../../src/audit/verify/binary-copy.js';
import { inTurn, type LogReader } from '../../src/audit/verify/log-reader.js';
import { type Verification, verifyLog } from '../../src/audit/verify/verify-log.js';
import { type PublishedFile, publishedFiles } from '../../src/audit/verify/verify-published.js';
import { developmentKeys } from '../../src/auth/development-keys.js';
import type { TestDatabase } from '../support/database.js';

export interface LogSession {
  readonly keys: SigningKeys;
  /** Published heads. */
  readonly file: string;
  query<Row = Record<string, unknown>>(sql: string): Promise<Row[]>;
  copy: NonNullable<LogReader['copy']>;
  readonly reader: LogReader;
  readonly sealer: RecordSealer;
  /**
   * What the verifier says while `tampering` is done, which is taken back afterwards.
   * @param left what is done after the triggers were switched on again
   */
  verify(tampering?: string | readonly string[], left?: readonly string[]): Promise<Verification>;
  close(): Promise<void>;
}

/**
 * Servers that use the database must have ended, on the embedded default.
 * @param blockSize few, so that a small log has many blocks
 * @param snapshot false: as where a server holds the embedded database, each answer of its own moment
 */
export async function openLogSession(
  { dataDir, env }: TestDatabase,
  blockSize = 16,
  snapshot = true,
): Promise<LogSession> {
  const { query, copy, close } = env.DATABASE_OWNER_URL
    ? await openPostgres(env.DATABASE_OWNER_URL)
    : await openEmbedded(dataDir);
  await query(`SET timezone = 'UTC'`);
  const own = await developmentKeys(dataDir);
  const privateKey = readPrivateKey(own.checkpointKey);
  if (!privateKey) throw new Error('no key');
  const keys = signingKeys(privateKey);
  const sealer = new RecordSealer([own.sealKey]);
  const file = join(dataDir, 'checkpoints.ndjson');

  const turn = inTurn(() => query('ROLLBACK TO SAVEPOINT reading'));
  const reader: LogReader = {
    snapshot,
    blockSize,
    query: (sql) => turn(() => query(sql)),
    ...(snapshot ? {} : { queryNow: (sql: string) => turn(() => query(sql)) as never }),
    // As in production: the embedded database is reached through Prisma, which knows no COPY.
    ...(env.DATABASE_OWNER_URL && snapshot ? { copy: (select) => turn(() => copy(select)) } : {}),
    close: async () => {},
  };
  const verify = async (published: readonly PublishedFile[], runs: readonly PublishedFile[]) =>
    verifyLog(reader, {
      trusted: keys.trusted,
      sealer,
      published,
      runs,
      signal: new AbortController().signal,
      progress: () => {},
    });

  return {
    keys,
    file,
    query,
    copy,
    reader,
    sealer,
    close,
    verify: async (tampering = [], left = []) => {
      const published = await publishedFiles([file]);
      const runs = await publishedFiles([runsFileBeside(file)]);
      const statements = typeof tampering === 'string' ? [tampering] : tampering;
      await query('BEGIN');
      try {
        if (statements.length > 0) {
          await query(triggers('DISABLE'));
          for (const sql of statements) await query(sql);
          await query(triggers('ENABLE ALWAYS'));
        }
        for (const sql of left) await query(sql);
        await query('SAVEPOINT reading');
        return await verify(published, runs);
      } finally {
        await query('ROLLBACK');
      }
    },
  };
}

/** Switches off what keeps rows as they are, or on again, so that nobody sees that it ever was off. */
const triggers = (state: 'DISABLE' | 'ENABLE ALWAYS') => `
  DO $do$
  DECLARE
    v_trigger record;
  BEGIN
    FOR v_trigger IN
      SELECT tgname, tgrelid::regclass AS on FROM pg_trigger WHERE tgconstraint = 0 ORDER BY tgrelid
    LOOP
      EXECUTE format('ALTER TABLE %s ${state} TRIGGER %I', v_trigger.on, v_trigger.tgname);
    END LOOP;
  END
  $do$`;

/** A chain without entries, an hour ahead, so that what is not signed or stored by then should have been long ago. */
export function anHourLater(keys: SigningKeys): { statements: string[]; sql: string[] } {
  const chain = uuidv7();
  const hash = genesisHash(chain).toString('hex');
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const statements = (['ANNOUNCED', 'CLOSED'] as const).map((state, serial) =>
    signCheckpoint({ chain, serial, position: 0, hash, at, state }, keys),
  );
  const sql = statements.map(
    (statement, serial) =>
      `INSERT INTO audit_checkpoint (chain, serial, statement) VALUES ('${chain}', ${serial}, '${statement}')`,
  );
  return { statements, sql };
}

/** Lines of the file of published heads. */
export function publishedLines(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

type Session = Pick<LogSession, 'query' | 'copy' | 'close'>;

async function openPostgres(url: string): Promise<Session> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    query: async <Row>(sql: string) => (await client.query(sql)).rows as Row[],
    copy: (select) => copyRows(client, select),
    close: () => client.end(),
  };
}

async function openEmbedded(dataDir: string): Promise<Session> {
  const lite = await PGlite.create(join(dataDir, 'database'));
  return {
    query: async <Row>(sql: string) => (await lite.query<Row>(sql)).rows,
    copy: async (select) => {
      const { blob } = await lite.query(`COPY (${select}) TO '/dev/blob' (FORMAT binary)`);
      return rowsOf(Buffer.from(await (blob as Blob).arrayBuffer()));
    },
    close: () => lite.close(),
  };
}
