// After a run over all scenarios, no code and no whole phone number rests anywhere: database, files, output.
import { createHash, randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codesIn, filesOf, rowsOf, secretsIn } from '../support/at-rest.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { requestCode } from '../support/operations.js';
import { startServer, type TestServer } from '../support/server.js';

// The middle is chosen so that it is in no timestamp, id or counter by chance.
const phones = ['9001', '9002', '9003', '9004', '9005', '9006', '9007', '9008', '9009', '4711', '0815'].map(
  (lastFour) => `1${randomInt(3, 10)}${randomInt(10_000, 99_999)}${lastFour}`,
);

let database: TestDatabase;
let sandbox: TestServer;
let rested: { rows: string; files: Buffer; output: string };
let codes: string[];

beforeAll(async () => {
  sandbox = await startServer();
  database = await freshDatabase();
  const server = await startServer({
    database,
    sandboxOf: sandbox,
    env: { USERCOIN_DEADLINE_MS: '4500', LOG_LEVEL: 'trace' },
  });
  const token = await server.token({ role: 'user' });
  await Promise.all(
    phones.flatMap((phone) =>
      [{}, { key: `key of ${phone.slice(-4)}` }, { key: `key of ${phone.slice(-4)}` }].map((more) =>
        server.graphql(requestCode, { phone, ...more }, more.key ? { token } : {}),
      ),
    ),
  );
  // Refused before anything is recorded, and faults.
  await server.graphql(requestCode, { phone: `${phones[0]}0` });
  await server.graphql(requestCode, { phone: phones[1], purpose: phones[1] });
  await server.graphql(requestCode, { phone: phones[2], key: 'k'.repeat(200) });
  await fetch(`${server.url}/graphql?phone=${phones[3]}`, { method: 'POST', body: `{"phone":"${phones[4]}` });
  codes = (await sandbox.inbox()).map(({ code }) => code);
  await server.stop();
  rested = { rows: await rowsOf(database), files: filesOf(database.dataDir), output: server.output() };
}, 180_000);
afterAll(async () => {
  await sandbox?.stop();
  await database?.drop();
});

describe('what rests after a run over all scenarios', () => {
  it('is there to be searched', () => {
    expect(codes.length).toBeGreaterThanOrEqual(7);
    expect(
      rested.rows.split('\n').filter((row) => row.startsWith('public.audit_record ')).length,
    ).toBeGreaterThanOrEqual(22);
    expect(rested.output).toContain('SIGTERM');
    expect(rested.files.length).toBeGreaterThan(0);
  });

  it.each(['rows', 'output'] as const)('holds no sent code: %s', (where) => {
    expect(codesIn(rested[where], codes)).toEqual([]);
  });

  it.each(['rows', 'files', 'output'] as const)('holds no phone number, however spelt: %s', (where) => {
    expect(secretsIn(rested[where], phones)).toEqual([]);
  });

  it('holds no digest of a number that anybody could compute', () => {
    const digests = phones.flatMap((phone) =>
      [phone, `+86${phone}`].flatMap((text) =>
        ['sha256', 'sha1', 'md5'].map((algorithm) => createHash(algorithm).update(text).digest('hex')),
      ),
    );
    expect(digests.filter((digest) => rested.rows.includes(digest))).toEqual([]);
  });
});

describe('the search', () => {
  const secret = '13912345678';
  it.each([
    ['as it is', secret],
    ['reversed', '87654321931'],
    ['in hex', Buffer.from(`{"phone":"${secret}"}`).toString('hex')],
    ['in upper-case hex', Buffer.from(secret).toString('hex').toUpperCase()],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 one byte further', Buffer.from(`{"phone":"${secret}"}`).toString('base64')],
    ['in base64 two bytes further', Buffer.from(`ab${secret}cd`).toString('base64')],
  ])('finds a number that rests %s', (_, text) => {
    expect(secretsIn(`before ${text} after`, [secret])).toEqual([secret]);
  });

  it('passes over a number that a digest holds by chance, and over no other', () => {
    const digest = createHash('sha256').update('anything').digest('hex');
    expect(secretsIn(`${digest.slice(0, 20)}${secret}${digest.slice(31)}`, [secret])).toEqual([]);
    for (const text of [`86${secret}`, `id${digest}:${secret}`, `${secret}${digest.slice(0, 20)}`]) {
      expect(secretsIn(text, [secret])).toEqual([secret]);
    }
  });

  it('finds a number that was planted in the database', async () => {
    const planted = await freshDatabase();
    const server = await startServer({ database: planted });
    // A name is no number, so it may rest: the actor of a record.
    const token = await server.token({ role: 'user', sub: `tel ${secret}` });
    await server.graphql(requestCode, { phone: '13800000000' }, { token });
    await server.stop();
    expect(secretsIn(await rowsOf(planted), [secret])).toEqual([secret]);
    expect(secretsIn(filesOf(planted.dataDir), [secret])).toEqual(process.env.DATABASE_URL ? [] : [secret]);
    await planted.drop();
  });
});
