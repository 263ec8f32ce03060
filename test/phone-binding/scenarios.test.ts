// What the last four digits of a phone make the platform's simulator do, and where the binding stands then.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditedRecord, auditRecord, auditRecords } from '../support/audit.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';
import {
  type BindingWish,
  bind,
  bindingOf,
  legalPerson,
  signingOnline,
  standing,
  withPapers,
} from './binding.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  // Longer than 9006 is late.
  server = await startServer({ env: { TONGQIFU_DEADLINE_MS: '4500' } });
  token = await server.token({ role: 'user' });
});
afterAll(() => server?.stop());

const unknown = { __typename: 'OutcomeUnknown', pollAfterMs: 5_000 };
const scenarios = [
  {
    digits: '9001',
    meaning: 'refuses',
    told: { __typename: 'Refusal', code: 'REFUSED_BY_PROVIDER', message: expect.stringContaining('9001') },
    record: { outcome: 'REFUSED', providerCode: '9999' },
    stands: { status: 'FAILED', providerCode: '9999', traceNumber: null },
  },
  {
    digits: '9002',
    meaning: 'has its own rate limit',
    told: { __typename: 'Refusal', code: 'RATE_LIMITED', retryAfterMs: 60_000 },
    record: { outcome: 'REFUSED', retryAfterMs: 60_000 },
    stands: { status: 'FAILED' },
  },
  {
    digits: '9003',
    meaning: 'takes it and falls silent',
    told: unknown,
    record: { outcome: 'UNKNOWN', rule: 'DEADLINE' },
    stands: null,
  },
  {
    digits: '9004',
    meaning: 'answers HTTP 500 with a page',
    told: unknown,
    record: { outcome: 'UNKNOWN', rule: 'HTTP_500' },
    stands: null,
  },
  {
    digits: '9005',
    meaning: 'answers a malformed body',
    told: unknown,
    record: { outcome: 'UNKNOWN', rule: 'UNREADABLE' },
    stands: null,
  },
  {
    digits: '9006',
    meaning: 'is three seconds late',
    told: { __typename: 'PhoneBinding', traceNumber: expect.any(String) },
    record: { outcome: 'ACCEPTED', providerCode: '0' },
    stands: { traceNumber: expect.any(String) },
  },
  {
    digits: '9007',
    meaning: 'takes it and resets the connection',
    told: unknown,
    record: { outcome: 'UNKNOWN' },
    stands: null,
  },
  {
    digits: '9008',
    meaning: 'signs its answer wrongly',
    told: unknown,
    record: { outcome: 'UNKNOWN', rule: 'UNREADABLE' },
    stands: null,
  },
];

describe.each<[string, (lastFour: string) => BindingWish]>([
  ["the legal person's phone", legalPerson],
  ['a signature online', signingOnline],
])('for %s, the platform', (_, wishWith) => {
  it.each(scenarios)('$meaning: $digits', async ({ digits, told, record, stands }) => {
    const wish = wishWith(digits);
    const answer = await bind(server, wish, { token });
    expect(answer).toMatchObject(told);
    const id = answer.id ?? answer.requestId;
    expect(await auditRecord(server, id)).toMatchObject(record);
    const binding = await bindingOf(server, id, token);
    if (stands === null) expect(binding).toBeNull();
    else expect(binding).toMatchObject(stands);
    expect(JSON.stringify(answer)).not.toMatch(/<html|DOCTYPE/);
    expect(await server.calls({ provider: 'tongqifu', phone: wish.phone })).toHaveLength(
      ['9001', '9002'].includes(digits) ? 0 : 1,
    );
  });
});

describe('papers', () => {
  it.each(['9003', '9005', '9007', '9008'])(
    'that the platform took in the scenario %s, without our knowing, are BOUND by its notice',
    async (digits) => {
      const answer = await bind(server, withPapers(digits), { token });
      const id = answer.id ?? answer.requestId;
      expect(['OutcomeUnknown', 'PhoneBinding']).toContain(answer.__typename);
      expect(await standing(server, id, 'BOUND', token)).toMatchObject({ id, traceNumber: null });
      // What was recorded of the call stays as it was: nobody knew.
      expect(await auditRecord(server, id)).toMatchObject({ outcome: 'UNKNOWN' });
    },
  );

  it('whose notice comes late, and twice, are BOUND once: 9009', async () => {
    const { id, status } = await bind(server, withPapers('9009'), { token });
    expect(status).toBe('UNDER_REVIEW');
    await standing(server, id, 'BOUND', token);
    const strays = await eventually<AuditedRecord[]>(
      () => auditRecords(server, { kind: 'WEBHOOK' }),
      (records) => records.some(({ outcome }) => outcome !== 'PENDING'),
    );
    expect(strays).toMatchObject([
      {
        provider: 'tongqifu',
        operation: 'bindingNotice',
        outcome: 'DENIED',
        rule: 'DUPLICATE_NOTICE',
        replays: 0,
      },
    ]);
    const { entries } = await auditRecord(server, id);
    expect(entries.map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME', 'CALLBACK']);
  });
});
