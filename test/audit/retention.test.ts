// Months that are older than the setting go as whole partitions, and what stays can still be proved.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDroppedMonth } from '../../src/audit/dropped-month.js';
import { dropOldMonths, MonthKept } from '../../src/audit/retention.js';
import { readPrivateKey, type SigningKeys, signingKeys } from '../../src/audit/signing-keys.js';
import { developmentKeys } from '../../src/auth/development-keys.js';
import { type Database, openDatabase } from '../../src/db/client.js';
import { askForCode } from '../support/ask.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
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
    await expect(attempt).rejects.toThrow(`${month} is kept: chain ${chain} has no signed end`);
    expect(await open.client.auditRecord.count()).toBe(2);
    const session = await owner().connect();
    await session.transaction((sql) => sql.query('DELETE FROM audit_chain WHERE id = $1', [chain]));
    await session.close();
  });

  it('goes whole when its time is over, and leaves a signed summary', async () => {
    const [ended] = await open.client.auditEntry.findMany({ orderBy: { position: 'desc' }, take: 1 });
    const before = await partitions();
    const dropped = await dropOldMonths(owner(), 6, keys, later(7));
    expect(dropped).toMatchObject([{ month, chains: 1, entries: ended?.position, records: 2, rollups: 2 }]);
    const suffix = month.replace('-', '_');
    expect(await partitions()).toEqual(before.filter((name) => !name.endsWith(suffix)));
    const [kept] = await open.client.auditDroppedMonth.findMany();
    expect(readDroppedMonth(kept?.statement ?? '', keys.trusted).month).toEqual(dropped[0]);
    expect(await open.client.auditRollup.count()).toBe(2);
    expect(await dropOldMonths(owner(), 6, keys, later(7))).toEqual([]);
  });

  it('cannot be taken back, nor its summary changed', async () => {
    const session = await owner().connect();
    const change = session.transaction((sql) => sql.query(`UPDATE audit_dropped_month SET statement = ''`));
    await expect(change).rejects.toThrow('append-only');
    await session.close();
  });
});
