// Values that do not fit are refused by the field's name, never by repeating the value; odd ones harm nothing.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { requestCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';

const ODD = 'zq7Xodd';
const ask = `mutation Ask($input: RequestVerificationCodeInput!, $key: ID) {
  requestVerificationCode(input: $input, idempotencyKey: $key) { __typename }
}`;

let server: TestServer;
let auditor: string;
beforeAll(async () => {
  server = await startServer();
  auditor = await server.token({ role: 'auditor' });
});
afterAll(async () => {
  expect(await askForCode(server, { phone: phoneWith() })).toMatchObject({
    __typename: 'VerificationCodeSent',
  });
  expect(server.output()).not.toContain('a bug');
  await server?.stop();
});

const account = (more: object) => ({
  input: { account: { phone: '13800138000', purpose: 'REGISTER', ...more } },
});

describe('requestVerificationCode', () => {
  const wrong: [what: string, variables: object, sent?: string][] = [
    ['a phone of 200 digits', account({ phone: '9'.repeat(200) }), '99999'],
    ['a phone of emoji', account({ phone: '📱📱📱' }), '📱'],
    ['a phone with a NUL', account({ phone: '13800138000\u0000' }), '13800138000'],
    ['a phone with a lone surrogate', account({ phone: '13800138000\ud800' }), '13800138000'],
    ['a phone that is a number', account({ phone: 13800138000 }), '13800138000'],
    ['a phone that is a list', account({ phone: [ODD] })],
    ['a phone that is an object', account({ phone: { ODD } })],
    ['a phone that is text', account({ phone: ODD })],
    ['no phone', account({ phone: null })],
    ['an unknown purpose', account({ purpose: ODD })],
    ['a purpose that is a number', account({ purpose: 424_242 }), '424242'],
    ['an unknown field', account({ [ODD.toLowerCase()]: 'v4lue' }), 'v4lue'],
    ['an empty input', { input: {} }],
    ['two members at once', { input: { account: null, bank: null } }],
    ['an input that is text', { input: ODD }],
    ['no input', {}],
    ['a userId that is a number', account({ userId: 424_242 }), '424242'],
    ['a userId too long', account({ userId: ODD.repeat(20) })],
    ['a username too long', account({ username: ODD.repeat(20) })],
    ['a providerType too long', account({ purpose: 'OTHER', providerType: `${ODD}${ODD}` })],
    ['an idempotencyKey too long', { ...account({}), key: ODD.repeat(20) }],
    ['an idempotencyKey that is huge', { ...account({}), key: ODD.repeat(5_000) }],
    ['an empty idempotencyKey', { ...account({}), key: '' }],
    ['an idempotencyKey that is an object', { ...account({}), key: { ODD } }],
  ];

  it.each(wrong)('with %s is BAD_USER_INPUT', async (_, variables, sent = ODD) => {
    const answer = await server.graphql(ask, variables);
    expectPublicError(answer, 'BAD_USER_INPUT', [sent]);
    expect(answer.errors?.[0].extensions.field).toMatch(/^(input|idempotencyKey|key)/);
  });

  it.each([
    ['a phone', `{ account: { phone: "${ODD}", purpose: REGISTER } }`],
    ['a purpose', `{ account: { phone: "13800138000", purpose: ${ODD} } }`],
    ['a member', `{ ${ODD}: { phone: "13800138000" } }`],
  ])('with %s in the document that does not fit is refused without repeating it', async (_, input) => {
    const answer = await server.graphql(
      `mutation { requestVerificationCode(input: ${input}) { __typename } }`,
    );
    expectPublicError(answer, 'GRAPHQL_VALIDATION_FAILED', [`"${ODD}"`]);
  });

  const odd = {
    emoji: '🙈🙉',
    'a NUL': 'a\u0000b',
    'a lone surrogate': 'a\ud800b',
    markup: '<script>&"\'',
    'a formula': '=1+1',
  };
  for (const [what, value] of Object.entries(odd)) {
    for (const member of ['userId', 'username', 'key'] as const) {
      it(`with ${what} as ${member} is answered or refused, never a fault of ours`, async () => {
        const phone = phoneWith();
        const variables =
          member === 'key' ? { ...account({ phone }), key: value } : account({ phone, [member]: value });
        const answer = await server.graphql(ask, variables);
        if (answer.errors)
          expectPublicError(answer, 'BAD_USER_INPUT', [value, JSON.stringify(value).slice(1, -1)]);
        else expect(answer.data.requestVerificationCode.__typename).toBe('VerificationCodeSent');
      });
    }
  }

  it('with a NUL in a text of the document is refused', async () => {
    const answer = await server.graphql(
      `mutation { requestVerificationCode(idempotencyKey: "a\\u0000b", input: { account: { phone: "${phoneWith()}", purpose: REGISTER, username: "\\u0000" } }) { __typename } }`,
    );
    expectPublicError(answer, 'GRAPHQL_VALIDATION_FAILED');
  });
});

describe('auditRecords', () => {
  const page = `query Page($filter: AuditRecordFilter, $first: Int, $after: String) {
    auditRecords(filter: $filter, first: $first, after: $after) { edges { cursor } pageInfo { hasNextPage } }
  }`;

  it.each([
    ['first 0', { first: 0 }],
    ['first 201', { first: 201 }],
    ['first -1', { first: -1 }],
    ['first beyond an Int', { first: 2 ** 40 }],
    ['first with a fraction', { first: 1.5 }],
    ['first as text', { first: ODD }],
    ['a cursor that is none', { after: ODD }],
    ['an empty cursor', { after: '' }],
    ['a cursor with a NUL', { after: '\u0000' }],
    ['a date that is none', { filter: { from: ODD } }],
    ['a month that is none', { filter: { from: '2026-13-01T00:00:00Z' } }],
    ['a day that is none', { filter: { to: '2026-02-30T00:00:00Z' } }],
    ['a date that is a number', { filter: { to: 424_242 } }],
    ['an unknown outcome', { filter: { outcomes: [ODD] } }],
    ['a subject of two members', { filter: { subject: { phone: '13800138000', personId: ODD } } }],
    ['an empty subject', { filter: { subject: {} } }],
    ['a subject that is no phone', { filter: { subject: { phone: ODD } } }],
    ['an unknown condition', { filter: { [ODD]: 1 } }],
  ])('with %s is BAD_USER_INPUT', async (what, variables) => {
    const answer = await server.graphql(page, variables, { token: auditor });
    expectPublicError(answer, 'BAD_USER_INPUT', what === 'an unknown condition' ? [] : [ODD]);
  });

  const texts = ['actor', 'client', 'provider', 'purpose', 'providerReference', 'flow'] as const;
  it.each(texts)(
    'with an odd text as %s finds nothing or is refused, never a fault of ours',
    async (member) => {
      for (const value of ['🙈', 'a\u0000b', 'a\ud800b', "' OR 1=1 --", ODD.repeat(200), '']) {
        const answer = await server.graphql(page, { filter: { [member]: value } }, { token: auditor });
        if (answer.errors) expectPublicError(answer, 'BAD_USER_INPUT', [ODD]);
        else expect(answer.data.auditRecords.edges).toEqual([]);
      }
    },
  );

  it.each(['memberId', 'personId'])('with an odd %s finds nothing or is refused', async (member) => {
    for (const value of ['🙈', 'a\u0000b', 'a\ud800b', '']) {
      const filter = { subject: { [member]: value } };
      const answer = await server.graphql(page, { filter }, { token: auditor });
      if (answer.errors) expectPublicError(answer, 'BAD_USER_INPUT');
      else expect(answer.data.auditRecords.edges).toEqual([]);
    }
  });

  it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '1969-12-31T00:00:00Z'])(
    'takes %s for a time',
    async (time) => {
      const answer = await server.graphql(page, { filter: { from: time, to: time } }, { token: auditor });
      expect(answer.errors).toBeUndefined();
    },
  );
});

describe('an error', () => {
  it('names the field in the path of its answer', async () => {
    const answer = await server.graphql(requestCode, { phone: phoneWith(), key: 'k'.repeat(129) });
    expect(answer.errors?.[0]).toMatchObject({
      path: ['requestVerificationCode'],
      extensions: { code: 'BAD_USER_INPUT', field: 'idempotencyKey' },
    });
  });
});
