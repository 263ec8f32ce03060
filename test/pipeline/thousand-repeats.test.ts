// 1,000 concurrent requests with 100 keys are 100 calls: through every process, and once more after kill -9.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecords, faultsOfLog } from '../support/audit.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

/** The embedded database is opened by one process at a time. */
const PROCESSES = onPostgres ? 2 : 1;
// A machine with other work to do may need longer than the usual 8 s for a thousand at once.
const env = { USERCOIN_DEADLINE_MS: '40000' };
jest.setTimeout(180_000);

const wishes = Array.from({ length: 100 }, (_, n) => ({ phone: phoneWith(), key: `key ${n}` }));

let sandbox: TestServer;
let database: TestDatabase;
let servers: TestServer[] = [];
beforeAll(async () => {
  // In a process of its own, so that it outlives the others.
  sandbox = await startServer();
  database = await freshDatabase();
  servers = await startAll();
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all([sandbox?.stop(), database?.drop()]);
});

/** Each has been asked for something else before: a server that has just started is slow, and a batch is waited for. */
function startAll(): Promise<TestServer[]> {
  return Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      const server = await startServer({ database, sandboxOf: sandbox, env });
      await Promise.all(
        Array.from({ length: 10 }, () => askForCode(server, { phone: phoneWith() }, { client: 'console' })),
      );
      return server;
    }),
  );
}

/** How many calls the wishes came to. */
const callsOfWishes = async () => {
  const phones = new Set(wishes.map(({ phone }) => phone.slice(-11)));
  return (await sandbox.calls()).filter(({ subject }) => phones.has(subject.slice(-11))).length;
};

/** Ten times every wish, all at once, in turn to every process; the answers by key. */
async function askThousand() {
  const answers = await Promise.all(
    Array.from({ length: 10 }).flatMap((_, round) =>
      wishes.map(async (wish, n) => {
        const server = servers[(round + n) % servers.length];
        if (!server) throw new Error('no server');
        const { testCode, replayed, expiresInMs, resendAfterMs, ...alike } = await askForCode(server, wish);
        return { key: wish.key, testCode, replayed, alike };
      }),
    ),
  );
  return wishes.map(({ key }) => answers.filter((answer) => answer.key === key));
}

const distinct = (items: readonly unknown[]) => new Set(items.map((item) => JSON.stringify(item))).size;

describe(`1,000 requests with 100 keys through ${PROCESSES} process(es)`, () => {
  let first: Awaited<ReturnType<typeof askThousand>>;

  it('are 100 calls, and ten answers alike for every key', async () => {
    first = await askThousand();
    expect(await callsOfWishes()).toBe(100);
    for (const ten of first) {
      expect(ten).toHaveLength(10);
      expect(distinct(ten.map(({ alike }) => alike))).toBe(1);
      expect(ten.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(ten.filter(({ testCode }) => testCode !== null)).toHaveLength(1);
      expect(ten[0]?.alike.__typename).toBe('VerificationCodeSent');
    }
  });

  it('are still 100 calls when all are repeated after kill -9', async () => {
    await Promise.all(servers.map((server) => server.kill()));
    servers = await startAll();
    const second = await askThousand();
    expect(await callsOfWishes()).toBe(100);
    second.forEach((ten, n) => {
      expect(ten.every(({ replayed, testCode }) => replayed && testCode === null)).toBe(true);
      expect(distinct([...ten, ...(first[n] ?? [])].map(({ alike }) => alike))).toBe(1);
    });
  });

  it('leave 100 records that count their repeats, in chains that verify', async () => {
    const [server] = servers;
    if (!server) throw new Error('no server');
    const records = (await auditRecords(server)).filter(({ client }) => client !== 'console');
    expect(records.map(({ replays }) => replays)).toEqual(Array(100).fill(19));
    expect(await faultsOfLog(server)).toEqual([]);
  });
});
