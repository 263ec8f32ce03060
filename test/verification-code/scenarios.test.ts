// What the last four digits of a phone make usercoin's simulator do, and what a front-end is told (DESIGN.md §6).
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecord } from '../support/audit.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let member: string;
beforeAll(async () => {
  // Longer than 9006 is late.
  server = await startServer({ env: { USERCOIN_DEADLINE_MS: '4500' } });
  member = await server.token({ role: 'user' });
});
afterAll(() => server?.stop());

const sent = { __typename: 'VerificationCodeSent', testCode: expect.stringMatching(/^\d{6}$/) };
const unknown = {
  __typename: 'OutcomeUnknown',
  message: expect.stringMatching(/^The result is not known yet/),
  pollAfterMs: null,
  retryAfterMs: 120_000,
};
const refused = (code: string, message: RegExp) => ({
  __typename: 'Refusal',
  code,
  message: expect.stringMatching(message),
  humanCheck: null,
});

const scenarios = [
  {
    digits: '9001',
    meaning: 'refuses',
    told: refused('REFUSED_BY_PROVIDER', /^The provider did not accept the request\. \(.*9001.*\)$/),
    record: { outcome: 'REFUSED', providerCode: '10999', rule: null },
    calls: 0,
  },
  {
    digits: '9002',
    meaning: 'has its own rate limit',
    told: { ...refused('RATE_LIMITED', /^That was too often/), retryAfterMs: 120_000, providerCode: '10032' },
    record: { outcome: 'REFUSED', providerCode: '10032', retryAfterMs: 120_000 },
    calls: 0,
  },
  {
    digits: '9003',
    meaning: 'takes it and falls silent',
    told: unknown,
    record: { outcome: 'UNKNOWN', rule: 'DEADLINE', retryAfterMs: 120_000 },
    calls: 1,
  },
  {
    digits: '9004',
    meaning: 'answers HTTP 500 with a page',
    told: unknown,
    record: { outcome: 'UNKNOWN', rule: 'HTTP_500', retryAfterMs: 120_000 },
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
    meaning: 'is 3 s late',
    told: sent,
    record: { outcome: 'ACCEPTED', providerCode: '0', rule: null },
    calls: 1,
  },
  {
    digits: '9007',
    meaning: 'takes it and resets the connection',
    told: unknown,
    record: { outcome: 'UNKNOWN', rule: expect.stringMatching(/^[A-Z_]+$/) },
    calls: 1,
  },
  {
    digits: '9008',
    meaning: 'would sign wrongly, but does not sign',
    told: sent,
    record: { outcome: 'ACCEPTED' },
    calls: 1,
  },
  {
    digits: '9009',
    meaning: 'would send its notice twice, but sends none',
    told: sent,
    record: { outcome: 'ACCEPTED' },
    calls: 1,
  },
];

describe('a phone whose provider', () => {
  it.concurrent.each(scenarios)(
    '$meaning ($digits) ends as designed, in answer, log and calls',
    async ({ digits, told, record, calls }) => {
      const phone = phoneWith(digits);
      const answer = await askForCode(server, { phone }, { language: 'en' });
      expect(answer).toMatchObject(told);
      const kept = await auditRecord(server, answer.requestId);
      expect(kept).toMatchObject({ ...record, maskedPhone: `138****${digits}`, operation: 'sendCode' });
      expect(kept.entries.map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME']);
      expect(kept.entries[1]?.detail).toMatchObject({ outcome: kept.outcome });
      expect(await server.calls({ phone })).toHaveLength(calls);
    },
  );
});

describe('a refusal', () => {
  it('speaks Chinese unless English is preferred', async () => {
    for (const language of [undefined, 'zh-CN,zh;q=0.9,en;q=0.8', 'fr']) {
      const { message } = await askForCode(
        server,
        { phone: phoneWith('9002') },
        language === undefined ? {} : { language },
      );
      expect(message).toMatch(/^操作过于频繁/);
    }
  });

  it('hides a code that could tell who exists from the anonymous, and shows it to the signed-in', async () => {
    const toNobody = await askForCode(server, { phone: phoneWith('9001') });
    const toMember = await askForCode(server, { phone: phoneWith('9001') }, { token: member });
    expect(toNobody.providerCode).toBeNull();
    expect(toMember.providerCode).toBe('10999');
  });

  it('shows a code that tells nothing of a person to everybody', async () => {
    expect((await askForCode(server, { phone: phoneWith('9002') })).providerCode).toBe('10032');
  });
});

describe('a second code for the same number', () => {
  it("is refused by the provider's own limit, and delivers nothing", async () => {
    const phone = phoneWith();
    await askForCode(server, { phone });
    expect(await askForCode(server, { phone })).toMatchObject({
      __typename: 'Refusal',
      code: 'RATE_LIMITED',
    });
    expect(await server.inbox(phone)).toHaveLength(1);
  });
});
