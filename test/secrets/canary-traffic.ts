// Leads canaries through every operation in every scenario: distinctive persons, passwords, codes and ids.
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { askToErase, askToReveal } from '../audit/admin.js';
import { Conversation } from '../operator-authentication/conversation.js';
import { decide } from '../phone-binding/binding.js';
import { subscriber } from '../phone-binding/subscriber.js';
import { wholeLog } from '../support/audit.js';
import { eventually } from '../support/eventually.js';
import { everythingOf, waysToAsk } from '../support/everything.js';
import {
  bindingUpdated,
  bindPhone,
  confirmPhoneBinding,
  issueUserToken,
  requestBankCode,
  requestCode,
} from '../support/operations.js';
import type { CallOptions, GraphQLAnswer, TestServer } from '../support/server.js';
import { forged, noticeOf, post, signed } from '../webhooks/notice.js';

export const digits = (count: number) => Array.from({ length: count }, () => randomInt(1, 10)).join('');
const letters = (count: number) => randomBytes(count).toString('hex');

export const canaries = {
  name: `上官${letters(5)}`,
  contact: `司徒${letters(5)}`,
  idNumber: `11010519${digits(9)}X`,
  address: `弄堂${letters(5)}`,
  workAddress: `大厦${letters(5)}`,
  homePhone: `010${digits(8)}`,
  account: `login-${letters(6)}`,
  agreement: `agreement-${letters(6)}`,
  userId: `user-id-${letters(6)}`,
  username: `user-name-${letters(6)}`,
  personId: `person-${letters(6)}`,
  memberId: `member-${letters(6)}`,
};
/** What nobody may keep, in whatever form. */
export const secrets = {
  password: digits(12),
  queryPassword: digits(11),
  captcha: digits(9),
  code: digits(8),
};

/** At the first call of anything; then what Juxinli's conversation knows besides, at its first call or a later one. */
const everywhere = ['9001', '9002', '9003', '9004', '9005', '9006', '9007', '9008', '9009', '4711'];
const inConversation = [
  ...['9011', '9012', '9013', '9014', '9015', '9016', '9017', '9018'],
  ...['9201', '9203', '9204', '9205', '9207', '9208', '9303', '9304'],
];

export interface Left {
  /** Of every number that anything was done with: eleven digits. */
  phones: string[];
  /** User tokens and continuations. */
  issued: string[];
  continuations: string[];
  /** Answers to front-ends, and to auditors. */
  answers: string[];
  auditors: string[];
  /** What an admin is shown in the clear, for which the log says why. */
  revealed: string[];
  /** All documents that were sent. */
  asked: string[];
}

/** Their middles are in no id, time or counter by chance. */
const phoneOf = (scenario: string) => `139${digits(4)}${scenario}`;

export async function leadCanaries(server: TestServer, schema: string): Promise<Left> {
  const left: Left = {
    phones: [],
    issued: [],
    continuations: [],
    answers: [],
    auditors: [],
    revealed: [],
    asked: [],
  };
  const asFrontEnd = watched(server, left.asked, left.answers);
  const asAuditor = watched(server, left.asked, left.auditors);
  const live = subscriber(server, { token: await server.token({ role: 'auditor' }) });
  left.asked.push(LIVE);
  const added = live.ask(LIVE);

  await Promise.all(everywhere.map((scenario) => everyOperation(asFrontEnd, scenario, left)));
  await Promise.all([
    ...inConversation.map((scenario) => converse(asFrontEnd, phoneOf(scenario), left)),
    refusedAtTheDoor(server, asFrontEnd, left),
  ]);
  await everyQuery(asFrontEnd, asAuditor, buildSchema(schema));
  await disclose(server, left);
  left.auditors.push(JSON.stringify(await wholeLog(asAuditor)), JSON.stringify(added.seen));
  await live.close();
  return left;
}

const LIVE = 'subscription { auditRecordAdded { id maskedPhone actor entries { detail } } }';

/** The same server, whose questions and answers are kept. */
function watched(server: TestServer, asked: string[], answers: string[]): TestServer {
  return {
    ...server,
    graphql: async (query: string, variables?: object, options?: CallOptions): Promise<GraphQLAnswer> => {
      asked.push(query);
      const answer = await server.graphql(query, variables, options);
      answers.push(answer.text);
      return answer;
    },
  };
}

async function everyOperation(server: TestServer, scenario: string, left: Left): Promise<void> {
  const phone = phoneOf(scenario);
  left.phones.push(phone);
  const key = `key ${scenario}`;
  const personId = `${canaries.personId}${scenario}`;
  const [token, service] = await Promise.all([
    server.token({ role: 'user' }),
    server.token({ role: 'service' }),
  ]);
  const account = { phone, purpose: 'OTHER', providerType: '99', ...accountOf() };
  await Promise.all([
    server.graphql(requestCode, { phone, key }).then(() => server.graphql(requestCode, { phone, key })),
    server.graphql(requestAny, { input: { account } }, { token }),
    server.graphql(
      requestBankCode,
      { bank: { phone, schoolId: 'school', personId, purpose: 'OPEN_ACCOUNT' }, key },
      { token },
    ),
    server
      .graphql(
        issueUserToken,
        { input: { partner: '', person: { role: 'TEACHER', personId, schoolId: 'school' } }, key },
        { token: service },
      )
      .then(({ data }) => left.issued.push(data?.issueUserToken?.token ?? '')),
    bindEveryWay(server, scenario, token, left),
    converse(server, phoneOf(scenario), left),
  ]);
}

const accountOf = () => ({ userId: canaries.userId, username: canaries.username });
const requestAny = `
  mutation Any($input: RequestVerificationCodeInput!) {
    requestVerificationCode(input: $input) { __typename ... on VerificationCodeSent { maskedPhone } }
  }`;

/** The legal person's with a wrong code and the right one, the authorised person's online and with papers. */
async function bindEveryWay(server: TestServer, scenario: string, token: string, left: Left): Promise<void> {
  const { name, idNumber } = canaries;
  const bind = async (way: string, more: object) => {
    const phone = phoneOf(scenario);
    left.phones.push(phone);
    const memberId = `${canaries.memberId}${way}${scenario}`;
    const input = { memberId, phone, ...more };
    const { data } = await server.graphql(bindPhone, { input, key: `bind ${phone}` }, { token });
    return { phone, memberId, ...data?.bindPhone };
  };
  const confirm = (id: string, code: string) =>
    server.graphql(confirmPhoneBinding, { input: { id, code } }, { token });

  const legal = bind('', {}).then(async ({ id, phone, memberId }) => {
    if (!id) return;
    server.graphql(`{ phoneBinding(id: "${id}") { status message } }`, {}, { token });
    await confirm(id, secrets.code);
    const [sent] = await server.inbox(`+86${phone}`);
    if (sent) await confirm(id, sent.code);
    await post(server, signed(noticeOf({ id, memberId }, { phone })));
    await post(server, forged(noticeOf({ id, memberId }, { phone })));
  });
  const online = bind('o', { authorisedPerson: { authorisation: 'ONLINE', name, idNumber } }).then(
    async ({ id, signingUrl }) => {
      if (!id || !signingUrl) return;
      const owner = subscriber(server, { token });
      const { seen } = owner.watch(id);
      const back = await decide(signingUrl, 'sign');
      left.answers.push(await (await fetch(back)).text());
      left.asked.push(bindingUpdated);
      await eventually(
        () => seen,
        ({ length }) => length > 0,
      );
      left.answers.push(JSON.stringify(seen));
      await owner.close();
    },
  );
  const papers = bind('p', {
    authorisedPerson: { authorisation: 'OFFLINE', name, idNumber, agreementFileId: canaries.agreement },
  });
  await Promise.all([legal, online, papers]);
}

/** Goes on for as long as there is a step, with a wrong captcha before the right one. */
async function converse(server: TestServer, phone: string, left: Left): Promise<void> {
  left.phones.push(phone);
  const contact = phoneOf('0000');
  const workPhone = phoneOf('0000');
  left.phones.push(contact, workPhone);
  const token = await server.token({ role: 'user' });
  const talk = new Conversation(server, `+86${phone}`, token);
  const { name, idNumber, address: homeAddress, workAddress, homePhone } = canaries;
  const contacts = [{ name: canaries.contact, phone: contact, relation: 'FRIEND' }];
  const { password, queryPassword, captcha } = secrets;
  let wrong = true;
  try {
    let outcome = await talk.start({
      ...{ name, idNumber, homeAddress, workAddress, homePhone, workPhone, contacts },
    });
    for (let turn = 0; turn < 30; turn += 1) {
      left.continuations.push(talk.continuation);
      switch (outcome.step?.__typename) {
        case 'ServicePasswordStep':
          // Only a shop knows people by another name than their number.
          outcome = await talk.password(
            password,
            outcome.dataSource?.category === 'mobile' ? {} : { account: canaries.account },
          );
          break;
        case 'SmsCaptchaStep':
          if (wrong) await talk.resend();
          outcome = await talk.captcha(wrong ? captcha : undefined);
          wrong = false;
          break;
        case 'QueryPasswordStep':
          outcome = await talk.queryPassword(queryPassword);
          break;
        case 'WaitStep':
          await sleep(200);
          outcome = await talk.goOn();
          break;
        default:
          return;
      }
    }
  } catch {
    // Where a scenario ended the conversation.
  }
}

/** Refused before anything is recorded. */
async function refusedAtTheDoor(server: TestServer, asFrontEnd: TestServer, left: Left): Promise<void> {
  const phone = phoneOf('0000');
  left.phones.push(phone);
  await asFrontEnd.graphql(requestCode, { phone: `${phone}${digits(9)}` });
  await asFrontEnd.graphql(requestCode, { phone, purpose: phone });
  await asFrontEnd.graphql(requestCode, { phone, key: 'k'.repeat(200) });
  // GraphQL repeats the names of fields to whoever made them up; nobody else is to hear of them.
  await server.graphql(`{ phone${phone} }`);
  const headers = { 'content-type': 'application/json' };
  const texts = [
    fetch(`${server.url}/graphql?phone=${phone}`, { method: 'POST', body: `{"phone":"${phone}` }),
    fetch(`${server.url}/graphql`, { method: 'POST', headers, body: `{"phone":"${phone}` }),
    fetch(`${server.url}/h5/return/tongqifu?phone=${phone}&bizUserId=${canaries.memberId}`),
    fetch(`${server.url}/nowhere/${phone}`),
    fetch(`${server.url}/webhooks/tongqifu/phone-binding`, { method: 'POST', headers, body: `"${phone}` }),
  ].map(async (answer) => (await answer).text());
  left.answers.push(...(await Promise.all(texts)));
}

/** Whatever can be asked for, down to its leaves, by whoever may; and the log by each canary. */
async function everyQuery(
  asFrontEnd: TestServer,
  asAuditor: TestServer,
  schema: GraphQLSchema,
): Promise<void> {
  const [user, auditor] = await Promise.all([
    asFrontEnd.token({ role: 'user' }),
    asFrontEnd.token({ role: 'auditor' }),
  ]);
  const root = schema.getQueryType()?.getFields() ?? {};
  for (const { name, type, args } of Object.values(root)) {
    const named = schema.getType(String(type).replace(/[[\]!]/g, ''));
    const selection = named ? everythingOf(named) : '';
    for (const given of waysToAsk(args).values()) {
      const document = `{ ${name}${given} ${selection} }`;
      await asAuditor.graphql(document, {}, { token: auditor });
      await asFrontEnd.graphql(document, {}, { token: user });
    }
  }
  const [record] = await wholeLog(asAuditor, { kind: 'PHONE_BINDING' });
  await asAuditor.graphql(
    `{ auditProof(id: "${record?.id}") { id links { checkpoint } } }`,
    {},
    { token: auditor },
  );
  const bySubject = `query ($subject: SubjectInput!) {
    auditRecords(filter: { subject: $subject }) { edges { node { id maskedPhone entries { detail } } } } }`;
  for (const subject of [
    { phone: phoneOf('4711') },
    { personId: `${canaries.personId}4711` },
    { memberId: `${canaries.memberId}4711` },
  ]) {
    await asAuditor.graphql(bySubject, { subject }, { token: auditor });
  }
}

/** An admin reveals and erases; the reasons hold what they should not. */
async function disclose(server: TestServer, left: Left): Promise<void> {
  const watching = watched(server, left.asked, left.revealed);
  const log = await wholeLog(server);
  await Promise.all(log.map(({ id }) => askToReveal(watching, id, { reason: `of ${left.phones[0]}` })));
  const asFrontEnd = watched(server, left.asked, left.answers);
  const erased = left.phones[1] ?? '';
  await askToErase(asFrontEnd, { phone: erased }, { reason: `${erased} asked for it`, key: erased });
  await askToErase(asFrontEnd, { memberId: `${canaries.memberId}4711` }, {});
}
