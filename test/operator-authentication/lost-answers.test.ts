// A front-end that lost an answer asks where the conversation stands, and goes on with what it has.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation } from './conversation.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.token({ role: 'user' });
});
afterAll(() => server?.stop());

async function started(lastFour = '0000'): Promise<Conversation> {
  const conversation = new Conversation(server, phoneWith(lastFour), token);
  await conversation.start();
  return conversation;
}

describe('a lost answer', () => {
  it('to the captcha costs one query', async () => {
    const conversation = await started('9011');
    await conversation.password();
    await conversation.send('submitSmsCaptcha', { captcha: await conversation.newestCode() });

    const { step, continuation } = await conversation.seen();
    expect(step).toMatchObject({ __typename: 'SmsCaptchaStep', reason: 'SECOND' });
    expect(continuation).toBeNull();
    // The continuation of the first captcha has all that the second one takes.
    expect((await conversation.captcha()).step.__typename).toBe('CollectionStarted');
    expect(await conversation.turns()).toBe(3);
  });

  it('to the last step costs one query, and there is nothing left to do', async () => {
    const conversation = await started();
    await conversation.password();
    await conversation.send('submitSmsCaptcha', { captcha: await conversation.newestCode() });
    expect(await conversation.seen()).toMatchObject({
      step: { __typename: 'CollectionStarted' },
      continuation: null,
    });
  });

  it('to a wrong password costs one query', async () => {
    const conversation = await started('9012');
    await conversation.send('submitServicePassword', { password: '13571357' });
    expect((await conversation.seen()).step).toMatchObject({
      __typename: 'ServicePasswordStep',
      retry: true,
    });
    expect((await conversation.password()).step.__typename).toBe('SmsCaptchaStep');
    expect((await conversation.captcha()).step.__typename).toBe('CollectionStarted');
  });

  it.each([
    ['submitSmsCaptcha', { captcha: '123456' }],
    ['resendSmsCaptcha', {}],
  ] as const)(
    'to the service password has it asked for again, without a call: %s',
    async (mutation, given) => {
      const conversation = await started();
      await conversation.send('submitServicePassword', { password: '24681357' });
      expect((await conversation.seen()).step.__typename).toBe('SmsCaptchaStep');

      const lacking = await conversation.answer(mutation, given);
      expect(lacking).toMatchObject({
        step: { __typename: 'ServicePasswordStep', retry: false },
        continuation: expect.any(String),
      });
      expect((await conversation.seen()).step.__typename).toBe('ServicePasswordStep');
      expect(await conversation.turns()).toBe(1);

      expect((await conversation.password()).step.__typename).toBe('SmsCaptchaStep');
      expect((await conversation.captcha()).step.__typename).toBe('CollectionStarted');
    },
  );

  it('to a password while the provider is busy has it asked for again, without a call', async () => {
    const conversation = await started('9016');
    await conversation.send('submitServicePassword', { password: '24681357' });
    expect((await conversation.seen()).step.__typename).toBe('WaitStep');
    expect((await conversation.goOn()).step.__typename).toBe('ServicePasswordStep');
    expect(await conversation.turns()).toBe(1);
    expect((await conversation.password()).step.__typename).toBe('SmsCaptchaStep');
  });

  it('to the query password leaves the older continuation as good as the newer', async () => {
    const conversation = await started('9015');
    await conversation.password();
    await conversation.send('submitQueryPassword', { password: '000002' });
    expect((await conversation.seen()).step).toMatchObject({ __typename: 'QueryPasswordStep', retry: true });
    expect((await conversation.queryPassword()).step.__typename).toBe('CollectionStarted');
  });
});
