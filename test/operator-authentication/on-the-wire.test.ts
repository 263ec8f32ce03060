// What Juxinli is sent, byte for byte: each turn has what the provider wants again, and nothing of another source.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation } from './conversation.js';
import {
  asksForCaptcha,
  isBusy,
  isDone,
  type ScriptedJuxinli,
  scriptedJuxinli,
  shop,
} from './scripted-juxinli.js';

let provider: ScriptedJuxinli;
let server: TestServer;
let conversation: Conversation;
/** The phone in 11 digits. */
let account: string;
beforeAll(async () => {
  provider = await scriptedJuxinli();
  server = await startServer({
    env: { JUXINLI_URL: provider.url, JUXINLI_API_VERSION: 'v3', JUXINLI_ORG: 'acme' },
  });
});
beforeEach(async () => {
  conversation = new Conversation(server, phoneWith(), await server.token({ role: 'user' }));
  account = conversation.phone.slice(3);
  provider.turns.length = 0;
  provider.applications.length = 0;
});
afterAll(async () => {
  await server?.stop();
  await provider?.close();
});

const common = { token: 'scripted-token', website: 'chinamobilejs' };
const moreSources = { ...isDone, finish: false, next_datasource: shop };

describe('an application', () => {
  it('is sent with an upper-case X, contacts by digit, and without what is left out', async () => {
    await conversation.start({
      workPhone: '025-66666666',
      homeAddress: '',
      contacts: [
        { name: '李四', phone: '13912345678', relation: 'SPOUSE' },
        { name: '王五', phone: '+862588888889', relation: 'FRIEND' },
      ],
    });
    expect(provider.applications).toEqual([
      {
        path: '/orgApi/rest/v3/applications/acme',
        form: {
          basic_info: {
            name: '张三',
            id_card_num: '11010519491231002X',
            cell_phone_num: account,
            work_tel: '025-66666666',
          },
          contacts: [
            { contact_tel: '13912345678', contact_name: '李四', contact_type: '0' },
            { contact_tel: '02588888889', contact_name: '王五', contact_type: '6' },
          ],
        },
      },
    ]);
  });
});

describe('a turn', () => {
  it('has account and password along, which the front-end gives once', async () => {
    provider.willAnswer(asksForCaptcha, asksForCaptcha, isDone);
    await conversation.start();
    await conversation.password('4711');
    await conversation.resend();
    await conversation.captcha('3141');
    const known = { ...common, account, password: '4711' };
    expect(provider.turns).toEqual([
      known,
      { ...known, type: 'RESEND_CAPTCHA' },
      { ...known, type: 'SUBMIT_CAPTCHA', captcha: '3141' },
    ]);
  });

  it('is the same once more where the provider was busy, also with a captcha', async () => {
    provider.willAnswer(asksForCaptcha, isBusy, isBusy, isDone);
    await conversation.start();
    await conversation.password('4711');
    await conversation.captcha('3141');
    await conversation.goOn();
    expect((await conversation.goOn()).step.__typename).toBe('CollectionStarted');
    const captcha = { ...common, account, password: '4711', type: 'SUBMIT_CAPTCHA', captcha: '3141' };
    expect(provider.turns.slice(1)).toEqual([captcha, captcha, captcha]);
  });

  it('never asks for a captcha again by itself where the provider was busy with one', async () => {
    provider.willAnswer(asksForCaptcha, isBusy);
    await conversation.start();
    await conversation.password('4711');
    expect((await conversation.resend()).step.__typename).toBe('WaitStep');
    expect((await conversation.goOn()).step).toMatchObject({
      __typename: 'SmsCaptchaStep',
      reason: 'RESENT',
    });
    expect(provider.turns).toHaveLength(2);
  });
});

describe('a second source', () => {
  it('never gets account or password of the first', async () => {
    provider.willAnswer(asksForCaptcha, moreSources, asksForCaptcha, isDone);
    await conversation.start();
    await conversation.password('4711');
    const ofFirst = conversation.continuation;
    await conversation.captcha('3141');
    await conversation.password('shop word', { account: 'zhangsan' });
    const ofSecond = conversation.continuation;

    // An older continuation holds what is for the first source: nothing of it is sent.
    const lacking = await conversation.answer('submitSmsCaptcha', { captcha: '2718', continuation: ofFirst });
    expect(lacking).toMatchObject({
      dataSource: { website: 'jingdong' },
      step: { __typename: 'ServicePasswordStep', retry: false },
    });
    expect(provider.turns).toHaveLength(3);

    const again = await conversation.answer('submitServicePassword', {
      password: 'shop word',
      account: 'zhangsan',
      continuation: ofSecond,
    });
    expect(again.step.__typename).toBe('CollectionStarted');
    const ofShop = provider.turns.filter(({ website }) => website === 'jingdong');
    expect(ofShop).toEqual([
      { token: 'scripted-token', website: 'jingdong', account: 'zhangsan', password: 'shop word' },
      { token: 'scripted-token', website: 'jingdong', account: 'zhangsan', password: 'shop word' },
    ]);
  });

  it('is logged in to with the phone unless the front-end names an account', async () => {
    provider.willAnswer(moreSources, isDone);
    await conversation.start();
    await conversation.password('4711', { account: `+86 ${account}` });
    await conversation.password('shop word');
    expect(provider.turns.map(({ website, account: name }) => [website, name])).toEqual([
      ['chinamobilejs', `+86 ${account}`],
      ['jingdong', account],
    ]);
  });
});
