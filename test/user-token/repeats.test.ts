// Making a token again is harmless, so a repeated key asks the provider again, under the first request's id.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecord, auditRecords } from '../support/audit.js';
import { readRecord } from '../support/operations.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { askForToken, parent, teacher, tokenOf } from './user-token.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ env: { QINGSONG_TOKEN_DEADLINE_MS: '4500' } });
  token = await server.token({ role: 'service', sub: 'school-site' });
});
afterAll(() => server?.stop());

const person = (personId: string) => ({ ...teacher, personId });
const recordsOf = (personId: string) => auditRecords(server, { subject: { personId } });

describe('a repeated idempotencyKey', () => {
  it('asks again: the same requestId, a new token, a record of its own that names the first', async () => {
    const wish = { person: person('repeated') };
    const first = await tokenOf(server, wish, { token, key: 'token' });
    const again = await tokenOf(server, wish, { token, key: 'token' });
    expect(again.requestId).toBe(first.requestId);
    expect(again.token).toMatch(/^[\da-f]{32}$/);
    expect(again.token).not.toBe(first.token);
    expect(await server.calls({ provider: 'qingsong-token', phone: 'repeated' })).toHaveLength(2);

    const records = await recordsOf('repeated');
    expect(records.map(({ outcome }) => outcome)).toEqual(['ACCEPTED', 'ACCEPTED']);
    const [second] = records;
    const auditor = await server.token({ role: 'auditor' });
    const { data } = await server.graphql(readRecord, { id: second?.id }, { token: auditor });
    expect(data.auditRecord.flow).toBe(first.requestId);
    expect(data.auditRecord.actor).toBe('school-site');
    expect((await auditRecord(server, first.requestId)).replays).toBe(1);
  });

  it('with another input is IDEMPOTENCY_KEY_REUSED, and nobody is asked', async () => {
    await tokenOf(server, { person: person('used') }, { token, key: 'used' });
    const answer = await askForToken(server, { person: person('reused') }, { token, key: 'used' });
    expectPublicError(answer, 'IDEMPOTENCY_KEY_REUSED', ['reused"']);
    expect(await recordsOf('reused')).toEqual([]);
  });

  it('of another service is another request', async () => {
    const wish = { person: person('shared') };
    const other = await server.token({ role: 'service', sub: 'another-site' });
    const [one, two] = await Promise.all(
      [token, other].map((each) => tokenOf(server, wish, { token: each, key: 'shared' })),
    );
    expect(one.requestId).not.toBe(two.requestId);
  });

  it('may find the provider in another mood, and says so under the same id', async () => {
    const wish = { person: person('silent-9003') };
    const first = await tokenOf(server, wish, { token, key: 'silent' });
    const again = await tokenOf(server, wish, { token, key: 'silent' });
    expect([first, again]).toMatchObject([
      { __typename: 'OutcomeUnknown', retryAfterMs: 1_000 },
      { __typename: 'OutcomeUnknown', requestId: first.requestId },
    ]);
    expect(await server.calls({ provider: 'qingsong-token', phone: 'silent-9003' })).toHaveLength(2);
  });
});

describe('a user token', () => {
  it.each([
    ['9001', { __typename: 'Refusal', code: 'REFUSED_BY_PROVIDER', providerCode: '1' }],
    ['9002', { __typename: 'Refusal', code: 'RATE_LIMITED', retryAfterMs: 60_000 }],
    ['9004', { __typename: 'OutcomeUnknown', retryAfterMs: 1_000 }],
    ['9005', { __typename: 'OutcomeUnknown', retryAfterMs: 1_000 }],
    ['9006', { __typename: 'UserTokenIssued' }],
    ['9007', { __typename: 'OutcomeUnknown', retryAfterMs: 1_000 }],
  ])('in the scenario %s ends as %j', async (digits, told) => {
    expect(await tokenOf(server, { person: person(`p-${digits}`) }, { token })).toMatchObject(told);
  });

  it('is found by the parent and by the student', async () => {
    const { requestId } = await tokenOf(server, { person: parent }, { token });
    for (const personId of ['F1', 'K1']) {
      expect((await recordsOf(personId)).map(({ id, purpose }) => [id, purpose])).toEqual([
        [requestId, 'PARENT'],
      ]);
    }
  });
});

describe('the body of the request', () => {
  it('may be JSON by configuration', async () => {
    const other = await startServer({
      env: { QINGSONG_TOKEN_BODY: 'json', QINGSONG_TOKEN_PARTNERS_WITH_APP: 'cloud' },
    });
    try {
      const service = await other.token({ role: 'service' });
      expect(await tokenOf(other, { person: parent }, { token: service })).toHaveProperty('token');
      const answer = await askForToken(other, { partner: 'cloud' }, { token: service });
      expectPublicError(answer, 'BAD_USER_INPUT', ['cloud']);
    } finally {
      await other.stop();
    }
  });
});
