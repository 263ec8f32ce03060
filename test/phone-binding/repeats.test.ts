// A repeated idempotencyKey applies once, and is answered with where the binding stands by then.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecord, auditRecords } from '../support/audit.js';
import { bindPhone } from '../support/operations.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { bind, decide, legalPerson, signingOnline, standing, withPapers } from './binding.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ env: { TONGQIFU_DEADLINE_MS: '4000' } });
  token = await server.token({ role: 'user', sub: 'alice' });
});
afterAll(() => server?.stop());

const callsFor = (phone: string) => server.calls({ provider: 'tongqifu', phone });

describe('a repeated application', () => {
  it('is answered with the present state, under the same id', async () => {
    const wish = signingOnline();
    const first = await bind(server, wish, { token, key: 'present' });
    expect(await bind(server, wish, { token, key: 'present' })).toEqual(first);
    await decide(first.signingUrl, 'sign');
    await standing(server, first.id, 'BOUND', token);
    expect(await bind(server, wish, { token, key: 'present' })).toMatchObject({
      id: first.id,
      status: 'BOUND',
      signingUrl: null,
    });
    expect(await callsFor(wish.phone)).toHaveLength(1);
    expect((await auditRecord(server, first.id)).replays).toBe(2);
    expect(await auditRecords(server, { subject: { phone: wish.phone } })).toHaveLength(1);
  });

  it('by a double tap sends one SMS, and both learn the same', async () => {
    const wish = legalPerson();
    const [one, two] = await Promise.all([1, 2].map(() => bind(server, wish, { token, key: 'double tap' })));
    expect(one).toEqual(two);
    expect(one).toMatchObject({ status: 'CODE_SENT' });
    expect(await server.inbox(wish.phone)).toHaveLength(1);
  });

  it('of an unknown outcome is BOUND as soon as the notice has come', async () => {
    const wish = withPapers('9005');
    const first = await bind(server, wish, { token, key: 'unknown' });
    expect(first).toMatchObject({ __typename: 'OutcomeUnknown' });
    await standing(server, first.requestId, 'BOUND', token);
    expect(await bind(server, wish, { token, key: 'unknown' })).toMatchObject({
      __typename: 'PhoneBinding',
      id: first.requestId,
      status: 'BOUND',
    });
    expect(await callsFor(wish.phone)).toHaveLength(1);
  });

  it('of an unknown outcome that stays so is told the same', async () => {
    const wish = legalPerson('9005');
    const first = await bind(server, wish, { token, key: 'still unknown' });
    const again = await bind(server, wish, { token, key: 'still unknown' });
    expect(again).toEqual(first);
    expect(await callsFor(wish.phone)).toHaveLength(1);
  });

  it('of a refusal is refused alike', async () => {
    const wish = legalPerson('9001');
    const first = await bind(server, wish, { token, key: 'refused' });
    expect(first).toMatchObject({ __typename: 'Refusal' });
    expect(await bind(server, wish, { token, key: 'refused' })).toEqual(first);
  });

  it.each([
    ['another member', { memberId: 'member-other' }],
    ['another phone', { phone: '+8613800000001' }],
    ['another way', { authorisedPerson: signingOnline().authorisedPerson }],
  ])('for %s is IDEMPOTENCY_KEY_REUSED, and nothing is sent', async (what, other) => {
    const wish = legalPerson();
    const key = `reused for ${what}`;
    await bind(server, wish, { token, key });
    const answer = await server.graphql(bindPhone, { input: { ...wish, ...other }, key }, { token });
    expectPublicError(answer, 'IDEMPOTENCY_KEY_REUSED', [
      wish.phone,
      wish.memberId,
      'member-other',
      '13800000001',
    ]);
    expect(await callsFor(wish.phone)).toHaveLength(1);
  });

  it('by somebody else is another application', async () => {
    const wish = signingOnline();
    const bob = await server.token({ role: 'user', sub: 'bob' });
    const [mine, his] = await Promise.all(
      [token, bob].map((each) => bind(server, wish, { token: each, key: 'ours' })),
    );
    expect(mine.id).not.toBe(his.id);
  });

  it('without a key is another application', async () => {
    const wish = signingOnline();
    const [one, two] = [await bind(server, wish, { token }), await bind(server, wish, { token })];
    expect(one.id).not.toBe(two.id);
  });
});
