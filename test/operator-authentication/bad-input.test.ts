// What does not fit is refused by the field's name, before any record and any call, and never repeated.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecords } from '../support/audit.js';
import type { OperatorMutation } from '../support/operator-operations.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation, person, tell } from './conversation.js';

const ODD = 'zq7Xodd';
const PHONE = '13800138000';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.token({ role: 'user' });
});
afterAll(() => server?.stop());

const contact = { name: '李四', phone: '13912345678', relation: 'FRIEND' };
const contacts = (more: object) => ({ contacts: [contact, { ...contact, ...more }] });

const wrong: [what: string, more: object, field: string, sent?: string][] = [
  ['a Hong Kong phone', { phone: '+85291234567' }, 'input.phone', '91234567'],
  ['a phone of the United States', { phone: '+12025550123' }, 'input.phone', '2025550123'],
  ['a landline', { phone: '010-88888888' }, 'input.phone', '88888888'],
  ['a phone that is none', { phone: ODD }, 'input.phone', ODD],
  ['no phone', { phone: null }, 'input.phone'],
  ['an ID number of 15 places', { idNumber: '110105491231002' }, 'input.idNumber', '110105491231002'],
  ['an ID number of 17 places', { idNumber: '11010519491231002' }, 'input.idNumber', '11010519491231002'],
  ['an ID number of 19 places', { idNumber: '1101051949123100211' }, 'input.idNumber', '1949123100211'],
  ['an ID number with another letter', { idNumber: '11010519491231002Y' }, 'input.idNumber', '1231002Y'],
  ['an ID number with X inside', { idNumber: '1101051949123X0021' }, 'input.idNumber', '123X0021'],
  ['an ID number with spaces', { idNumber: '110105 19491231 002X' }, 'input.idNumber', '19491231'],
  [
    'an ID number of wide digits',
    { idNumber: '１１０１０５１９４９１２３１００２X' },
    'input.idNumber',
    '１１０１０５',
  ],
  ['an ID number with a line after it', { idNumber: '11010519491231002X\n' }, 'input.idNumber', '31002X'],
  ['an empty ID number', { idNumber: '' }, 'input.idNumber'],
  ['an empty name', { name: '' }, 'input.name'],
  ['a name of 61 characters', { name: ODD.repeat(9) }, 'input.name', ODD],
  ['a home address of 201 characters', { homeAddress: '路'.repeat(201) }, 'input.homeAddress', '路路'],
  ['a work address of 201 characters', { workAddress: '路'.repeat(201) }, 'input.workAddress', '路路'],
  ['a home phone of 21 characters', { homePhone: '025'.repeat(7) }, 'input.homePhone', '025025'],
  ['a work phone of 21 characters', { workPhone: '025'.repeat(7) }, 'input.workPhone', '025025'],
  ['eleven contacts', { contacts: Array(11).fill(contact) }, 'input.contacts', contact.phone],
  ['a contact without a name', contacts({ name: '' }), 'input.contacts.1.name'],
  ["a contact's name of 61 characters", contacts({ name: ODD.repeat(9) }), 'input.contacts.1.name', ODD],
  ["a contact's phone that is none", contacts({ phone: ODD }), 'input.contacts[1].phone', ODD],
  ["a contact's phone of 5 digits", contacts({ phone: '10086' }), 'input.contacts[1].phone', '10086'],
  ["a contact's relation that is none", contacts({ relation: ODD }), 'input.contacts[1].relation', ODD],
  ['contacts that are null', { contacts: [null] }, 'input.contacts[0]'],
];

describe('startOperatorAuthentication', () => {
  it.each(wrong)('with %s is BAD_USER_INPUT', async (_, more, field, sent = ODD) => {
    const input = { ...person, phone: PHONE, ...more };
    const answer = await tell(server, 'startOperatorAuthentication', input, { token });
    expectPublicError(answer, 'BAD_USER_INPUT', [sent, person.name]);
    expect(answer.errors?.[0].extensions.field).toBe(field);
  });

  it.each([
    ['empty', ''],
    ['of 129 characters', 'k'.repeat(129)],
  ])('with a key that is %s is BAD_USER_INPUT', async (_, key) => {
    const input = { ...person, phone: PHONE };
    const answer = await server.graphql(
      `mutation Start($input: StartOperatorAuthenticationInput!, $key: ID) {
        startOperatorAuthentication(input: $input, idempotencyKey: $key) { __typename }
      }`,
      { input, key },
      { token },
    );
    expectPublicError(answer, 'BAD_USER_INPUT');
    expect(answer.errors?.[0].extensions.field).toBe('idempotencyKey');
  });

  it('left neither a record nor a call for any of them', async () => {
    expect(await auditRecords(server)).toEqual([]);
    expect(await server.calls({ provider: 'juxinli' })).toEqual([]);
  });

  it.each([
    ['a lower-case x', { idNumber: '11010519491231002x' }],
    ['a name of 60 characters', { name: '名'.repeat(60) }],
    ['an address of 200 characters', { homeAddress: '路'.repeat(200) }],
    ['ten contacts', { contacts: Array(10).fill(contact) }],
    ['a phone as people write it', { phone: '＋86 138-1234-5678' }],
  ])('with %s is taken', async (_, more) => {
    const conversation = new Conversation(server, phoneWith(), token);
    expect((await conversation.start(more)).step.__typename).toBe('ServicePasswordStep');
  });
});

describe('an answer', () => {
  const long: [mutation: OperatorMutation, what: string, more: object, field: string, sent?: string][] = [
    ['submitServicePassword', 'an empty password', { password: '' }, 'input.password'],
    [
      'submitServicePassword',
      'a password of 70 characters',
      { password: ODD.repeat(10) },
      'input.password',
      ODD,
    ],
    ['submitServicePassword', 'no password', { password: null }, 'input.password'],
    [
      'submitServicePassword',
      'a password that is a number',
      { password: 12_345_678 },
      'input.password',
      '12345678',
    ],
    ['submitServicePassword', 'an empty account', { password: '1', account: '' }, 'input.account'],
    [
      'submitServicePassword',
      'an account of 70 characters',
      { password: '1', account: ODD.repeat(10) },
      'input.account',
      ODD,
    ],
    [
      'submitServicePassword',
      "somebody else's account",
      { password: '1', account: ODD },
      'input.account',
      ODD,
    ],
    ['submitSmsCaptcha', 'an empty captcha', { captcha: '' }, 'input.captcha'],
    [
      'submitSmsCaptcha',
      'a captcha of 17 digits',
      { captcha: '12345678901234567' },
      'input.captcha',
      '1234567890',
    ],
    ['submitQueryPassword', 'an empty query password', { password: '' }, 'input.password'],
    [
      'submitQueryPassword',
      'a query password of 70 characters',
      { password: ODD.repeat(10) },
      'input.password',
      ODD,
    ],
    [
      'resendSmsCaptcha',
      'a continuation of 4200 characters',
      { continuation: ODD.repeat(600) },
      'input.continuation',
      ODD,
    ],
    ['continueOperatorAuthentication', 'an id of 70 characters', { id: ODD.repeat(10) }, 'input.id', ODD],
  ];

  it.each(long)(
    '%s with %s is BAD_USER_INPUT before any record',
    async (mutation, _, more, field, sent = ODD) => {
      const conversation = new Conversation(server, phoneWith(), token);
      await conversation.start();
      const answer = await conversation.send(mutation, more);
      expectPublicError(answer, 'BAD_USER_INPUT', [sent]);
      expect(answer.errors?.[0].extensions.field).toBe(field);
      expect(await auditRecords(server, { flow: conversation.id })).toHaveLength(1);
    },
  );
});
