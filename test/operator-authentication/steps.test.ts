// The steps beside the plain way, each as the sandbox's Juxinli takes it by the last four digits of the phone.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation, PASSWORD } from './conversation.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ env: { JUXINLI_POLL_AFTER_MS: '700' } });
  token = await server.token({ role: 'user' });
});
afterAll(() => server?.stop());

async function started(lastFour: string): Promise<Conversation> {
  const conversation = new Conversation(server, phoneWith(lastFour), token);
  await conversation.start();
  return conversation;
}

const done = { __typename: 'CollectionStarted', message: '开始采集行为数据' };
const captchaStep = { __typename: 'SmsCaptchaStep', retry: false, requestBySms: false };

describe('the service password', () => {
  it('is asked for again after a wrong one: 9012', async () => {
    const conversation = await started('9012');
    const wrong = await conversation.password();
    expect(wrong).toMatchObject({
      step: { __typename: 'ServicePasswordStep', prompt: '服务密码错误，请重新输入', retry: true },
      providerCode: '10003',
    });
    expect((await conversation.password()).step).toMatchObject({ ...captchaStep, reason: 'FIRST' });
    expect((await conversation.captcha()).step).toEqual(done);
  });

  it('has to be changed where it is too weak, and the new one then goes on: 9013', async () => {
    const conversation = await started('9013');
    const weak = await conversation.password();
    expect(weak).toMatchObject({
      step: {
        __typename: 'PasswordResetRequiredStep',
        prompt: '服务密码过于简单或为初始密码，请修改后再试',
      },
      providerCode: '10007',
    });
    expect((await conversation.password()).step.__typename).toBe('PasswordResetRequiredStep');
    expect((await conversation.password('97531864')).step).toMatchObject(captchaStep);
    expect((await conversation.captcha()).step).toEqual(done);
  });

  it('ends it where the operator has failed: 9018', async () => {
    const conversation = await started('9018');
    const failed = await conversation.password();
    expect(failed).toMatchObject({
      step: {
        __typename: 'AuthenticationFailed',
        message: '运营商网络异常，请重新申请',
        providerCode: '30000',
      },
      continuation: null,
      providerCode: '30000',
    });
    // Nothing more can be sent.
    expect(await conversation.password()).toEqual(failed);
    expect(await conversation.turns()).toBe(1);
  });
});

describe('the captcha', () => {
  it('may be asked for a second time: 9011', async () => {
    const conversation = await started('9011');
    await conversation.password();
    expect(await conversation.captcha()).toMatchObject({
      step: { ...captchaStep, reason: 'SECOND', prompt: '请再次输入短信验证码' },
      providerCode: '10001',
    });
    expect((await conversation.captcha()).step).toEqual(done);
    expect(await server.inbox(conversation.phone)).toHaveLength(2);
  });

  it('is asked for again after a wrong one, and no new one is sent', async () => {
    const conversation = await started('0000');
    await conversation.password();
    expect(await conversation.captcha('000001')).toMatchObject({
      step: { ...captchaStep, reason: 'WRONG', retry: true, prompt: '短信验证码错误，请重新输入' },
      providerCode: '10004',
    });
    expect(await server.inbox(conversation.phone)).toHaveLength(1);
    expect((await conversation.captcha()).step).toEqual(done);
  });

  it('is sent again to whoever asks, and refused to whoever asks too often', async () => {
    const conversation = await started('0000');
    await conversation.password();
    const first = await conversation.newestCode();
    expect((await conversation.resend()).step).toMatchObject({
      ...captchaStep,
      reason: 'RESENT',
      prompt: '短信验证码已重新发送，请输入',
    });
    expect(await conversation.newestCode()).not.toBe(first);
    expect(await conversation.resend()).toMatchObject({
      __typename: 'Refusal',
      code: 'RATE_LIMITED',
      retryAfterMs: 60_000,
    });
    expect((await conversation.seen()).step).toMatchObject({ reason: 'RESENT' });
    expect(await server.inbox(conversation.phone)).toHaveLength(2);
    expect((await conversation.captcha()).step).toEqual(done);
  });

  it('comes only once the person has texted CXXD to 10001: 9014', async () => {
    const conversation = await started('9014');
    expect(await conversation.password()).toMatchObject({
      step: {
        ...captchaStep,
        reason: 'FIRST',
        requestBySms: true,
        resendAfterMs: null,
        prompt: expect.stringContaining('CXXD'),
      },
      providerCode: '10017',
    });
    expect((await conversation.captcha('000001')).step).toMatchObject({
      reason: 'WRONG',
      requestBySms: true,
    });
    expect((await conversation.captcha()).step).toEqual(done);
  });
});

describe('the query password', () => {
  it('is asked for instead of a captcha, and again after a wrong one: 9015', async () => {
    const conversation = await started('9015');
    const asked = await conversation.password();
    expect(asked).toMatchObject({
      step: { __typename: 'QueryPasswordStep', prompt: '请输入查询密码', retry: false },
      providerCode: '10022',
    });
    expect(await conversation.queryPassword('000002')).toMatchObject({
      step: { __typename: 'QueryPasswordStep', prompt: '查询密码错误，请重新输入', retry: true },
      providerCode: '10023',
    });
    expect((await conversation.queryPassword()).step).toEqual(done);
  });
});

describe('a provider that is still busy', () => {
  it('is asked again with continueOperatorAuthentication, which sends the same turn: 9016', async () => {
    const conversation = await started('9016');
    expect((await conversation.password()).step).toEqual({ __typename: 'WaitStep', pollAfterMs: 700 });
    expect((await conversation.seen()).step).toEqual({ __typename: 'WaitStep', pollAfterMs: 700 });
    // The password went along in the continuation.
    expect((await conversation.goOn()).step).toMatchObject({ ...captchaStep, reason: 'FIRST' });
    expect(await conversation.turns()).toBe(2);
    expect((await conversation.captcha()).step).toEqual(done);
  });

  it('gets nothing twice from many who go on at once: 9016', async () => {
    const conversation = await started('9016');
    await conversation.password();
    await Promise.all(Array.from({ length: 10 }, () => conversation.send('continueOperatorAuthentication')));
    expect(await conversation.turns()).toBe(2);
    expect(await server.inbox(conversation.phone)).toHaveLength(1);
  });
});

describe('a second source', () => {
  it('follows the first with a service password of its own: 9017', async () => {
    const conversation = await started('9017');
    await conversation.password(PASSWORD);
    const shop = await conversation.captcha();
    expect(shop).toMatchObject({
      dataSource: { website: 'jingdong', name: '京东', category: 'e_business' },
      step: { __typename: 'ServicePasswordStep', prompt: '请输入京东的服务密码', retry: false },
      providerCode: '10008',
    });
    const finished = await conversation.password('shop word', { account: 'zhangsan@example.com' });
    expect(finished).toMatchObject({ dataSource: { website: 'jingdong' }, step: done, continuation: null });
    expect(await conversation.turns()).toBe(3);
  });
});
