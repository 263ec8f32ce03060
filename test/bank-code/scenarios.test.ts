// What the last four digits of a phone make the bank gateway's simulator do, and what a front-end is told.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecord } from '../support/audit.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { askForBankCode, bankCodeWish } from './bank-code.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  // Longer than 9006 is late.
  server = await startServer({ env: { QINGSONG_BANK_DEADLINE_MS: '4500' } });
  token = await server.token({ role: 'user' });
});
afterAll(() => server?.stop());

const unknown = { __typename: 'OutcomeUnknown', pollAfterMs: null, retryAfterMs: 120_000 };
const scenarios = [
  {
    digits: '9001',
    meaning: 'refuses',
    told: {
      __typename: 'Refusal',
      code: 'REFUSED_BY_PROVIDER',
      providerCode: 'resp_code:DS00001',
      message: expect.stringContaining('9001'),
    },
    record: { outcome: 'REFUSED', providerCode: 'resp_code:DS00001' },
    calls: 0,
  },
  {
    digits: '9002',
    meaning: 'has its own rate limit',
    told: { __typename: 'Refusal', code: 'RATE_LIMITED', retryAfterMs: 60_000, providerCode: 'errcode:1' },
    record: { outcome: 'REFUSED', providerCode: 'errcode:1', retryAfterMs: 60_000 },
    calls: 0,
  },
  {
    digits: '9003',
    meaning: 'takes it and falls silent',
    told: unknown,
    record: { outcome: 'UNKNOWN', rule: 'DEADLINE' },
    calls: 1,
  },
  {
    digits: '9004',
    meaning: 'answers HTTP 500 with a page',
    told: unknown,
    record: { outcome: 'UNKNOWN', rule: 'HTTP_500' },
    calls: 1,
  },
  {
    digits: '9005',
    meaning: 'answers a malformed body',
    told: unknown,
    record: { outcome: 'UNKNOWN', rule: 'UNREADABLE' },
    calls: 1,
  },
  {
    digits: '9006',
    meaning: 'is three seconds late',
    told: { __typename: 'VerificationCodeSent', taskId: expect.stringMatching(/^[\da-f]{32}$/) },
    record: { outcome: 'ACCEPTED' },
    calls: 1,
  },
  {
    digits: '9007',
    meaning: 'takes it and resets the connection',
    told: unknown,
    record: { outcome: 'UNKNOWN' },
    calls: 1,
  },
];

describe.each([
  ['as printed in the document', 'P10'],
  ['in the envelope of the sibling pages', 'P11'],
])('the gateway, answering %s,', (_, personId) => {
  it.each(scenarios)('$meaning: $digits', async ({ digits, told, record, calls }) => {
    const wish = bankCodeWish({ phone: phoneWith(digits), personId });
    const answer = await askForBankCode(server, wish, { token, language: 'en' });
    expect(answer).toMatchObject(told);
    expect(await auditRecord(server, answer.requestId)).toMatchObject(record);
    expect(await server.calls({ phone: wish.phone })).toHaveLength(calls);
  });

  it('has its own limit of a code a minute for a number', async () => {
    const wish = bankCodeWish({ personId });
    await askForBankCode(server, wish, { token });
    expect(await askForBankCode(server, wish, { token })).toMatchObject({ code: 'RATE_LIMITED' });
  });
});
