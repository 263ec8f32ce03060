// Somebody else's id looks like no id: at every input that can name one, what belongs to another is answered exactly
// as what does not exist, and nothing comes of it. A new input without a case here fails.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from '../../src/graphql/schema.js';
import { bankCodeWish } from '../bank-code/bank-code.js';
import { Conversation, PASSWORD, person, tell } from '../operator-authentication/conversation.js';
import { bind, legalPerson } from '../phone-binding/binding.js';
import { subscriber } from '../phone-binding/subscriber.js';
import { eventually } from '../support/eventually.js';
import {
  bindingUpdated,
  bindPhone,
  confirmPhoneBinding,
  issueUserToken,
  readBinding,
  requestBankCode,
  requestCode,
} from '../support/operations.js';
import { type OperatorMutation, readAuthentication } from '../support/operator-operations.js';
import { phoneWith } from '../support/phones.js';
import { type GraphQLAnswer, startServer, type TestServer } from '../support/server.js';
import { textInputs } from './text-inputs.js';

const inputs = textInputs(buildSchema());

/** Inputs at which nobody can be named whom the caller must not name, by the reason. */
const namesNobody: Record<string, string[]> = {
  'auditors read of everybody': [
    'auditRecord.id',
    'auditProof.id',
    'auditRecords.after',
    ...[
      'subject.personId',
      'subject.memberId',
      'flow',
      'purpose',
      'providerReference',
      'provider',
      'actor',
      'client',
    ].map((member) => `auditRecords.filter.${member}`),
  ],
  'admins reveal and erase whom they must, and the log says who did': [
    'revealAuditRecord.id',
    'revealAuditRecord.reason',
    'eraseSubject.subject.personId',
    'eraseSubject.subject.memberId',
    'eraseSubject.reason',
  ],
  'names for the provider, of an account that this server knows nothing of': [
    ...['providerType', 'userId', 'username'].map(
      (member) => `requestVerificationCode.input.account.${member}`,
    ),
  ],
  'bound to a challenge, which is tried elsewhere': ['requestVerificationCode.humanCheck'],
  'the id of a paper at the provider, which knows whose it is': [
    'bindPhone.input.authorisedPerson.agreementFileId',
  ],
  'an address, from a list': ['bindPhone.input.returnUrl'],
  'what a person says of himself or of those he knows': [
    ...['name', 'idNumber'].map((member) => `bindPhone.input.authorisedPerson.${member}`),
    ...['name', 'idNumber', 'homeAddress', 'homePhone', 'workAddress', 'workPhone', 'contacts.name'].map(
      (member) => `startOperatorAuthentication.input.${member}`,
    ),
  ],
  'what a person was told or remembers': [
    'confirmPhoneBinding.input.code',
    'submitServicePassword.input.account',
    'submitServicePassword.input.password',
    'submitSmsCaptcha.input.captcha',
    'submitQueryPassword.input.password',
  ],
};

let server: TestServer;
/** Has a binding and two authentications, one of them further on. */
let alice: string;
let aliceBinding: { id: string };
let aliceFlow: Conversation;
/** May act for his own, as a user and as a service. */
let bob: string;
let bobService: string;
let bobFlow: Conversation;
const own = {
  memberId: ['member-bob'],
  personId: ['person-bob'],
  studentId: ['student-bob'],
  schoolId: ['school-bob'],
  partner: ['partner-bob'],
  appSystemId: ['app-bob'],
};

beforeAll(async () => {
  server = await startServer({ env: { TONGQIFU_CONFIRM: 'on' } });
  alice = await server.token({ role: 'user', sub: 'alice' });
  bob = await server.token({ role: 'user', sub: 'bob', claims: { act_for: own } });
  bobService = await server.token({ role: 'service', sub: 'bob', claims: { act_for: own } });
  aliceBinding = await bind(server, { ...legalPerson(), memberId: 'member-alice' }, { token: alice });
  aliceFlow = new Conversation(server, phoneWith(), alice);
  bobFlow = new Conversation(server, phoneWith(), bob);
  await aliceFlow.start();
  await bobFlow.start();
});
afterAll(() => server?.stop());

/** Asks as Bob, naming this id; the answer without what differs from one request to the next. */
type Attempt = (id: string) => Promise<unknown>;
interface Case {
  foreign: () => string;
  nobodys: string;
  ask: Attempt;
}

const told = async (answer: Promise<GraphQLAnswer>) => {
  const { data, errors, status } = await answer;
  const faults = errors?.map(({ extensions: { requestId: _, ...extensions }, ...error }) => ({
    ...error,
    extensions,
  }));
  return { status, data, faults };
};
const asking =
  (token: () => string, query: string, variablesFor: (id: string) => object): Attempt =>
  (id) =>
    told(server.graphql(query, variablesFor(id), { token: token() }));

const asBob = () => bob;
const teacher = { role: 'TEACHER', personId: 'person-bob', schoolId: 'school-bob' };
const member = (query: string, kind: string, inputFor: (id: string) => object, token = asBob): Case => ({
  foreign: () => `${kind}-alice`,
  nobodys: `${kind}-nobody`,
  ask: asking(token, query, inputFor),
});
const issuing = (kind: string, inputFor: (id: string) => object) =>
  member(
    issueUserToken,
    kind,
    (id) => ({ input: inputFor(id) }),
    () => bobService,
  );

/** Answers of an authentication, with what each needs besides. */
const answers: [mutation: OperatorMutation, given: object][] = [
  ['submitServicePassword', { password: PASSWORD }],
  ['submitSmsCaptcha', { captcha: '123456' }],
  ['resendSmsCaptcha', {}],
  ['submitQueryPassword', { password: '123456' }],
  ['continueOperatorAuthentication', {}],
];

const cases: Record<string, Case> = {
  'bindPhone.input.memberId': member(bindPhone, 'member', (memberId) => ({
    input: { ...legalPerson(), memberId },
  })),
  'requestVerificationCode.input.bank.schoolId': member(requestBankCode, 'school', (schoolId) => ({
    bank: bankCodeWish({ schoolId, personId: 'person-bob' }),
  })),
  'requestVerificationCode.input.bank.personId': member(requestBankCode, 'person', (personId) => ({
    bank: bankCodeWish({ schoolId: 'school-bob', personId }),
  })),
  'issueUserToken.input.partner': issuing('partner', (partner) => ({ partner, person: teacher })),
  'issueUserToken.input.appSystemId': issuing('app', (appSystemId) => ({
    partner: 'partner-bob',
    appSystemId,
    person: teacher,
  })),
  'issueUserToken.input.person.personId': issuing('person', (personId) => ({
    person: { ...teacher, personId },
  })),
  'issueUserToken.input.person.schoolId': issuing('school', (schoolId) => ({
    person: { ...teacher, schoolId },
  })),
  'issueUserToken.input.person.studentId': issuing('student', (studentId) => ({
    person: { ...teacher, role: 'PARENT', studentId },
  })),
  'phoneBinding.id': {
    foreign: () => aliceBinding.id,
    nobodys: randomUUID(),
    ask: asking(asBob, readBinding, (id) => ({ id })),
  },
  'confirmPhoneBinding.input.id': {
    foreign: () => aliceBinding.id,
    nobodys: randomUUID(),
    ask: asking(asBob, confirmPhoneBinding, (id) => ({ input: { id, code: '123456' } })),
  },
  'operatorAuthentication.id': {
    foreign: () => aliceFlow.id,
    nobodys: randomUUID(),
    ask: asking(asBob, readAuthentication, (id) => ({ id })),
  },
  'phoneBindingUpdated.id': {
    foreign: () => aliceBinding.id,
    nobodys: randomUUID(),
    ask: async (id) => {
      const client = subscriber(server, { token: bob });
      const { seen } = client.ask(bindingUpdated, { id });
      await eventually(
        () => seen,
        ({ length }) => length > 0,
      );
      await client.close();
      return told(Promise.resolve({ status: 0, errors: seen[0].errors } as GraphQLAnswer));
    },
  },
  ...Object.fromEntries(
    answers.flatMap(([mutation, given]): [string, Case][] => {
      const send = (input: object) => told(tell(server, mutation, { ...input, ...given }, { token: bob }));
      return [
        [
          `${mutation}.input.id`,
          {
            foreign: () => aliceFlow.id,
            nobodys: randomUUID(),
            ask: (id) => send({ id, continuation: bobFlow.continuation }),
          },
        ],
        [
          `${mutation}.input.continuation`,
          {
            foreign: () => aliceFlow.continuation,
            nobodys: 'nothing',
            ask: (continuation) => send({ id: bobFlow.id, continuation }),
          },
        ],
      ];
    }),
  ),
};

/** Inputs of keys: what one caller has sent under a key, another does not get for it. */
const keyed = inputs.filter((input) => input.endsWith('.idempotencyKey'));

describe('the inputs of the schema', () => {
  it('are all tried, or name nobody', () => {
    const known = [...Object.keys(cases), ...Object.values(namesNobody).flat(), ...keyed];
    expect(known.filter((input) => !inputs.includes(input))).toEqual([]);
    expect(inputs.filter((input) => !known.includes(input))).toEqual([]);
    expect(new Set(known).size).toBe(known.length);
  });
});

describe("somebody else's id", () => {
  it.each(Object.entries(cases))(
    'at %s is answered as one that does not exist, and sends nothing',
    async (_, one) => {
      const before = (await server.calls()).length;
      const theirs = await one.ask(one.foreign());
      expect(theirs).toEqual(await one.ask(one.nobodys));
      const { data, faults } = theirs as {
        data: object | null | undefined;
        faults?: { extensions: object }[];
      };
      if (faults) {
        expect(['FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND']).toContain(
          (faults[0]?.extensions as { code: string } | undefined)?.code,
        );
      } else expect(Object.values(data ?? {})).toEqual([null]);
      expect(await server.calls()).toHaveLength(before);
    },
  );

  it('was a real one each time', async () => {
    const { data } = await server.graphql(readBinding, { id: aliceBinding.id }, { token: alice });
    expect(data.phoneBinding.memberId).toBe('member-alice');
    expect((await aliceFlow.seen()).step.__typename).toBe('ServicePasswordStep');
    // Where Bob may not go, he may go himself with what is his.
    expect((await bobFlow.password()).step.__typename).toBe('SmsCaptchaStep');
    expect((await aliceFlow.password()).step.__typename).toBe('SmsCaptchaStep');
  });
});

describe("somebody else's idempotencyKey", () => {
  const eraseSubject = `mutation E($phone: PhoneNumber!, $key: ID) {
    eraseSubject(subject: { phone: $phone }, reason: "by law", idempotencyKey: $key) { erasedAt }
  }`;
  const samePhone = phoneWith();
  /** By the mutation: sends it under this key, and tells the id of what came of it. */
  const sends: Record<string, (token: string, key: string) => Promise<string>> = {
    requestVerificationCode: (token, key) =>
      idOf(server.graphql(requestCode, { phone: samePhone, key }, { token })),
    bindPhone: (token, key) =>
      idOf(
        server.graphql(bindPhone, { input: { ...legalPerson(), memberId: 'member-bob' }, key }, { token }),
      ),
    confirmPhoneBinding: async (token, key) => {
      const { id } = await bind(server, { ...legalPerson(), memberId: 'member-bob' }, { token });
      return idOf(server.graphql(confirmPhoneBinding, { input: { id, code: '000000' }, key }, { token }));
    },
    issueUserToken: (token, key) =>
      idOf(server.graphql(issueUserToken, { input: { person: teacher }, key }, { token })),
    startOperatorAuthentication: (token, key) =>
      idOf(tell(server, 'startOperatorAuthentication', { ...person, phone: phoneWith() }, { token, key })),
    eraseSubject: (token, key) => idOf(server.graphql(eraseSubject, { phone: phoneWith(), key }, { token })),
    ...Object.fromEntries(
      answers.map(([mutation, given]) => [
        mutation,
        async (token: string, key: string) => {
          const conversation = new Conversation(server, phoneWith(), token);
          await conversation.start();
          const { id, continuation } = conversation;
          return idOf(tell(server, mutation, { id, continuation, ...given }, { token, key }));
        },
      ]),
    ),
  };
  const idOf = async (answer: Promise<GraphQLAnswer>): Promise<string> => {
    const { data, text } = await answer;
    const [outcome] = Object.values(data ?? {}) as { id?: string; requestId?: string; erasedAt?: string }[];
    const id = outcome?.id ?? outcome?.requestId ?? outcome?.erasedAt;
    if (!id) throw new Error(`no outcome but ${text}`);
    return id;
  };
  const roleFor = (mutation: string) =>
    mutation === 'issueUserToken' ? 'service' : mutation === 'eraseSubject' ? 'admin' : 'user';

  it.each(keyed.map((input) => input.split('.')[0] ?? ''))(
    'brings nothing of theirs at %s',
    async (mutation) => {
      const send = sends[mutation];
      if (!send) throw new Error('is not tried');
      const role = roleFor(mutation);
      const [theirs, mine] = [
        await send(await server.token({ role, sub: 'alice' }), 'a-key-of-hers'),
        await send(await server.token({ role, sub: 'bob', claims: { act_for: own } }), 'a-key-of-hers'),
      ];
      expect(mine).not.toBe(theirs);
    },
  );
});
