// The simulator is as strict as Juxinli's document: each rule is a raw wrong request that is refused.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sample } from './samples.js';
import { JuxinliSandbox, person } from './sandbox.js';

let sandbox: JuxinliSandbox;
beforeAll(async () => {
  sandbox = await JuxinliSandbox.open();
});
afterAll(() => sandbox.close());
afterEach(() => {
  jest.useRealTimers();
});

/** Moves the sandbox's clock, and nothing else: its timers are the real ones. */
function passes(milliseconds: number): void {
  const later = Date.now() + milliseconds;
  jest.useFakeTimers({
    now: later,
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}

let lastPhone = 13_800_000_000;
/** One that no other test uses, and that means no scenario. */
function freshPhone(): string {
  lastPhone += 1;
  return String(lastPhone);
}

describe('the list of data sources', () => {
  const list = (org: string) =>
    fetch(`${sandbox.url}/orgApi/rest/v2/orgs/${org}/datasources`).then((response) => response.json());

  it('has the record of the document', async () => {
    const { success, data } = (await list('HUOLD')) as { success: boolean; data: { website: string }[] };
    expect(success).toBe(true);
    const documented = JSON.parse(sample('data-sources-answer')).data[0];
    const jingdong = data.find(({ website }) => website === 'jingdong') ?? {};
    expect(Object.keys(jingdong).sort()).toEqual(Object.keys(documented).sort());
  });

  it('knows no impossible account', async () => {
    expect(await list('a%20b')).toMatchObject({ success: false });
  });
});

describe('an application', () => {
  const good = JSON.parse(sample('application-request'));
  const withPerson = (changes: object) => ({ ...good, basic_info: { ...good.basic_info, ...changes } });
  const withContact = (changes: object) => ({ ...good, contacts: [{ ...good.contacts[0], ...changes }] });

  it('as in the document is taken, by v2 and v3', async () => {
    const { data, ...v2 } = await sandbox.apply(sample('application-request'));
    expect(v2).toEqual({ success: true });
    expect(data).toMatchObject({
      token: expect.stringMatching(/^[0-9a-f]{32}$/),
      cell_phone_num: '13800138000',
      datasource: { id: '28d343e3464147e58521cc5b01ea4f03', website: 'chinamobilejs', name: '江苏移动' },
    });
    expect(Object.keys(data.datasource).sort()).toEqual(
      Object.keys(JSON.parse(sample('application-answer')).data.datasource).sort(),
    );
    expect(await sandbox.apply(good, 'v3')).toMatchObject({
      success: true,
      message: '生成token成功',
      code: 65557,
      data: { cell_phone_num: '13800138000' },
    });
  });

  it.each([
    ['13800138000', '江苏移动'],
    ['13900139000', '北京移动'],
    ['13000130000', '中国联通'],
    ['13300133000', '吉林电信'],
  ])('of %s goes to %s', async (phone, name) => {
    const { data } = await sandbox.apply(withPerson({ cell_phone_num: phone }));
    expect(data.datasource.name).toBe(name);
  });

  it.each([
    ['no person', { contacts: [] }],
    ['a person as text', { ...good, basic_info: '张三' }],
    ['no name', withPerson({ name: undefined })],
    ['an empty name', withPerson({ name: '' })],
    ['no ID number', withPerson({ id_card_num: undefined })],
    ['an ID number of 17', withPerson({ id_card_num: '11010119000101123' })],
    ['an ID number of 19', withPerson({ id_card_num: '1101011900010112345' })],
    ['a lower-case x', withPerson({ id_card_num: '11010119000101123x' })],
    ['an ID number as number', withPerson({ id_card_num: 110101190001011 })],
    ['no phone', withPerson({ cell_phone_num: undefined })],
    ['a phone of 10 digits', withPerson({ cell_phone_num: '1380013800' })],
    ['a phone with its calling code', withPerson({ cell_phone_num: '+8613800138000' })],
    ['a landline', withPerson({ cell_phone_num: '01088888888' })],
    ['a phone as number', withPerson({ cell_phone_num: 13800138000 })],
    ['an address as number', withPerson({ home_addr: 7 })],
    ['contacts as object', { ...good, contacts: {} }],
    ['a contact as text', { ...good, contacts: ['李四'] }],
    ['a contact without a name', withContact({ contact_name: undefined })],
    ['a contact without a phone', withContact({ contact_tel: undefined })],
    ['a contact_type as number', withContact({ contact_type: 1 })],
    ['a contact_type in words', withContact({ contact_type: 'PARENT' })],
    ['a contact_type of two digits', withContact({ contact_type: '11' })],
    ['nothing to collect', { ...good, skip_mobile: true, selected_website: [] }],
    ['a list as JSON', [good]],
    ['no JSON', 'name=张三'],
    ['a JSON text', '"x"'],
  ])('with %s is refused', async (_, form) => {
    const { success, message, data } = await sandbox.apply(form);
    expect(success).toBe(false);
    expect(message).toBeTruthy();
    expect(data).toBeUndefined();
  });

  it('as a form is refused', async () => {
    const answer = await sandbox.apply(good, 'v2', 'application/x-www-form-urlencoded');
    expect(answer.success).toBe(false);
  });

  it('with a contact’s wrong phone is refused by v3 with its code', async () => {
    const wrong = withContact({ contact_tel: '110' });
    expect(await sandbox.apply(wrong, 'v3')).toMatchObject({ success: false, code: 65545 });
    expect(await sandbox.apply(wrong, 'v2')).not.toHaveProperty('code');
  });

  it('refused is no call', async () => {
    const phone = freshPhone();
    await sandbox.apply({ basic_info: { ...person, name: '', cell_phone_num: phone } });
    expect(await sandbox.calls(phone)).toEqual([]);
  });
});

describe('a turn', () => {
  it('answers the first one as in the document', async () => {
    const phone = freshPhone();
    const { send } = await sandbox.conversation(phone);
    const { account: _, token: __, website: ___, ...first } = JSON.parse(sample('collect-request'));
    expect(await send({ ...first, account: phone })).toEqual(JSON.parse(sample('collect-answer')));
    expect((await sandbox.inbox(phone))[0]).toMatchObject({ code: expect.stringMatching(/^\d{6}$/) });
  });

  it('takes empty captcha and type with the first one, and query_pwd as another spelling', async () => {
    const plain = await sandbox.conversation(freshPhone());
    const first = { account: 'x', password: '1', captcha: '', type: '' };
    expect((await plain.send(first)).data.process_code).toBe(10002);
    const query = await sandbox.conversation('13900139015');
    await query.password();
    const answer = await query.send({ type: 'SUBMIT_QUERY_PWD', query_pwd: '123456' });
    expect(answer.data).toMatchObject({ process_code: 10008, finish: true });
  });

  it.each([
    ['no token', { token: '' }],
    ['an unknown token', { token: '0'.repeat(32) }],
    ['a token as number', { token: 7 }],
    ['no website', { website: '' }],
    ['another website', { website: 'chinaunicom' }],
    ['no account', { account: '' }],
    ['no password', { password: '' }],
    ['a password as number', { password: 112233 }],
    ['a password without end', { password: '1'.repeat(65) }],
    ['an unknown type', { type: 'SUBMIT' }],
    ['a captcha before the password', { type: 'SUBMIT_CAPTCHA', captcha: '123456' }],
    ['a wish for another captcha before the password', { type: 'RESEND_CAPTCHA' }],
    ['a query password that nobody asked for', { type: 'SUBMIT_QUERY_PWD', queryPwd: '123456' }],
  ])('with %s is refused, and the conversation stays where it is', async (_, changes) => {
    const phone = freshPhone();
    const talk = await sandbox.conversation(phone);
    const wrong = await talk.send({ account: phone, password: '112233', ...changes });
    expect(wrong).toEqual({ success: false, message: expect.any(String) });
    expect(await sandbox.inbox(phone)).toEqual([]);
    expect(await sandbox.calls(phone)).toHaveLength(1);
    expect((await talk.password()).data.process_code).toBe(10002);
  });

  it('after the password: a captcha is needed, and no query password', async () => {
    const talk = await sandbox.conversation(freshPhone());
    await talk.password();
    expect(await talk.captcha('')).toMatchObject({ success: false });
    expect(await talk.queryPassword('123456')).toMatchObject({ success: false });
  });

  it('that is no JSON is refused', async () => {
    const { token, website } = await sandbox.conversation(freshPhone());
    const turn = { token, website, account: 'x', password: '1' };
    expect(await sandbox.collect('token=x')).toMatchObject({ success: false });
    expect(await sandbox.collect(turn, 'text/plain')).toMatchObject({ success: false });
  });

  it('takes any numeric service password but 000000', async () => {
    const talk = await sandbox.conversation(freshPhone());
    expect((await talk.password('000000')).data.process_code).toBe(10003);
    expect((await talk.password('secret')).data.process_code).toBe(10003);
    expect((await talk.captcha('123456')).success).toBe(false);
    expect((await talk.password('8')).data.process_code).toBe(10002);
  });

  it('says 10004 to a wrong captcha and 10008 to the right one, then that all is collected', async () => {
    const phone = freshPhone();
    const talk = await sandbox.conversation(phone);
    await talk.password();
    expect((await talk.captcha('000000')).data.process_code).toBe(10004);
    expect((await talk.captcha(await sandbox.code(phone))).data).toEqual({
      type: 'CONTROL',
      content: expect.any(String),
      process_code: 10008,
      finish: true,
    });
    expect((await talk.password()).data).toMatchObject({
      type: 'ERROR',
      content: '当前网站已经采集完成,请不要重复采集！',
    });
  });

  it('does not take the captcha of another conversation', async () => {
    const [one, two] = [freshPhone(), freshPhone()];
    const [talk, other] = [await sandbox.conversation(one), await sandbox.conversation(two)];
    await talk.password();
    await other.password();
    const code = await sandbox.code(one);
    if (code !== (await sandbox.code(two))) expect((await other.captcha(code)).data.process_code).toBe(10004);
    await talk.password();
    if (code !== (await sandbox.code(one))) expect((await talk.captcha(code)).data.process_code).toBe(10004);
  });

  it('sends a captcha again once in 60 s', async () => {
    const phone = freshPhone();
    const talk = await sandbox.conversation(phone);
    await talk.password();
    expect((await talk.resend()).data.process_code).toBe(10002);
    expect(await talk.resend()).toEqual({ success: false, message: expect.stringContaining('频繁') });
    expect(await sandbox.inbox(phone)).toHaveLength(2);
    passes(59_000);
    expect((await talk.resend()).success).toBe(false);
    passes(61_000);
    expect((await talk.resend()).data.process_code).toBe(10002);
    expect(await sandbox.inbox(phone)).toHaveLength(3);
  });

  it('sends another captcha by itself when one is older than 120 s', async () => {
    const phone = freshPhone();
    const talk = await sandbox.conversation(phone);
    await talk.password();
    const code = await sandbox.code(phone);
    passes(120_500);
    expect((await talk.captcha(code)).data.process_code).toBe(10006);
    expect(await sandbox.inbox(phone)).toHaveLength(2);
    expect((await talk.captcha(await sandbox.code(phone))).data.process_code).toBe(10008);
  });

  it('forgets a token ten minutes after its last use', async () => {
    const used = await sandbox.conversation(freshPhone());
    const rested = await sandbox.conversation(freshPhone());
    passes(599_000);
    expect((await used.password()).success).toBe(true);
    passes(2_000);
    expect(await rested.password()).toEqual({ success: false, message: expect.stringContaining('token') });
    expect((await used.resend()).success).toBe(true);
  });
});

describe('the ways that a phone chooses', () => {
  const talkOf = async (lastFour: string, prefix = '1370000') => {
    const phone = prefix + lastFour;
    const talk = await sandbox.conversation(phone);
    return { ...talk, rightCaptcha: async () => talk.captcha(await sandbox.code(phone)) };
  };

  it('9011: a second code', async () => {
    const talk = await talkOf('9011');
    await talk.password();
    expect((await talk.rightCaptcha()).data.process_code).toBe(10001);
    expect((await talk.captcha('000000')).data.process_code).toBe(10004);
    expect((await talk.rightCaptcha()).data).toMatchObject({ process_code: 10008, finish: true });
  });

  it('9012: the first service password is wrong', async () => {
    const talk = await talkOf('9012');
    expect((await talk.password()).data.process_code).toBe(10003);
    expect((await talk.password()).data.process_code).toBe(10002);
  });

  it('9013: a weak password; another one is taken', async () => {
    const talk = await talkOf('9013');
    expect((await talk.password('123456')).data.process_code).toBe(10007);
    expect((await talk.password('123456')).data.process_code).toBe(10007);
    expect((await talk.password('739164')).data.process_code).toBe(10002);
  });

  it('9014: text for the code, and again when it has expired', async () => {
    const talk = await talkOf('9014');
    expect((await talk.password()).data).toMatchObject({
      process_code: 10017,
      content: expect.stringContaining('CXXD'),
    });
    passes(121_000);
    expect((await talk.rightCaptcha()).data.process_code).toBe(10018);
    expect((await talk.rightCaptcha()).data.process_code).toBe(10008);
  });

  it('9015: a query password', async () => {
    const talk = await talkOf('9015');
    expect((await talk.password()).data).toMatchObject({
      process_code: 10022,
      req_msg_tpl: { type: 'SUBMIT_QUERY_PWD', method: 'AUTO' },
    });
    expect((await talk.captcha('123456')).success).toBe(false);
    expect((await talk.queryPassword('')).success).toBe(false);
    expect((await talk.queryPassword('654321')).data.process_code).toBe(10023);
    expect((await talk.queryPassword('123456')).data).toMatchObject({ process_code: 10008, finish: true });
  });

  it('9016: busy at first', async () => {
    const talk = await talkOf('9016');
    expect((await talk.password()).data).toMatchObject({ type: 'RUNNING', process_code: 0 });
    expect((await talk.captcha('123456')).success).toBe(false);
    expect((await talk.password()).data.process_code).toBe(10002);
  });

  it('9017: another source follows', async () => {
    const talk = await talkOf('9017');
    await talk.password();
    expect((await talk.rightCaptcha()).data).toMatchObject({
      process_code: 10008,
      finish: false,
      next_datasource: { website: 'jingdong' },
    });
    expect((await talk.password()).data).toMatchObject({
      content: expect.stringContaining('当前网站已经采集完成'),
      next_datasource: { website: 'jingdong' },
    });
    const shop = { website: 'jingdong', account: 'zhangsan' };
    expect((await talk.send({ ...shop, password: '000000' })).data.process_code).toBe(10003);
    expect((await talk.send({ ...shop, password: 'geheim' })).data).toMatchObject({
      process_code: 10008,
      finish: true,
    });
  });

  it('9018: over, and the token with it', async () => {
    const talk = await talkOf('9018');
    expect((await talk.password()).data).toMatchObject({ type: 'ERROR', process_code: 30000 });
    expect(await talk.password()).toMatchObject({ success: false });
  });
});
