// Months that are older than the setting go as whole partitions, and what stays can still be proved.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { signCheckpoint } from '../../src/audit/checkpoint.js';
import { type DroppedMonth, readDroppedMonth } from '../../src/audit/dropped-month.js';
import { dropOldMonths, MonthKept } from '../../src/audit/retention.js';
import { readPrivateKey, type SigningKeys, signingKeys } from '../../src/audit/signing-keys.js';
import { embeddedReader } from '../../src/audit/verify/log-reader.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { publishedFiles } from '../../src/audit/verify/verify-published.js';
import { developmentKeys } from '../../src/auth/development-keys.js';
import { type Database, openDatabase } from '../../src/db/client.js';
import type { MigrationTransaction } from '../../src/db/migration-target.js';
import { askForCode } from '../support/ask.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer } from '../support/server.js';

const silent = { info() {}, warn() {}, error() {} };
const month = new Date().toISOString().slice(0, 7);
/** Of a server that runs so many months from now. */
const later = (months: number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 15));
};

let database: TestDatabase;
let open: Database;
let keys: SigningKeys;
const opened = async () => {
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = database.env;
  return openDatabase(
    { dataDir: database.dataDir, url, ownerUrl, directUrl: undefined, poolSize: 2 },
    silent,
  );
};
const owner = () => {
  if (!open.owner) throw new Error('the owner is not known');
  return open.owner;
};
const partitions = async () => {
  const rows = await open.client.$queryRaw<{ name: string }[]>`
    SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relname ~ '_20\\d\\d_\\d\\d$' ORDER BY 1`;
  return rows.map(({ name }) => name);
};

beforeAll(async () => {
  database = await freshDatabase();
  const privateKey = readPrivateKey((await developmentKeys(database.dataDir)).checkpointKey);
  if (!privateKey) throw new Error('no key');
  keys = signingKeys(privateKey);
  const server = await startServer({ database });
  await askForCode(server, { phone: phoneWith() });
  await askForCode(server, { phone: phoneWith('9001') });
  await server.stop();
  open = await opened();
});
afterAll(async () => {
  await open?.close();
  await database?.drop();
});

describe('partitions', () => {
  it('are there for this month and three more, of every table that grows', async () => {
    const months = [0, 1, 2, 3].map((ahead) => later(ahead).toISOString().slice(0, 7).replace('-', '_'));
    const tables = ['audit_entry', 'audit_record', 'audit_subject', 'flow'];
    expect(await partitions()).toEqual(tables.flatMap((table) => months.map((name) => `${table}_${name}`)));
  });
});

describe('a month', () => {
  it('stays for as long as it should', async () => {
    const before = await partitions();
    expect(await dropOldMonths(owner(), 6, keys, later(6))).toEqual([]);
    expect(await partitions()).toEqual(before);
  });

  it('stays where a chain of it has no signed end', async () => {
    const chain = `${(await open.client.auditEntry.findFirst())?.chain.slice(0, -12)}000000000000`;
    await open.client.auditChain.create({ data: { id: chain, instance: 'gone', aliveUntil: new Date() } });
    const attempt = dropOldMonths(owner(), 6, keys, later(7));
    await expect(attempt).rejects.toThrow(MonthKept);
    await expect(attempt).rejects.toThrow(`${month} is kept: ${chain}:1: the chain has no signed end`);
    expect(await open.client.auditRecord.count()).toBe(2);
    const session = await owner().connect();
    await session.transaction((sql) => sql.query('DELETE FROM audit_chain WHERE id = $1', [chain]));
    await session.close();
  });

  it('stays where its counts or its entries were changed, since the proof of it would go', async () => {
    const entry = `(chain, position) = (SELECT chain, max(position) FROM audit_entry GROUP BY chain)`;
    const suffix = month.replace('-', '_');
    const [other] = await open.client.auditRecord.findMany({ where: { outcome: 'REFUSED' } });
    const cases = [
      ['UPDATE audit_rollup SET count = count + 1', 'audit_rollup .*: count is not 1'],
      ['DELETE FROM audit_rollup', 'audit_rollup .*: it is gone'],
      [`DELETE FROM audit_entry WHERE ${entry}`, ':\\d+: the chain was signed up to'],
      [`DELETE FROM audit_entry WHERE position = 2`, ':2: the entry is gone'],
      [`UPDATE audit_record SET outcome = 'UNKNOWN' WHERE id = '${other?.id}'`, 'outcome is not what'],
      [`UPDATE audit_entry SET record_id = gen_random_uuid() WHERE ${entry}`, 'column record_id is not what'],
    ] as const;
    const session = await owner().connect();
    const arm = (how: string) => `ALTER TABLE audit_entry_${suffix} ${how} TRIGGER append_only`;
    for (const [change, what] of cases) {
      const kept = session.transaction(async (sql) => {
        await sql.exec(`${arm('DISABLE')}; ${change}`);
        // What it reads and does is part of the transaction that is taken back.
        const within = {
          transaction: <T>(work: (one: typeof sql) => Promise<T>) => work(sql),
          close: async () => {},
        };
        await dropOldMonths({ name: 'postgres', connect: async () => within }, 6, keys, later(7));
      });
      await expect(kept).rejects.toThrow(MonthKept);
      await expect(kept).rejects.toThrow(new RegExp(`^${month} is kept: .*${what}.*audit:verify`));
    }
    await session.close();
  });

  (onPostgres ? it : it.skip)('stays while the log is being read', async () => {
    const reader = new pg.Client({ connectionString: database.env.DATABASE_OWNER_URL });
    await reader.connect();
    await reader.query('BEGIN');
    await reader.query('LOCK TABLE audit_record IN ACCESS SHARE MODE');
    const attempt = dropOldMonths(owner(), 6, keys, later(7));
    await expect(attempt).rejects.toMatchObject({ name: 'MigrationError', fault: 'locked' });
    await reader.end();
    expect(await open.client.auditDroppedMonth.count()).toBe(0);
  });

  describe('whose tail was cut off before its end was signed', () => {
    const heads = () => join(database.dataDir, 'checkpoints.ndjson');
    const gone = 'it was published as the end of its chain, and is gone';

    /** As if the second record had never been, and its process had gone away before. Taken back in the end. */
    async function afterCut<T>(work: (sql: MigrationTransaction) => Promise<T>): Promise<T> {
      const session = await owner().connect();
      let result: T | undefined;
      const takeBack = new Error('take it back');
      const done = session.transaction(async (sql) => {
        const { rows } = await sql.query(
          `SELECT chain::text, encode(hash, 'hex') AS hash FROM audit_entry WHERE position = 2`,
        );
        const { chain = '', hash = '' } = rows[0] as { chain?: string; hash?: string };
        const suffix = month.replace('-', '_');
        const last = `SELECT record_id FROM audit_entry WHERE position > 2`;
        await sql.exec(`
          ALTER TABLE audit_entry_${suffix} DISABLE TRIGGER append_only;
          ALTER TABLE audit_checkpoint DISABLE TRIGGER append_only;
          DELETE FROM audit_rollup WHERE outcome IN (SELECT outcome FROM audit_record WHERE id IN (${last}));
          DELETE FROM audit_subject WHERE record_id IN (${last});
          DELETE FROM audit_record WHERE id IN (${last});
          DELETE FROM audit_entry WHERE position > 2;
          DELETE FROM audit_checkpoint WHERE (substring(statement FROM '"position":(\\d+)'))::integer > 2`);
        const { rows: left } = await sql.query(
          'SELECT max(serial)::integer + 1 AS serial FROM audit_checkpoint',
        );
        const serial = Number(left[0]?.serial);
        const end = { chain, serial, position: 2, hash, at: new Date().toISOString() };
        const statement = signCheckpoint({ ...end, state: 'ABANDONED' }, keys);
        await sql.query('INSERT INTO audit_checkpoint (chain, serial, statement) VALUES ($1, $2, $3)', [
          chain,
          serial,
          statement,
        ]);
        result = await work(sql);
        throw takeBack;
      });
      await done
        .catch((error) => {
          if (error !== takeBack) throw error;
        })
        .finally(() => session.close());
      return result as T;
    }
    const drop = (sql: MigrationTransaction, published: readonly string[]) => {
      const within = {
        transaction: <T>(work: (one: typeof sql) => Promise<T>) => work(sql),
        close: async () => {},
      };
      const target = { name: 'postgres', connect: async () => within } as const;
      return dropOldMonths(target, 6, keys, later(7), undefined, published);
    };

    it('stays where the published heads are at hand', async () => {
      const attempt = afterCut((sql) => drop(sql, [heads()]));
      await expect(attempt).rejects.toThrow(MonthKept);
      await expect(attempt).rejects.toThrow(`:4: ${gone}`);
    });

    it('is found by them once it is gone', async () => {
      const listed = await afterCut(async (sql) => {
        expect(await drop(sql, [])).toMatchObject([{ month, entries: 2, records: 1 }]);
        const query = async <Row>(text: string) => (await sql.query(text)).rows as Row[];
        const verified = await verifyLog(
          { snapshot: false, blockSize: 250, query, close: async () => {} },
          {
            trusted: keys.trusted,
            sealer: null,
            published: await publishedFiles([heads()]),
            runs: [],
            signal: new AbortController().signal,
            progress: () => {},
          },
        );
        return verified.listed;
      });
      expect(listed).toContainEqual({ where: expect.stringMatching(/^[\w-]{36}:4$/), what: gone });
    });
  });

  it('goes whole when its time is over, and leaves a signed summary', async () => {
    const [ended] = await open.client.auditEntry.findMany({ orderBy: { position: 'desc' }, take: 1 });
    const before = await partitions();
    const published = join(database.dataDir, 'checkpoints.ndjson');
    const reader = embeddedReader(open.client);
    const verify = async (query = reader.query) =>
      verifyLog(
        { ...reader, query },
        {
          trusted: keys.trusted,
          sealer: null,
          published: await publishedFiles([published]),
          runs: [],
          signal: new AbortController().signal,
          progress: () => {},
        },
      );
    // While it is verified, once its chains were followed and before its records are read.
    let dropped: DroppedMonth[] | undefined;
    const { listed } = await verify(async <Row>(sql: string) => {
      if (sql.includes('FROM audit_class')) {
        dropped ??= await dropOldMonths(owner(), 6, keys, later(7), undefined, [published]);
      }
      return reader.query<Row>(sql);
    });
    expect(listed).toEqual([]);
    expect(dropped).toMatchObject([{ month, chains: 1, entries: ended?.position, records: 2, rollups: 2 }]);
    const suffix = month.replace('-', '_');
    expect(await partitions()).toEqual(before.filter((name) => !name.endsWith(suffix)));
    const [kept] = await open.client.auditDroppedMonth.findMany();
    expect(readDroppedMonth(kept?.statement ?? '', keys.trusted).month).toEqual(dropped?.[0]);
    expect(await open.client.auditRollup.count()).toBe(2);
    expect(await dropOldMonths(owner(), 6, keys, later(7))).toEqual([]);
    expect((await verify()).listed).toEqual([]);
  });

  it('cannot be taken back, nor its summary changed', async () => {
    const session = await owner().connect();
    const change = session.transaction((sql) => sql.query(`UPDATE audit_dropped_month SET statement = ''`));
    await expect(change).rejects.toThrow('append-only');
    await session.close();
  });
});
