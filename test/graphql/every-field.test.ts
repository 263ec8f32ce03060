// Every field that the schema offers is answered with a value by something that a caller can do, but for what is
// listed here with its reason.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isLeafType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { buildSchema } from '../../src/graphql/schema.js';
import type { LimitWindow } from '../../src/limits/claims.js';
import { ruleNames } from '../../src/limits/rules.js';
import { runCommand } from '../support/command.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { forged, noticeOf, post } from '../webhooks/notice.js';

/** Nothing that is asked here sets these. */
const waiting: Record<string, string> = {
  'AuditIntegrity.firstBroken': 'is null while the log is as it was written',
  'OutcomeUnknown.pollAfterMs': 'nothing tells of the outcome of a provider so far',
};

const schema = buildSchema();
const rootFields = (root: 'Query' | 'Mutation') =>
  Object.values((root === 'Query' ? schema.getQueryType() : schema.getMutationType())?.getFields() ?? {});

/** All that can be asked of a type, down to its leaves. */
function everythingOf(type: GraphQLNamedType, above: readonly string[] = []): string {
  if (isLeafType(type) || above.includes(type.name)) return '';
  if (isUnionType(type)) {
    const parts = type.getTypes().map((member) => `... on ${member.name} ${everythingOf(member, above)}`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  if (!isObjectType(type)) throw new Error(`${type.name} is not known to this test`);
  // By the type's name, since members of a union may differ in what the same field may be.
  const members = Object.values(type.getFields()).map((field) => {
    const of = getNamedType(field.type);
    const below = everythingOf(of, [...above, type.name]);
    return isLeafType(of) || below ? `${type.name}__${field.name}: ${field.name} ${below}` : '';
  });
  return `{ __typename ${members.join(' ')} }`;
}

const seen = new Set<string>();

function unaliased(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(unaliased);
  if (typeof answer !== 'object' || answer === null) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [
      name.replace(/^\w+?__(?=[a-z]\w*$)/, ''),
      unaliased(value),
    ]),
  );
}

/** Remembers which fields had a value. */
function see(answer: unknown): void {
  if (Array.isArray(answer)) answer.forEach(see);
  else if (typeof answer === 'object' && answer !== null) {
    const type = (answer as { __typename?: string }).__typename;
    for (const [name, value] of Object.entries(answer)) {
      if (value === null || name === '__typename') continue;
      if (type) seen.add(`${type}.${name}`);
      see(value);
    }
  }
}

let server: TestServer;
beforeAll(async () => {
  // The anonymous have to pass a human check each time, and nothing else is limited.
  const rules = Object.fromEntries(ruleNames.map((name) => [name, null as LimitWindow[] | null]));
  rules.ADDRESS_CHECK = [{ most: 0, seconds: 60 }];
  server = await startServer({
    limits: { rules },
    env: { USERCOIN_DEADLINE_MS: '2500', TONGQIFU_CONFIRM: 'on' },
  });
});
afterAll(() => server?.stop());

/** Calls a root field with everything selected; `given` are its arguments, as in a document. */
// biome-ignore lint/suspicious/noExplicitAny: what comes back is as different as the fields
async function call(root: 'Query' | 'Mutation', name: string, given = '', token?: string): Promise<any> {
  const field = rootFields(root).find((one): one is GraphQLField<unknown, unknown> => one.name === name);
  if (!field) throw new Error(`there is no ${root}.${name}`);
  const document = `${root.toLowerCase()} { ${name}${given} ${everythingOf(getNamedType(field.type))} }`;
  const { data, errors } = await server.graphql(document, {}, { token, client: 'h5' });
  expect({ [name]: errors }).toEqual({ [name]: undefined });
  seen.add(`${root}.${name}`);
  const answer = unaliased(data[name]);
  see(answer);
  return answer;
}

/** A conversation with Juxinli: its start, then an answer to every step that asks for one. */
async function converse(lastFour: string, token: string): Promise<void> {
  const phone = phoneWith(lastFour);
  const application = `name: "张三", idNumber: "11010519491231002X", phone: "${phone}"`;
  let now = await call('Mutation', 'startOperatorAuthentication', `(input: { ${application} })`, token);
  const go = async (mutation: string, more = '') => {
    const input = `id: "${now.id}", continuation: "${now.continuation}"${more}`;
    now = await call('Mutation', mutation, `(input: { ${input} })`, token);
  };
  let resent = false;
  for (let turn = 0; turn < 8 && now.continuation; turn += 1) {
    const step = now.step.__typename;
    if (step === 'ServicePasswordStep') await go('submitServicePassword', ', password: "246810"');
    else if (step === 'QueryPasswordStep') await go('submitQueryPassword', ', password: "135790"');
    else if (step === 'WaitStep') await go('continueOperatorAuthentication');
    else if (step === 'SmsCaptchaStep' && !resent) {
      await go('resendSmsCaptcha');
      resent = true;
    } else if (step === 'SmsCaptchaStep') {
      await go('submitSmsCaptcha', `, captcha: "${(await server.inbox(phone))[0]?.code}"`);
    } else break;
    if (turn === 0 && now.id) await call('Query', 'operatorAuthentication', `(id: "${now.id}")`, token);
  }
}

/** At 通企付: a legal person who confirms with the code, and an authorised person who signs online. */
async function bind(token: string): Promise<void> {
  const phone = phoneWith();
  const own = await call('Mutation', 'bindPhone', `(input: { memberId: "M1", phone: "${phone}" })`, token);
  await call('Query', 'phoneBinding', `(id: "${own.id}")`, token);
  const code = (await server.inbox(phone))[0]?.code;
  await call('Mutation', 'confirmPhoneBinding', `(input: { id: "${own.id}", code: "${code}" })`, token);
  const person = '{ authorisation: ONLINE, name: "张三", idNumber: "11010519491231002X" }';
  const more = `memberId: "M2", phone: "${phoneWith()}", authorisedPerson: ${person}`;
  await call('Mutation', 'bindPhone', `(input: { ${more} })`, token);
}

describe('every field', () => {
  it('has a value in some answer', async () => {
    const member = await server.token({ role: 'user' });
    const auditor = await server.token({ role: 'auditor' });
    const ask = (lastFour: string) =>
      call(
        'Mutation',
        'requestVerificationCode',
        `(input: { account: { phone: "${phoneWith(lastFour)}", purpose: REGISTER } }, idempotencyKey: "${lastFour}")`,
        member,
      );
    for (const lastFour of ['0000', '9002', '9003']) await ask(lastFour);
    const bank = `phone: "${phoneWith()}", schoolId: "S1", personId: "P1", purpose: OPEN_ACCOUNT`;
    await call('Mutation', 'requestVerificationCode', `(input: { bank: { ${bank} } })`, member);
    const service = await server.token({ role: 'service' });
    await call(
      'Mutation',
      'issueUserToken',
      '(input: { person: { role: TEACHER, personId: "P1", schoolId: "S1" } })',
      service,
    );
    await bind(member);
    await call('Query', 'operatorDataSources', '', member);
    for (const lastFour of ['0000', '9001', '9007', '9011', '9012', '9013', '9015', '9016', '9018'])
      await converse(lastFour, member);
    await call('Query', 'auditRecords', '(first: 100)', auditor);
    await call('Query', 'auditRecord', `(id: "${await anyRecord(auditor)}")`, auditor);
    const admin = await server.token({ role: 'admin' });
    const phone = phoneWith();
    const { requestId } = await call(
      'Mutation',
      'requestVerificationCode',
      `(input: { account: { phone: "${phone}", purpose: REGISTER } })`,
      member,
    );
    await call(
      'Mutation',
      'requestVerificationCode',
      `(input: { account: { phone: "${phoneWith()}", purpose: REGISTER } })`,
    );
    await call('Mutation', 'revealAuditRecord', `(id: "${requestId}", reason: "a complaint")`, admin);
    await call('Mutation', 'eraseSubject', `(subject: { phone: "${phone}" }, reason: "by law")`, admin);
    await call('Query', 'auditRecord', `(id: "${requestId}")`, auditor);
    await call('Query', 'auditProof', `(id: "${requestId}")`, auditor);
    await post(server, forged(noticeOf({ id: 'x', memberId: 'M1' })));
    const lately = `from: "${new Date(Date.now() - 3_600_000).toISOString()}", to: "${new Date().toISOString()}"`;
    await call('Query', 'auditSummary', `(${lately}, bucket: HOUR)`, auditor);
    await call('Query', 'budgets', '', auditor);
    await call('Query', 'auditDenials', `(${lately}, bucket: DAY)`, auditor);
    await runCommand('dist/bundled/commands.js', ['audit:verify'], server.database.env);
    await call('Query', 'auditIntegrity', '', auditor);
    await call('Query', 'providers', '', auditor);

    const all = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => !name.startsWith('__') && name !== 'Subscription')
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
    expect(all.filter((field) => !seen.has(field)).sort()).toEqual(Object.keys(waiting).sort());
  });
});

async function anyRecord(token: string): Promise<string> {
  const { data } = await server.graphql(
    '{ auditRecords(first: 1) { edges { node { id } } } }',
    {},
    { token },
  );
  return data.auditRecords.edges[0].node.id;
}
