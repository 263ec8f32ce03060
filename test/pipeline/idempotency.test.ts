// A repeated idempotency key has no second effect, belongs to whoever used it, and is answered without secrets.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode, askInVain } from '../support/ask.js';
import { auditRecord, auditRecords } from '../support/audit.js';
import { eventually } from '../support/eventually.js';
import { requestCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { type GraphQLAnswer, startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let tooEarly: Promise<GraphQLAnswer>;
beforeAll(async () => {
  // Longer than a repeat waits for the first (25 s).
  server = await startServer({ env: { USERCOIN_DEADLINE_MS: '40000' } });
  const wish = { phone: phoneWith('9003'), key: 'still running' };
  void askForCode(server, wish).catch(() => {});
  await eventually(
    () => server.calls({ phone: wish.phone }),
    (calls) => calls.length === 1,
  );
  tooEarly = server.graphql(requestCode, wish);
});
afterAll(() => server?.stop());

const sent = { __typename: 'VerificationCodeSent' };

describe('repeats that wait', () => {
  it('take half of the room at most: others are told to come back, but for what has ended', async () => {
    const narrow = await startServer({ env: { MAX_IN_FLIGHT: '8' } });
    const ended = { phone: phoneWith(), key: 'ended' };
    await askForCode(narrow, ended);
    const wish = { phone: phoneWith('9006'), key: 'all at once' };
    const first = askForCode(narrow, wish);
    await eventually(
      () => narrow.calls({ phone: wish.phone }),
      (calls) => calls.length === 1,
    );
    const repeats = Array.from({ length: 7 }, async () => {
      const { data, errors } = await narrow.graphql(requestCode, wish);
      return data?.requestVerificationCode?.replayed ?? errors?.[0]?.extensions.code;
    });
    expect(await Promise.race(repeats)).toBe('REQUEST_IN_PROGRESS');
    expect(await askForCode(narrow, ended)).toMatchObject({ replayed: true });
    const told = await Promise.all(repeats);
    expect(told.sort()).toEqual([...Array(3).fill('REQUEST_IN_PROGRESS'), ...Array(4).fill(true)]);
    expect(await first).toMatchObject({ replayed: false });
    await narrow.stop();
  });
});

describe('a repeated idempotency key', () => {
  it('sends once for a double tap, and answers both alike', async () => {
    const wish = { phone: phoneWith(), key: 'double tap' };
    const taps = await Promise.all([askForCode(server, wish), askForCode(server, wish)]);
    expect(await server.calls({ phone: wish.phone })).toHaveLength(1);
    const [first, second] = taps.sort((a, b) => Number(a.replayed) - Number(b.replayed));
    expect(first).toMatchObject({ replayed: false, testCode: expect.stringMatching(/^\d{6}$/) });
    expect(second).toMatchObject({
      replayed: true,
      testCode: null,
      requestId: first.requestId,
      maskedPhone: first.maskedPhone,
      expiresAt: first.expiresAt,
      resendAt: first.resendAt,
    });
    expect(second.expiresInMs).toBeLessThanOrEqual(180_000);
  });

  it('counts the number in any writing as the same input', async () => {
    const first = await askForCode(server, { phone: '138 1111 0000', key: 'spelling' });
    const again = await askForCode(server, { phone: '+86-13811110000', key: 'spelling' });
    expect(again).toMatchObject({ replayed: true, requestId: first.requestId });
  });

  it('with another input is IDEMPOTENCY_KEY_REUSED, and nothing is sent', async () => {
    const wish = { phone: phoneWith(), key: 'reused' };
    await askForCode(server, wish);
    const answer = await server.graphql(requestCode, { ...wish, purpose: 'RESET_PASSWORD' });
    expectPublicError(answer, 'IDEMPOTENCY_KEY_REUSED', [wish.phone, 'reused"']);
    expect(await server.calls({ phone: wish.phone })).toHaveLength(1);
    expect(await auditRecords(server, { subject: { phone: wish.phone } })).toHaveLength(1);
  });

  it('repeats a refusal under the same request', async () => {
    const wish = { phone: phoneWith('9001'), key: 'refused' };
    const first = await askForCode(server, wish);
    expect(await askForCode(server, wish)).toEqual(first);
    expect(await auditRecords(server, { subject: { phone: wish.phone } })).toHaveLength(1);
  });

  it('waits for the first while that still runs', async () => {
    const wish = { phone: phoneWith('9006'), key: 'late' };
    const first = askForCode(server, wish);
    await eventually(
      () => server.calls({ phone: wish.phone }),
      (calls) => calls.length === 1,
    );
    const repeat = await askForCode(server, wish);
    expect(repeat).toMatchObject({ ...sent, replayed: true, requestId: (await first).requestId });
    expect(await server.calls({ phone: wish.phone })).toHaveLength(1);
  });

  it('of an unknown outcome tells the same, and calls nobody', async () => {
    const wish = { phone: phoneWith('9005'), key: 'unknown' };
    const first = await askForCode(server, wish);
    expect(first.__typename).toBe('OutcomeUnknown');
    expect(await askForCode(server, wish)).toEqual(first);
    expect(await server.calls({ phone: wish.phone })).toHaveLength(1);
    expect((await auditRecord(server, first.requestId)).replays).toBe(1);
  });
});

describe('the same idempotency key', () => {
  it('of another client, another actor or another phone is another intent', async () => {
    const alice = await server.token({ role: 'user', sub: 'alice' });
    const bob = await server.token({ role: 'user', sub: 'bob' });
    const answers = await Promise.all([
      askForCode(server, { phone: phoneWith(), key: 'shared' }),
      askForCode(server, { phone: phoneWith(), key: 'shared' }),
      askForCode(server, { phone: phoneWith(), key: 'shared' }, { client: 'h5' }),
      askForCode(server, { phone: phoneWith(), key: 'shared' }, { token: alice }),
      askForCode(server, { phone: phoneWith(), key: 'shared' }, { token: bob }),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ ...sent, replayed: false });
  });

  it('does not tell a stranger that the key of a phone was used', async () => {
    const phone = phoneWith();
    const first = await askForCode(server, { phone, key: 'mine' }, { client: 'h5' });
    const stranger = await askForCode(server, { phone, key: 'mine' }, { client: 'console' });
    // Its own request, which the provider refuses for coming too early.
    expect(stranger).toMatchObject({ __typename: 'Refusal', code: 'RATE_LIMITED' });
    expect(stranger.requestId).not.toBe(first.requestId);
  });

  it('of one actor for another phone is reused with another input', async () => {
    const token = await server.token({ role: 'user', sub: 'carol' });
    await askForCode(server, { phone: phoneWith(), key: 'hers' }, { token });
    const code = await askInVain(server, { phone: phoneWith(), key: 'hers' }, { token });
    expect(code).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});

describe('without an idempotency key', () => {
  it('every request is an intent of its own', async () => {
    const phone = phoneWith();
    await askForCode(server, { phone });
    expect(await askForCode(server, { phone })).toMatchObject({ code: 'RATE_LIMITED' });
  });
});

describe('a repeat whose first outlasts the wait', () => {
  it('is REQUEST_IN_PROGRESS, to be repeated later', async () => {
    const answer = await tooEarly;
    expectPublicError(answer, 'REQUEST_IN_PROGRESS');
    expect(answer.errors?.[0].extensions.retryAfterMs).toBeGreaterThan(0);
  });
});
