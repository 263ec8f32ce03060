// A repeated idempotencyKey sends nothing: it is answered with the present step.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditRecords } from '../support/audit.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation, outcomeOf, PASSWORD } from './conversation.js';

let server: TestServer;
let token: string;
let conversation: Conversation;
beforeAll(async () => {
  server = await startServer();
  token = await server.token({ role: 'user' });
});
beforeEach(() => {
  conversation = new Conversation(server, phoneWith(), token);
});
afterAll(() => server?.stop());

/** Keys are the actor's, over all of an operation's conversations. */
let keys = 0;
function freshKey(): string {
  keys += 1;
  return `key ${keys}`;
}

async function appliedTimes(): Promise<number> {
  const calls = await server.calls({ provider: 'juxinli', phone: conversation.phone });
  return calls.filter(({ operation }) => operation === 'apply').length;
}

describe('a repeated start', () => {
  it('applies once, and is told where it stands without a continuation', async () => {
    const key = freshKey();
    const first = await conversation.start({}, { key });
    const again = await conversation.start({ phone: ` 138-${conversation.phone.slice(6)}` }, { key });
    expect(again).toEqual({ ...first, continuation: null });
    expect(await appliedTimes()).toBe(1);
    expect(await auditRecords(server, { flow: first.id })).toMatchObject([{ replays: 1 }]);

    // The continuation of the first is as good as ever, and the repeat follows the conversation.
    const asked = await conversation.password();
    expect(await conversation.start({}, { key })).toEqual({ ...asked, continuation: null });
  });

  it('at the same time applies once', async () => {
    const key = freshKey();
    const answers = await Promise.all(Array.from({ length: 8 }, () => conversation.start({}, { key })));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ continuation }) => continuation !== null)).toHaveLength(1);
    expect(await appliedTimes()).toBe(1);
  });

  it('with other input is IDEMPOTENCY_KEY_REUSED', async () => {
    const key = freshKey();
    await conversation.start({}, { key });
    for (const other of [{ name: '李四' }, { idNumber: '110105194912310011' }, { contacts: [] }]) {
      await expect(conversation.start(other, { key })).rejects.toThrow('IDEMPOTENCY_KEY_REUSED');
    }
    expect(await appliedTimes()).toBe(1);
  });

  it('after a refusal is the same refusal', async () => {
    conversation = new Conversation(server, phoneWith('9001'), token);
    const key = freshKey();
    const first = await conversation.start({}, { key });
    expect(first.__typename).toBe('Refusal');
    expect(await conversation.start({}, { key })).toEqual(first);
    expect(await auditRecords(server, { subject: { phone: conversation.phone } })).toHaveLength(1);
  });
});

describe('a password submitted twice', () => {
  it('with one key at the same time is sent once', async () => {
    await conversation.start();
    const key = freshKey();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        conversation.send('submitServicePassword', { password: PASSWORD }, { key }),
      ),
    );
    for (const answer of answers) {
      expect(['SmsCaptchaStep', 'WaitStep']).toContain(outcomeOf(answer).step.__typename);
    }
    expect(await conversation.turns()).toBe(1);
    expect(await server.inbox(conversation.phone)).toHaveLength(1);
  });

  it('with one key one after the other is sent once, and the first continuation stays the one to go on with', async () => {
    await conversation.start();
    const before = conversation.continuation;
    const key = freshKey();
    const first = await conversation.password(PASSWORD, {}, { key });
    const again = await conversation.password(PASSWORD, { continuation: before }, { key });
    expect(again).toEqual({ ...first, continuation: null });
    expect(await conversation.turns()).toBe(1);
    expect((await conversation.captcha()).step.__typename).toBe('CollectionStarted');
  });

  it('after it was wrong is still wrong, without a call', async () => {
    conversation = new Conversation(server, phoneWith('9012'), token);
    await conversation.start();
    const key = freshKey();
    const first = await conversation.password(PASSWORD, {}, { key });
    expect(first.step).toMatchObject({ __typename: 'ServicePasswordStep', retry: true });
    expect(await conversation.password(PASSWORD, {}, { key })).toEqual({ ...first, continuation: null });
    expect(await conversation.turns()).toBe(1);
    expect((await conversation.password(PASSWORD, {}, { key: freshKey() })).step.__typename).toBe(
      'SmsCaptchaStep',
    );
  });

  it('after a refusal is the same refusal, without a call', async () => {
    conversation = new Conversation(server, phoneWith('9201'), token);
    await conversation.start();
    const key = freshKey();
    const first = await conversation.password(PASSWORD, {}, { key });
    expect(first.__typename).toBe('Refusal');
    expect(await conversation.password(PASSWORD, {}, { key })).toEqual(first);
    expect(await auditRecords(server, { flow: conversation.id })).toHaveLength(2);
  });

  it('without a key at the same time is sent once', async () => {
    await conversation.start();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => conversation.send('submitServicePassword', { password: PASSWORD })),
    );
    expect(await conversation.turns()).toBe(1);
    // Whichever answer a front-end keeps, it can go on with it.
    const any = answers.map(outcomeOf).find(({ continuation }) => continuation !== null);
    conversation.continuation = any.continuation;
    expect((await conversation.captcha()).step.__typename).toBe('CollectionStarted');
  });
});

describe('a key', () => {
  it('of another action of the conversation is IDEMPOTENCY_KEY_REUSED', async () => {
    await conversation.start();
    const key = freshKey();
    await conversation.password(PASSWORD, {}, { key });
    for (const [mutation, given] of [
      ['submitSmsCaptcha', { captcha: '123456' }],
      ['resendSmsCaptcha', {}],
    ] as const) {
      const answer = await conversation.send(mutation, given, { key });
      expectPublicError(answer, 'IDEMPOTENCY_KEY_REUSED', ['123456']);
      expect(answer.errors?.[0].extensions.field).toBe('idempotencyKey');
    }
    expect(await conversation.turns()).toBe(1);
    expect((await conversation.captcha()).step.__typename).toBe('CollectionStarted');
  });

  it('of another conversation is IDEMPOTENCY_KEY_REUSED', async () => {
    await conversation.start();
    const key = freshKey();
    await conversation.password(PASSWORD, {}, { key });
    const other = new Conversation(server, phoneWith(), token);
    await other.start();
    const answer = await other.send('submitServicePassword', { password: PASSWORD }, { key });
    expectPublicError(answer, 'IDEMPOTENCY_KEY_REUSED', [PASSWORD]);
    expect(await other.turns()).toBe(0);
  });

  it('of another person means nothing', async () => {
    const key = freshKey();
    await conversation.start({}, { key });
    const bob = await server.token({ role: 'user', sub: 'bob' });
    const other = new Conversation(server, phoneWith(), bob);
    expect((await other.start({}, { key })).step.__typename).toBe('ServicePasswordStep');
  });
});
