// An erasure that was cut off is finished before anything is served, and a restored backup is not served before what
// was erased is erased again.
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { askForCode } from '../support/ask.js';
import { auditRecords, brokenLinks, wholeLog } from '../support/audit.js';
import { runCommand } from '../support/command.js';
import { databaseUrl, freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { readRecord } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { runToEnd, startServer, type TestServer } from '../support/server.js';
import { askToErase, erase } from './admin.js';

let database: TestDatabase;
let sandbox: TestServer;
let server: TestServer;
const start = async () => {
  server = await startServer({ database, sandboxOf: sandbox });
};
const refusedStart = async (env: Record<string, string> = {}) => {
  const { code, output } = await runToEnd({ ...database.env, PORT: '0', SANDBOX: 'off', ...env });
  return { code, faults: output.split('\n').filter((line) => line.startsWith('yanzheng cannot start')) };
};
const eraseAgain = () => runCommand('dist/bundled/commands.js', ['audit:erase-again'], database.env);
const erasures = () => join(database.dataDir, 'erasures.ndjson');

beforeAll(async () => {
  sandbox = await startServer();
  database = await freshDatabase();
  await start();
});
afterAll(async () => {
  await server?.stop();
  await Promise.all([sandbox?.stop(), database?.drop()]);
});

// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
async function read(id: string): Promise<any> {
  const token = await server.token({ role: 'auditor' });
  return (await server.graphql(readRecord, { id }, { token })).data.auditRecord;
}

describe('an erasure that is cut off by kill -9', () => {
  it('before it is in the log, has never been', async () => {
    const phone = phoneWith();
    const { requestId } = await askForCode(server, { phone });
    await server.kill();
    await start();
    // No chain can be begun where heads cannot be published.
    const heads = join(database.dataDir, 'checkpoints.ndjson');
    renameSync(heads, `${heads}.aside`);
    mkdirSync(heads);
    const cutOff = await askToErase(server, { phone }, { key: 'first' });
    expect(cutOff.errors?.[0]?.extensions).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    await server.kill();
    rmdirSync(heads);
    renameSync(`${heads}.aside`, heads);

    await start();
    expect(existsSync(erasures())).toBe(false);
    expect(await read(requestId)).toMatchObject({ erasedAt: null, maskedPhone: expect.any(String) });
    // The same key erases after all; on Postgres, another process could still be at it for a while.
    expect(await erase(server, { phone }, onPostgres ? 'second' : 'first')).toMatchObject({ records: 1 });
  });

  it('once it is in the log, is finished by the next start before anything is served', async () => {
    const phone = phoneWith();
    const { requestId } = await askForCode(server, { phone });
    // What cannot be published is not destroyed.
    renameSync(erasures(), `${erasures()}.aside`);
    symlinkSync('/nowhere/at/all', erasures());
    const cutOff = await askToErase(server, { phone }, { key: 'cut off' });
    expect(cutOff.errors?.[0]?.extensions).toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(await read(requestId)).toMatchObject({ erasedAt: null, maskedPhone: expect.any(String) });
    await server.kill();
    expect(await refusedStart()).toMatchObject({
      code: 1,
      faults: [expect.stringContaining('An erasure was cut off and cannot be finished')],
    });

    renameSync(`${erasures()}.aside`, erasures());
    await start();
    const record = await read(requestId);
    expect(record).toMatchObject({ erasedAt: expect.any(String), maskedPhone: null });
    expect(await auditRecords(server, { subject: { phone } })).toEqual([]);
    expect(await erase(server, { phone }, 'cut off')).toEqual({ records: 1, erasedAt: record.erasedAt });
  });

  it('at any moment leaves all of it or nothing', async () => {
    const phones = Array.from({ length: 12 }, () => phoneWith());
    await Promise.all(phones.map((phone) => askForCode(server, { phone })));
    const before = (await wholeLog(server)).filter(({ operation }) => operation === 'eraseSubject');
    const erasing = phones.map((phone) => askToErase(server, { phone }).catch(() => null));
    await Promise.race(erasing);
    await server.kill();
    const told = (await Promise.all(erasing)).filter((answer) => answer?.data?.eraseSubject);
    await start();
    const left = await Promise.all(phones.map((phone) => auditRecords(server, { subject: { phone } })));
    const there = left.filter((records) => records.length > 0);
    for (const records of there) expect(records).toMatchObject([{ maskedPhone: expect.any(String) }]);
    const log = await wholeLog(server);
    const said = log.filter(({ operation }) => operation === 'eraseSubject').length - before.length;
    expect(said).toBeGreaterThanOrEqual(told.length);
    expect(there).toHaveLength(phones.length - said);
    expect(Object.values(brokenLinks(log)).filter((position) => position !== null)).toEqual([]);
  });
});

describe('a restored backup', () => {
  const phone = phoneWith();
  let erased: string;
  let stays: string;

  beforeAll(async () => {
    const token = await server.token({ role: 'user', sub: 'somebody' });
    erased = (await askForCode(server, { phone }, { token })).requestId;
    stays = (await askForCode(server, { phone: phoneWith() }, { token })).requestId;
    await server.stop();
    const backup = await backUp(database);
    await start();
    await erase(server, { phone });
    await server.stop();
    await backup.restore();
  });

  it('is not served', async () => {
    const { code, faults } = await refusedStart();
    expect([code, faults]).toEqual([1, [expect.stringContaining('1 record that was erased')]]);
    expect(faults[0]).toContain('npm run audit:erase-again');
  });

  it('is not served either where the key that signed the erasure is not trusted', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const other = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    expect(await refusedStart({ CHECKPOINT_KEY: other })).toMatchObject({
      code: 1,
      faults: [expect.stringContaining('name it in CHECKPOINT_PUBLIC_KEYS')],
    });
  });

  it('is served after npm run audit:erase-again, which does what the erasure did', async () => {
    const { code, stdout, stderr } = await eraseAgain();
    expect([code, stdout.match(/: \d+/g)]).toEqual([0, [': 0', ': 0', ': 1']]);
    // It may have ended the chains of the servers that were killed, and says so.
    expect(stderr).not.toContain('genuine');
    // What nobody signed, and what was cut off, stops nothing.
    const [line = ''] = (await readFile(erasures(), 'utf8')).split('\n').slice(-2);
    await appendFile(erasures(), `${line.replaceAll(erased, stays)}\nnonsense\n${line.slice(0, 99)}`);
    await start();
    expect(await auditRecords(server, { subject: { phone } })).toEqual([]);
    expect(await read(erased)).toMatchObject({
      maskedPhone: null,
      actor: null,
      erasedAt: expect.any(String),
    });
    expect(await read(stays)).toMatchObject({ actor: 'somebody', erasedAt: null });
    const [said] = (await wholeLog(server)).filter(({ operation }) => operation === 'audit:erase-again');
    expect(said).toMatchObject({ kind: 'AUDIT_ACCESS', actor: expect.stringMatching(/^command line: ./) });
    expect(said?.entries).toMatchObject([{ kind: 'ERASE', detail: { records: 1 } }]);
  });

  it('has nothing left to be erased then, as the running server says', async () => {
    const { code, stdout, stderr } = await eraseAgain();
    expect([code, stdout.match(/: \d+/g)]).toEqual([1, [': 0', ': 0', ': 0']]);
    // Of an erasure that the database knows, no line has to be believed.
    expect(stderr).toContain(
      'not genuine, or signed with a key that CHECKPOINT_PUBLIC_KEYS does not name: 1 line of it',
    );
  });
});

/** A copy of the database as it is; its server must have ended. */
async function backUp({ dataDir, env }: TestDatabase): Promise<{ restore(): Promise<void> }> {
  const { DATABASE_OWNER_URL: url } = env;
  if (url === undefined) {
    const [folder, copy] = [join(dataDir, 'database'), join(dataDir, 'backup')];
    cpSync(folder, copy, { recursive: true });
    return {
      restore: async () => {
        rmSync(folder, { recursive: true });
        renameSync(copy, folder);
      },
    };
  }
  const name = new URL(url).pathname.slice(1);
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: databaseUrl(url, 'postgres') });
    await client.connect();
    await client.query('SELECT pg_advisory_lock(4000)');
    await client.query(sql).finally(() => client.end());
  };
  await admin(`CREATE DATABASE ${name}_backup TEMPLATE ${name}`);
  return {
    restore: async () => {
      await admin(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin(`ALTER DATABASE ${name}_backup RENAME TO ${name}`);
    },
  };
}
