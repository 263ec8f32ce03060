// The way that goes well: application, service password, captcha, done; and all that a front-end is told on it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecord } from '../support/audit.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation } from './conversation.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.token({ role: 'user', sub: 'alice' });
});
afterAll(() => server?.stop());

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const text = expect.stringMatching(/\S/);
const jiangsu = {
  id: '28d343e3464147e58521cc5b01ea4f03',
  website: 'chinamobilejs',
  name: '江苏移动',
  category: 'mobile',
  categoryName: '移动运营商',
  status: 'ONLINE',
  websiteCode: 12,
  smsRequired: 1,
  resetPasswordMethod: 0,
  resetPasswordFrozenTime: 0,
  captchaUserIdentified: false,
  offlineTimes: 4,
  createdAt: '2014-07-07T02:49:14.000Z',
  updatedAt: '2017-01-08T07:18:16.000Z',
};

describe('an operator authentication', () => {
  it('leads from the application over service password and captcha to the collection', async () => {
    const conversation = new Conversation(server, phoneWith(), token);
    const started = await conversation.start();
    const common = {
      __typename: 'OperatorAuthentication',
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      dataSource: jiangsu,
      expiresAt: instant,
      updatedAt: instant,
    };
    expect(started).toEqual({
      ...common,
      step: { __typename: 'ServicePasswordStep', prompt: '请输入江苏移动的服务密码', retry: false },
      continuation: text,
      providerCode: null,
    });
    expect(Date.parse(started.expiresAt) - Date.parse(started.updatedAt)).toBe(600_000);

    expect(await conversation.password()).toEqual({
      ...common,
      id: started.id,
      step: {
        __typename: 'SmsCaptchaStep',
        prompt: '输入动态密码',
        reason: 'FIRST',
        retry: false,
        requestBySms: false,
        resendAfterMs: 60_000,
      },
      continuation: text,
      providerCode: '10002',
    });

    const done = await conversation.captcha();
    expect(done).toEqual({
      ...common,
      id: started.id,
      step: { __typename: 'CollectionStarted', message: '开始采集行为数据' },
      continuation: null,
      providerCode: '10008',
    });
    expect(await conversation.seen()).toEqual(done);
    expect(await conversation.turns()).toBe(2);
  });

  it('takes all that an application may say', async () => {
    const conversation = new Conversation(server, phoneWith(), token);
    const started = await conversation.start({
      homeAddress: '江苏省南京市鼓楼区',
      homePhone: '025-88888888',
      workAddress: '江苏省南京市玄武区',
      workPhone: '025-66666666',
      contacts: [
        { name: '李四', phone: '+86 139 1234 5678', relation: 'SPOUSE' },
        { name: '王五', phone: '025-88888889', relation: 'FRIEND' },
      ],
    });
    expect(started.step.__typename).toBe('ServicePasswordStep');
  });

  it('takes null for whatever may be left out', async () => {
    const conversation = new Conversation(server, phoneWith(), token);
    const nothing = {
      homeAddress: null,
      homePhone: null,
      workAddress: null,
      workPhone: null,
      contacts: null,
    };
    expect((await conversation.start(nothing)).step.__typename).toBe('ServicePasswordStep');
    expect((await conversation.password(undefined, { account: null })).step.__typename).toBe(
      'SmsCaptchaStep',
    );
  });

  it('shows in a query where it stands, without a continuation', async () => {
    const conversation = new Conversation(server, phoneWith(), token);
    const started = await conversation.start();
    expect(await conversation.seen()).toEqual({ ...started, continuation: null });
    const asked = await conversation.password();
    expect(await conversation.seen()).toEqual({ ...asked, continuation: null });
  });

  it('speaks English to whoever asks for it', async () => {
    const conversation = new Conversation(server, phoneWith(), token);
    const started = await conversation.start({}, { language: 'en' });
    expect(started.step.prompt).toBe('Enter the service password for 江苏移动');
    const asked = await conversation.password(undefined, {}, { language: 'en' });
    expect(asked.step.prompt).toBe('Enter the code from the SMS');
  });

  it('is applied for in v3 where JUXINLI_API_VERSION says so', async () => {
    const v3 = await startServer({ env: { JUXINLI_API_VERSION: 'v3' } });
    try {
      const conversation = new Conversation(v3, phoneWith(), await v3.token({ role: 'user' }));
      const { id } = await conversation.start();
      await conversation.password();
      expect((await conversation.captcha()).step.__typename).toBe('CollectionStarted');
      expect(await auditRecord(v3, id)).toMatchObject({ outcome: 'ACCEPTED', providerCode: '65557' });
    } finally {
      await v3.stop();
    }
  });
});
