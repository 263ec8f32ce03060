// The continuation is its caller's, for its flow, for a while; what does not fit is refused before any call.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation, PASSWORD } from './conversation.js';
import { type Carried, carriedIn, type Seal, sealed, sealKeyOf } from './sealing.js';

let server: TestServer;
let alice: string;
let key: Buffer;
let conversation: Conversation;
let carried: Carried;
beforeAll(async () => {
  server = await startServer();
  alice = await server.token({ role: 'user', sub: 'alice' });
  key = sealKeyOf(server);
});
beforeEach(async () => {
  conversation = new Conversation(server, phoneWith(), alice);
  await conversation.start();
  carried = await carriedIn(conversation.continuation, key);
});
afterAll(() => server?.stop());

async function expectNotTaken(continuation: string): Promise<void> {
  const answer = await conversation.send('submitServicePassword', { continuation, password: PASSWORD });
  expectPublicError(answer, 'BAD_USER_INPUT', [
    PASSWORD,
    ...(continuation.length > 20 ? [continuation] : []),
  ]);
  expect(answer.errors?.[0].extensions.field).toBe('input.continuation');
  expect(await conversation.turns()).toBe(0);
  expect((await conversation.seen()).step.__typename).toBe('ServicePasswordStep');
}

function made(more: Partial<Seal>): Promise<string> {
  return sealed({ key, actor: 'alice', flow: conversation.id, carried, ...more });
}

describe('a continuation', () => {
  it('shows nothing of what it carries', () => {
    const [header = '', ...rest] = conversation.continuation.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      typ: 'continuation',
    });
    const bytes = rest.map((part) => Buffer.from(part, 'base64url').toString('latin1')).join();
    for (const secret of [carried.token, carried.phone]) expect(bytes).not.toContain(secret);
  });

  it('that was made as the server makes it is taken, so that the others fail for their own reason', async () => {
    const taken = await conversation.password(PASSWORD, { continuation: await made({}) });
    expect(taken.step.__typename).toBe('SmsCaptchaStep');
  });

  it("of another person's flow is not taken", async () => {
    const bob = await server.token({ role: 'user', sub: 'bob' });
    const other = new Conversation(server, phoneWith(), bob);
    await other.start();
    await expectNotTaken(other.continuation);
  });

  it('of another flow of the same person is not taken', async () => {
    const other = new Conversation(server, phoneWith(), alice);
    await other.start();
    await expectNotTaken(other.continuation);
  });

  it.each(['header', 'initialisation vector', 'ciphertext', 'tag'])(
    'with another %s is not taken',
    async (part) => {
      const at = { header: 0, 'initialisation vector': 2, ciphertext: 3, tag: 4 }[part] ?? 0;
      const parts = conversation.continuation.split('.');
      const bytes = Buffer.from(parts[at] ?? '', 'base64url');
      bytes[3] = (bytes[3] ?? 0) ^ 1;
      parts[at] = bytes.toString('base64url');
      await expectNotTaken(parts.join('.'));
    },
  );

  it('that was cut off anywhere is not taken', async () => {
    const whole = conversation.continuation;
    for (const length of [0, 1, 20, whole.length - 30, whole.length - 1]) {
      await expectNotTaken(whole.slice(0, length));
    }
  });

  const forged: [what: string, seal: () => Partial<Seal>][] = [
    ['with another key', () => ({ key: randomBytes(32) })],
    ['a second too late', () => ({ expires: Math.floor(Date.now() / 1_000) - 1 })],
    ['for ever', () => ({ expires: null })],
    ['for somebody else', () => ({ actor: 'bob' })],
    ['by another issuer', () => ({ issuer: 'yanzheng/something-else' })],
    ['as another kind of token', () => ({ typ: 'JWT' })],
    ['with another algorithm', () => ({ key: randomBytes(64), enc: 'A256CBC-HS512' })],
    ['with nothing in it', () => ({ carried: {} })],
    ['with a phone that is no text', () => ({ carried: { ...carried, phone: 13800138000 } })],
  ];
  it.each(forged)('that was sealed %s is not taken', async (_, seal) => {
    await expectNotTaken(await made(seal()));
  });

  it('that is no sealed text at all is not taken', async () => {
    for (const text of ['x', 'a.b.c.d.e', '....', alice, '🙈', ' '.repeat(4_000)]) await expectNotTaken(text);
    await expectNotTaken('y'.repeat(4_097));
  });

  it('that is reused at a later step is answered with the present one, and nothing is sent', async () => {
    const first = conversation.continuation;
    await conversation.password();
    const again = await conversation.answer('submitServicePassword', {
      password: PASSWORD,
      continuation: first,
    });
    expect(again.step).toMatchObject({ __typename: 'SmsCaptchaStep', reason: 'FIRST' });
    expect(await conversation.turns()).toBe(1);
    expect(await server.inbox(conversation.phone)).toHaveLength(1);
  });

  it('brings no answer to a step that does not ask for it', async () => {
    for (const [mutation, given] of [
      ['submitSmsCaptcha', { captcha: '123456' }],
      ['resendSmsCaptcha', {}],
      ['submitQueryPassword', { password: '123456' }],
      ['continueOperatorAuthentication', {}],
    ] as const) {
      expect((await conversation.answer(mutation, given)).step.__typename).toBe('ServicePasswordStep');
    }
    expect(await conversation.turns()).toBe(0);
  });

  it('brings nothing once it is over', async () => {
    await conversation.password();
    const last = conversation.continuation;
    const done = await conversation.captcha();
    for (const mutation of ['resendSmsCaptcha', 'continueOperatorAuthentication'] as const) {
      expect(await conversation.answer(mutation, { continuation: last })).toEqual(done);
    }
    expect(await conversation.turns()).toBe(2);
  });
});
