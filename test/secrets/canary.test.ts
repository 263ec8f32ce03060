// Canaries go through every operation and scenario: a distinctive phone, name, ID number, password, captcha, code,
// token and key. Then everything that is left is searched for each of them, however written: the database, the
// server's output, the answers to front-ends and auditors, exports. None may be there, except sealed.
import { randomBytes, randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Conversation } from '../operator-authentication/conversation.js';
import { filesOf, rowsOf, secretsIn } from '../support/at-rest.js';
import { wholeLog } from '../support/audit.js';
import { runCommand } from '../support/command.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { bindPhone, issueUserToken, requestBankCode, requestCode } from '../support/operations.js';
import { startServer, type TestServer } from '../support/server.js';

const digits = (count: number) => Array.from({ length: count }, () => randomInt(1, 10)).join('');
/** Their middles are in no id, time or counter by chance. */
const phoneOf = (scenario: string) => `139${digits(4)}${scenario}`;
const canaries = {
  name: `上官${randomBytes(5).toString('hex')}`,
  idNumber: `11010519${digits(9)}X`,
  password: digits(12),
  captcha: digits(9),
  personId: `person-${randomBytes(6).toString('hex')}`,
  memberId: `member-${randomBytes(6).toString('hex')}`,
  homeAddress: `弄堂${randomBytes(5).toString('hex')}`,
};
const scenarios = ['9001', '9002', '9003', '9004', '9005', '9006', '9007', '9008', '9009', '4711'];
const phones: string[] = [];
const issued: string[] = [];
const answers: string[] = [];

let sandbox: TestServer;
let database: TestDatabase;
let left: Record<'rows' | 'files' | 'output' | 'answers' | 'auditors' | 'exports', string>;
let keys: string[];
let bearers: string[];

beforeAll(async () => {
  sandbox = await startServer();
  database = await freshDatabase();
  const deadlines = ['USERCOIN', 'QINGSONG_BANK', 'QINGSONG_TOKEN', 'TONGQIFU', 'JUXINLI', 'JUXINLI_COLLECT'];
  const server = await startServer({
    database,
    sandboxOf: sandbox,
    env: {
      ...Object.fromEntries(deadlines.map((name) => [`${name}_DEADLINE_MS`, '3800'])),
      PATIENCE_MS: '800',
      LOG_LEVEL: 'trace',
    },
  });
  const user = await server.token({ role: 'user' });
  const service = await server.token({ role: 'service' });
  const auditor = await server.token({ role: 'auditor' });
  bearers = [user, service, auditor].map((token) => token.split('.')[2] ?? '');

  const ask = async (document: string, variables: object, token?: string) => {
    const answer = await server.graphql(document, variables, { token });
    answers.push(answer.text);
    return answer.data;
  };
  await Promise.all(
    scenarios.map(async (scenario, n) => {
      const phone = phoneOf(scenario);
      phones.push(phone);
      const key = `key ${n}`;
      const personId = `${canaries.personId}${scenario}`;
      const memberId = `${canaries.memberId}${scenario}`;
      const person = { name: canaries.name, idNumber: canaries.idNumber };
      const bank = { phone, schoolId: 'school', personId, purpose: 'OPEN_ACCOUNT' };
      const authorisedPerson = { authorisation: 'ONLINE', ...person };
      const talk = new Conversation(server, phone, user);
      await Promise.all([
        ask(requestCode, { phone, key }).then(() => ask(requestCode, { phone, key })),
        ask(requestBankCode, { bank, key }, user),
        ask(bindPhone, { input: { memberId, phone, authorisedPerson }, key }, user),
        ask(
          issueUserToken,
          { input: { partner: '', person: { role: 'TEACHER', personId, schoolId: 'school' } }, key },
          service,
        ).then((data) => issued.push(data?.issueUserToken?.token)),
        talk
          .start({ ...person, homeAddress: canaries.homeAddress })
          .then(() => talk.password(canaries.password))
          .then(() => talk.captcha(canaries.captcha))
          // Where a scenario ended the conversation.
          .catch(() => {}),
      ]);
    }),
  );
  // Refused before anything is recorded.
  answers.push((await server.graphql(requestCode, { phone: `${phones[0]}${digits(9)}` })).text);
  answers.push((await server.graphql(requestCode, { phone: phones[1], purpose: phones[1] })).text);

  const log = JSON.stringify(await wholeLog(server));
  const bySubject = await server.graphql(
    `query ($phone: PhoneNumber!) { auditRecords(filter: { subject: { phone: $phone } }) { edges { node { id maskedPhone entries { detail } } } } }`,
    { phone: phones[2] },
    { token: auditor },
  );
  await server.stop();

  const env = Object.fromEntries(
    Object.entries({ ...database.env, HOME: process.env.HOME }).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
  const csv = join(database.dataDir, 'out.csv');
  const exported = await runCommand('dist/commands/run.js', ['audit:export', '--all'], env);
  const asCsv = await runCommand(
    'dist/commands/run.js',
    ['audit:export', '--all', '--format', 'csv', '--out', csv],
    env,
  );
  expect([exported.code, asCsv.code]).toEqual([0, 0]);

  const folder = join(database.dataDir, 'keys');
  keys = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .flatMap((text) => (text.startsWith('{') ? [JSON.parse(text).d as string] : [text.trim().slice(-43)]));
  left = {
    rows: await rowsOf(database),
    files: filesOf(database.dataDir).replaceAll(filesOf(folder), ''),
    output: server.output() + exported.stderr + asCsv.stderr,
    answers: answers.join('\n'),
    auditors: log + bySubject.text,
    exports: exported.stdout + readFileSync(csv, 'utf8'),
  };
}, 120_000);
afterAll(async () => {
  await sandbox?.stop();
  await database?.drop();
});

describe('after every operation in every scenario', () => {
  it('there is something to be searched', () => {
    expect(Object.entries(left).filter(([, text]) => text.length < 1_000)).toEqual([]);
    expect(issued.filter((token) => typeof token === 'string').length).toBeGreaterThan(3);
    expect(keys.length).toBeGreaterThanOrEqual(4);
    for (const operation of ['sendCode', 'applyBinding', 'issueToken', 'apply', 'collect']) {
      expect(left.auditors.includes(`"operation":"${operation}"`)).toBe(true);
    }
  });

  const everywhere = ['rows', 'files', 'output', 'answers', 'auditors', 'exports'] as const;

  it.each(everywhere)('no person is in the clear: %s', (where) => {
    const { name, idNumber, homeAddress } = canaries;
    const persons = [...phones.map((phone) => phone.slice(-10)), name, idNumber, homeAddress];
    expect(secretsIn(left[where], persons)).toEqual([]);
  });

  it.each(everywhere)('no password, captcha or bearer token is anywhere: %s', (where) => {
    expect(secretsIn(left[where], [canaries.password, canaries.captcha, ...bearers])).toEqual([]);
  });

  it.each(['rows', 'files', 'output', 'auditors', 'exports'] as const)(
    'no issued token rests: %s',
    (where) => {
      expect(secretsIn(left[where], issued.filter(Boolean))).toEqual([]);
    },
  );

  it.each(['rows', 'output', 'answers', 'auditors', 'exports'] as const)(
    'no key is anywhere: %s',
    (where) => {
      expect(secretsIn(left[where], keys)).toEqual([]);
    },
  );

  it.each(['rows', 'output', 'auditors', 'exports'] as const)(
    'no id of a person is in the clear: %s',
    (where) => {
      expect(secretsIn(left[where], [canaries.personId, canaries.memberId])).toEqual([]);
    },
  );
});

describe('the search', () => {
  it.each([
    ['as it is', (secret: string) => secret],
    ['reversed', (secret: string) => [...secret].reverse().join('')],
    ['in hex', (secret: string) => Buffer.from(secret).toString('hex')],
    ['in base64', (secret: string) => Buffer.from(`x${secret}y`).toString('base64')],
  ])('finds every canary that is planted %s', (_, written) => {
    const planted = [...phones, ...Object.values(canaries), ...issued.filter(Boolean), ...keys, ...bearers];
    expect(
      planted.filter((secret) => secretsIn(`${left.output} ${written(secret)} `, [secret]).length === 0),
    ).toEqual([]);
  });

  it('finds what stands in the clear in a row', () => {
    expect(secretsIn(left.rows, ['sendCode', '138****'])).toContain('sendCode');
  });
});
