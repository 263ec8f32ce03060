// Canaries go through every operation and scenario: distinctive phones, names, ID numbers, passwords, captchas, codes,
// tokens and keys. Then everything that is left is searched for each of them, however written: the database, the
// files, the server's output and metrics, the answers to front-ends and auditors, exports. None may be there, except sealed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { sandboxKeys } from '../../src/providers/tongqifu/sandbox-keys.js';
import { codesIn, filesOf, rowsOf, secretsIn } from '../support/at-rest.js';
import { runCommand } from '../support/command.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startServer, type TestServer } from '../support/server.js';
import { canaries, type Left, leadCanaries, secrets } from './canary-traffic.js';

const schema = readFileSync('schema.graphql', 'utf8');

let sandbox: TestServer;
let database: TestDatabase;
let traffic: Left;
let codes: string[];
let keys: string[];
let bearers: string[];
type Place = 'rows' | 'files' | 'output' | 'metrics' | 'answers' | 'auditors' | 'exports' | 'revealed';
let left: Record<Exclude<Place, 'files'>, string> & { files: Buffer };

beforeAll(async () => {
  sandbox = await startServer();
  database = await freshDatabase();
  const deadlines = ['USERCOIN', 'QINGSONG_BANK', 'QINGSONG_TOKEN', 'TONGQIFU', 'JUXINLI', 'JUXINLI_COLLECT'];
  const server = await startServer({
    database,
    sandboxOf: sandbox,
    env: {
      ...Object.fromEntries(deadlines.map((name) => [`${name}_DEADLINE_MS`, '12000'])),
      PATIENCE_MS: '800',
      LOG_LEVEL: 'trace',
      TONGQIFU_CONFIRM: 'on',
      USERCOIN_FURTHER_TYPES: '99',
    },
  });
  traffic = await leadCanaries(server, schema);
  codes = [...new Set((await sandbox.inbox()).map(({ code }) => code))];
  const roles = ['user', 'service', 'auditor', 'admin'] as const;
  const tokens = await Promise.all(roles.map((role) => server.token({ role })));
  bearers = tokens.map((token) => token.split('.')[2] ?? '');
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  await server.stop();

  const csv = join(database.dataDir, 'out.csv');
  const run = async (...args: string[]) => {
    const result = await runCommand('dist/bundled/commands.js', args, database.env);
    expect({ args, ...result }).toMatchObject({ code: 0 });
    return result;
  };
  const all = await run('audit:export', '--all');
  const asCsv = await run('audit:export', '--all', '--format', 'csv', '--out', csv);
  const ofPhone = await run('audit:export', '--phone', `+86${traffic.phones[0]}`);
  const ofMember = await run('audit:export', '--member-id', `${canaries.memberId}4711`);
  const verified = await run('audit:verify', '--json');
  const said = [all, asCsv, ofPhone, ofMember, verified].map(({ stderr }) => stderr);

  const folder = join(database.dataDir, 'keys');
  keys = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .flatMap((text) => (text.startsWith('{') ? [JSON.parse(text).d as string] : [text.trim().slice(-43)]));
  left = {
    rows: await rowsOf(database),
    files: filesOf(database.dataDir, 'keys'),
    output: [server.output(), verified.stdout, asCsv.stdout, ...said].join('\n'),
    metrics,
    answers: traffic.answers.join('\n'),
    auditors: traffic.auditors.join('\n'),
    exports: [all.stdout, ofPhone.stdout, ofMember.stdout, readFileSync(csv, 'utf8')].join('\n'),
    revealed: traffic.revealed.join('\n'),
  };
}, 400_000);
afterAll(async () => {
  await sandbox?.stop();
  await database?.drop();
});

const everywhere = ['rows', 'files', 'output', 'metrics', 'answers', 'auditors', 'exports'] as const;
/** What was issued to front-ends was answered to them. */
const atRest = ['rows', 'files', 'output', 'metrics', 'auditors', 'exports'] as const;

describe('after every operation in every scenario', () => {
  it('there is something to be searched', () => {
    expect(Object.entries(left).filter(([, text]) => text.length < 1_000)).toEqual([]);
    expect(traffic.issued.filter(Boolean).length).toBeGreaterThan(2);
    expect(traffic.continuations.filter(Boolean).length).toBeGreaterThan(30);
    expect(codes.length).toBeGreaterThan(30);
    expect(keys.length).toBeGreaterThanOrEqual(4);
    // What an admin is shown is what was sent: the canaries have come as far as that.
    const { name, contact, idNumber, address, account, agreement, userId, username, memberId } = canaries;
    const arrived = [name, contact, idNumber, address, account, agreement, userId, username, memberId];
    expect(secretsIn(left.revealed, arrived)).toEqual(arrived);
  });

  it('every field of the schema has been asked for', () => {
    const built = buildSchema(schema);
    const roots = [built.getQueryType(), built.getMutationType(), built.getSubscriptionType()];
    const fields = roots.flatMap((root) => Object.keys(root?.getFields() ?? {}));
    const documents = traffic.asked.join('\n');
    expect(fields.length).toBeGreaterThan(20);
    expect(fields.filter((field) => !new RegExp(`\\b${field}\\b`).test(documents))).toEqual([]);
  });

  it('every operation of a provider and every outcome is in the log', () => {
    const operations = ['sendCode', 'applyBinding', 'confirmBinding', 'issueToken', 'apply', 'collect'];
    const outcomes = ['ACCEPTED', 'REFUSED', 'UNKNOWN'];
    expect(operations.filter((name) => !left.exports.includes(`"operation":"${name}"`))).toEqual([]);
    expect(outcomes.filter((name) => !left.exports.includes(`"outcome":"${name}"`))).toEqual([]);
    for (const kind of ['CALLBACK', 'READ', 'REVEAL', 'EXPORT', 'ERASE']) expect(left.rows).toContain(kind);
  });

  it.each(everywhere)('no person is in the clear: %s', (where) => {
    const { personId, memberId, ...persons } = canaries;
    const numbers = traffic.phones.map((phone) => phone.slice(-10));
    expect(secretsIn(left[where], [...numbers, ...Object.values(persons)])).toEqual([]);
  });

  it.each([...everywhere, 'revealed'] as const)(
    'no password, captcha or bearer token is anywhere: %s',
    (where) => {
      expect(secretsIn(left[where], [...Object.values(secrets), ...bearers])).toEqual([]);
    },
  );

  it.each(['rows', 'output', 'auditors', 'exports', 'revealed'] as const)(
    'no sent code rests: %s',
    (where) => {
      expect(codesIn(left[where], codes)).toEqual([]);
    },
  );

  it.each([...atRest, 'revealed'] as const)('no issued token and no continuation rests: %s', (where) => {
    const issued = [...traffic.issued, ...traffic.continuations].filter(Boolean);
    expect(secretsIn(left[where], [...new Set(issued)])).toEqual([]);
  });

  it.each(['rows', 'output', 'answers', 'auditors', 'exports', 'revealed'] as const)(
    'no key is anywhere: %s',
    (where) => {
      expect(secretsIn(left[where], [...keys, sandboxKeys.md5Key, sandboxKeys.aesKey])).toEqual([]);
    },
  );

  // The owner of a binding is shown the member's id.
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
    const planted = [
      ...traffic.phones,
      ...Object.values({ ...canaries, ...secrets }),
      ...[...traffic.issued, ...traffic.continuations].filter(Boolean),
      ...keys,
      ...bearers,
    ];
    const { output } = left;
    expect(
      planted.filter(
        (secret) => secretsIn(`${output.slice(-10_000)} ${written(secret)} `, [secret]).length === 0,
      ),
    ).toEqual([]);
  });

  it('finds every code that is planted in an answer', () => {
    for (const where of ['rows', 'output', 'auditors', 'exports'] as const) {
      const missed = codes.filter(
        (code) => codesIn(`${left[where].slice(-10_000)}{"code":"${code}"}`, [code]).length === 0,
      );
      expect(missed).toEqual([]);
    }
  });

  it('finds what stands in the clear in a row', () => {
    expect(secretsIn(left.rows, ['sendCode', '138****'])).toContain('sendCode');
  });
});
