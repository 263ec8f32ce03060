// Juxinli's answers are read as documented, and in all the other ways that they have been met in.
import { describe, expect, it } from '@jest/globals';
import { type JuxinliSettings, juxinli } from '../../../src/providers/juxinli/index.js';
import { type Reply, UnreadableAnswer } from '../../../src/providers/provider.js';
import { sample } from './samples.js';

const { listDataSources, apply, collect } = juxinli.operations;
const call = { requestId: '01900000-0000-7000-8000-000000000000', now: new Date() };

function settings(variables: Record<string, string> = {}): JuxinliSettings {
  const faults: string[] = [];
  const made = juxinli.configure(
    juxinli.environment.parse(variables),
    { production: false, sandboxUrl: 'http://127.0.0.1:1/juxinli' },
    faults,
  );
  expect(faults).toEqual([]);
  if (!made) throw new Error('not configured');
  return made;
}

const text = (body: unknown) => ({
  status: 200,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});
const readList = (body: unknown) => listDataSources.read(text(body), settings(), call);
const readReceipt = (body: unknown) => apply.read(text(body), settings(), call);
const readTurn = (body: unknown) => collect.read(text(body), settings(), call);
const turn = (data: object) => readTurn({ success: true, data: { type: 'CONTROL', content: '', ...data } });

function accepted<Value>(reply: Reply<Value>): Value {
  if (!('accepted' in reply)) throw new Error(`refused: ${JSON.stringify(reply)}`);
  return reply.accepted;
}

describe('the samples of the document', () => {
  it('list the data source, its months counted from January, its hours those of Shanghai', () => {
    expect(readList(sample('data-sources-answer'))).toEqual({
      providerCode: 'success=true',
      accepted: {
        sources: [
          {
            id: 'df8ba6ec822e4984b3556d2a2cc2d5b8',
            website: 'jingdong',
            name: '京东',
            category: 'e_business',
            categoryName: '电商',
            status: 'ONLINE',
            websiteCode: 4,
            smsRequired: 2,
            resetPasswordMethod: 0,
            resetPasswordFrozenTime: 0,
            captchaUserIdentified: false,
            offlineTimes: 6,
            createdAt: '2014-07-07T02:49:14.000Z',
            updatedAt: '2017-02-23T22:41:32.000Z',
          },
        ],
      },
    });
  });

  it('receive the application', () => {
    expect(accepted(readReceipt(sample('application-answer')))).toMatchObject({
      token: 'cbee442cdb2b4739b84642c4f1e4d343',
      source: { website: 'chinamobilejs', name: '江苏移动', updatedAt: '2017-06-08T07:18:16.000Z' },
    });
  });

  it('ask for the captcha', () => {
    expect(readTurn(sample('collect-answer'))).toEqual({
      providerCode: '10002',
      accepted: {
        answer: {
          type: 'CONTROL',
          content: '输入动态密码',
          processCode: '10002',
          nextType: 'SUBMIT_CAPTCHA',
          finish: false,
          nextSource: undefined,
          alreadyCollected: false,
        },
      },
    });
  });

  it('are what this client sends', () => {
    const form = apply.request(
      {
        name: '张三',
        idNumber: '110101190001011234',
        phone: '+8613800138000',
        homeAddress: '北京市东城区',
        workPhone: '010-88888888',
        workAddress: '北京市朝阳区',
        homePhone: '010-88888888',
        contacts: [{ name: '李四', phone: '+8613900139000', relation: 'PARENT' }],
      },
      settings(),
      call,
    );
    expect(form).toMatchObject({ method: 'POST', path: '/orgApi/rest/v2/applications/HUOLD' });
    expect(bodyOf(form)).toEqual(JSON.parse(sample('application-request')));
    const first = collect.request(
      {
        token: 'cbee442cdb2b4739b84642c4f1e4d343',
        account: '13800138000',
        password: '112233',
        website: 'chinamobilejs',
        type: '',
      },
      settings(),
      call,
    );
    expect(first).toMatchObject({ method: 'POST', path: '/orgApi/rest/v2/messages/collect/req' });
    expect(bodyOf(first)).toEqual(JSON.parse(sample('collect-request')));
    expect(listDataSources.request({}, settings(), call)).toEqual({
      method: 'GET',
      path: '/orgApi/rest/v2/orgs/HUOLD/datasources',
    });
  });
});

function bodyOf(request: { body?: { json: unknown } | object }): unknown {
  return request.body && 'json' in request.body ? request.body.json : undefined;
}

describe('what is sent', () => {
  const person = { name: '王五', idNumber: '11010119000101123x', phone: '+8613800138000' };

  it('leaves out what there is not, and writes a trailing x as X', () => {
    expect(bodyOf(apply.request(person, settings(), call))).toEqual({
      basic_info: { name: '王五', id_card_num: '11010119000101123X', cell_phone_num: '13800138000' },
    });
  });

  it('names contacts by the configured digits and in domestic numbers', () => {
    const types = 'FRIEND=0,SPOUSE=9,PARENT=1,SIBLING=2,CHILD=3,COLLEAGUE=4,CLASSMATE=5';
    const form = apply.request(
      {
        ...person,
        contacts: [
          { name: '甲', phone: '+861088888888', relation: 'SPOUSE' },
          { name: '乙', phone: '+85251234567', relation: 'FRIEND' },
        ],
      },
      settings({ JUXINLI_CONTACT_TYPES: types, JUXINLI_API_VERSION: 'v3', JUXINLI_ORG: 'ACME' }),
      call,
    );
    expect(form.path).toBe('/orgApi/rest/v3/applications/ACME');
    expect(bodyOf(form)).toMatchObject({
      contacts: [
        { contact_tel: '01088888888', contact_name: '甲', contact_type: '9' },
        { contact_tel: '0085251234567', contact_name: '乙', contact_type: '0' },
      ],
    });
  });

  it('carries captcha, query password and type', () => {
    const sent = { token: 't', website: 'w', captcha: '123456', queryPwd: '654321', type: 'SUBMIT_CAPTCHA' };
    expect(bodyOf(collect.request(sent, settings(), call))).toEqual(sent);
  });
});

describe('a data source', () => {
  const dated = (create_time: unknown, variables = {}) => {
    const body = text({ success: true, data: [{ website: 'w', create_time }] });
    return accepted(listDataSources.read(body, settings(variables), call)).sources[0]?.createdAt;
  };
  const new2017 = { year: 2017, month: 0, dayOfMonth: 1, hourOfDay: 0, minute: 30, second: 0 };

  it('counts months from 0: month 0 is January, in Shanghai', () => {
    expect(dated(new2017)).toBe('2016-12-31T16:30:00.000Z');
    expect(dated({ ...new2017, month: 11, dayOfMonth: 31, hourOfDay: 23 })).toBe('2017-12-31T15:30:00.000Z');
    expect(dated(new2017, { JUXINLI_UTC_OFFSET: '-02:30' })).toBe('2017-01-01T03:00:00.000Z');
  });

  it('takes dates in text, and leaves out those that make no sense', () => {
    expect(dated({ ...new2017, year: '2017', month: '0' })).toBe('2016-12-31T16:30:00.000Z');
    for (const date of [null, '', {}, [], 7, 'x', { ...new2017, month: 12 }, { ...new2017, dayOfMonth: 0 }]) {
      expect(dated(date)).toBeUndefined();
    }
  });

  it('of an older answer lacks the newer fields', () => {
    const [source] = accepted(readList({ success: 'true', data: [{ website: 'w' }] })).sources;
    expect(source).toMatchObject({ id: 'w', website: 'w', name: 'w', category: '', status: 'UNKNOWN' });
    expect(source?.resetPasswordFrozenTime).toBeUndefined();
  });

  it.each([
    [0, 'IN_DEVELOPMENT'],
    ['0', 'IN_DEVELOPMENT'],
    [1, 'ONLINE'],
    ['1', 'ONLINE'],
    [2, 'OFFLINE'],
    [3, 'UNKNOWN'],
    ['closed', 'UNKNOWN'],
    [null, 'UNKNOWN'],
  ])('with status %j is %s', (status, meant) => {
    const list = readList({ success: true, data: [{ website: 'w', status }] });
    expect(accepted(list).sources[0]?.status).toBe(meant);
  });

  it('may be none at all', () => {
    for (const data of [[], null, '', {}])
      expect(accepted(readList({ success: true, data })).sources).toEqual([]);
  });
});

describe('an application', () => {
  const datasource = { website: 'chinamobilejs', name: '江苏移动' };

  it('is taken by v3 with a code of its own', () => {
    const data = { token: 'abc', datasource };
    expect(readReceipt({ success: true, message: '生成token成功', code: 65557, data })).toMatchObject({
      providerCode: '65557',
      accepted: { token: 'abc' },
    });
  });

  it('is refused with the provider’s text and code', () => {
    expect(readReceipt({ success: false, message: '紧急联系人电话无效', code: 65545 })).toEqual({
      refused: 'REFUSED_BY_PROVIDER',
      providerCode: '65545',
      text: '紧急联系人电话无效',
    });
    expect(readReceipt({ success: 'false', message: '系统维护', data: null })).toMatchObject({
      refused: 'REFUSED_BY_PROVIDER',
      providerCode: 'success=false',
    });
    expect(readReceipt({ success: true, message: '运营商维护', code: '65555', data: null })).toMatchObject({
      refused: 'REFUSED_BY_PROVIDER',
      providerCode: '65555',
    });
    expect(readReceipt({ success: false })).toEqual({
      refused: 'REFUSED_BY_PROVIDER',
      providerCode: 'success=false',
    });
  });

  it('asked for too often may be tried again later', () => {
    expect(readReceipt({ success: false, message: '申请过于频繁' })).toMatchObject({
      refused: 'RATE_LIMITED',
      retryAfterMs: 60_000,
    });
  });

  it('without a token, a source or a verdict cannot be read', () => {
    for (const body of [
      { success: true, data: { datasource } },
      { success: true, data: { token: '', datasource } },
      { success: true, data: { token: 'abc' } },
      { success: 'maybe', data: { token: 'abc', datasource } },
      { data: { token: 'abc', datasource } },
      '<html>',
      '',
      '[]',
    ]) {
      expect(() => readReceipt(body)).toThrow(UnreadableAnswer);
    }
  });

  it('keeps its token from resting', () => {
    expect(apply.valueFields.token).toBe('secret');
  });
});

describe('a turn', () => {
  const answerOf = (data: object) => accepted(turn(data)).answer;

  it.each([10002, '10002', 10002.0, '10002.0', ' 10002 '])('has process_code %j', (process_code) => {
    expect(answerOf({ process_code }).processCode).toBe('10002');
  });

  it('with code 0 says so', () => {
    for (const process_code of [0, '0', '0.0']) expect(answerOf({ process_code }).processCode).toBe('0');
  });

  it('may lack template, finish and next source, in any way', () => {
    for (const none of [undefined, null, '', [], {}]) {
      const data = { process_code: 10008, req_msg_tpl: none, finish: none, next_datasource: none };
      expect(answerOf(data)).toMatchObject({ finish: false, nextType: undefined, nextSource: undefined });
    }
  });

  it('says finish as a boolean, text or number', () => {
    for (const finish of [true, 'true', 'TRUE', 1, '1']) expect(answerOf({ finish }).finish).toBe(true);
    for (const finish of [false, 'false', 0, '0']) expect(answerOf({ finish }).finish).toBe(false);
  });

  it('names the next source', () => {
    const data = {
      process_code: 10008,
      finish: false,
      next_datasource: { website: 'jingdong', name: '京东' },
    };
    expect(answerOf(data).nextSource).toMatchObject({ website: 'jingdong', name: '京东' });
    expect(() => turn({ ...data, next_datasource: { name: '京东' } })).toThrow(UnreadableAnswer);
  });

  it.each([10003, 10004, 10006, 10007, 10009, 10010, 10018, 10023, 20007, 30000, 31000])(
    'with code %j declines and yet goes on to be answered',
    (process_code) => {
      expect(turn({ process_code })).toMatchObject({ declined: true, providerCode: String(process_code) });
    },
  );

  it.each([0, 10001, 10002, 10008, 10017, 10022, 11000])('with code %j does not decline', (process_code) => {
    expect(turn({ process_code })).not.toHaveProperty('declined');
  });

  it('on a source collected before counts as done, as an error or as a refusal', () => {
    const content = '当前网站已经采集完成,请不要重复采集！';
    for (const reply of [
      turn({ type: 'ERROR', content, process_code: 30000 }),
      readTurn({ success: false, message: content }),
    ]) {
      expect(accepted(reply).answer).toMatchObject({ alreadyCollected: true, content });
      expect(reply).not.toHaveProperty('declined');
    }
  });

  it('is refused where the token has expired', () => {
    expect(readTurn({ success: false, message: 'token已过期', data: null })).toEqual({
      refused: 'REFUSED_BY_PROVIDER',
      providerCode: 'success=false',
      text: 'token已过期',
    });
  });

  it('passes texts on without phones, codes or control characters, bounded', () => {
    const content = `尊敬的13800138000：\u0000验证码123456，证件11010119000101123X，请拨10086 ${'长'.repeat(300)}`;
    const shown = answerOf({ process_code: 10002, content }).content;
    expect(shown).toMatch(/^尊敬的\*{6}： 验证码\*{6}，证件\*{6}，请拨10086 长+$/);
    expect(shown).toHaveLength(200);
  });

  it('passes names and codes on as a database takes them', () => {
    const dirty = `移动\u0000\ud800${'长'.repeat(100)}`;
    const next_datasource = { website: 'jiangsumobile', name: dirty, category: dirty, category_name: dirty };
    const { nextSource, processCode, nextType } = answerOf({
      process_code: '1\u0000\ud800',
      req_msg_tpl: { type: dirty },
      next_datasource,
    });
    for (const text of [nextSource?.name, nextSource?.category, nextSource?.categoryName, nextType]) {
      expect(text).toBe(`移动  ${'长'.repeat(60)}`);
    }
    expect(processCode).toBe('1');
  });

  it('that says nothing cannot be read', () => {
    for (const data of [
      undefined,
      null,
      [],
      {},
      '',
      'ok',
      { content: '嗯' },
      { type: '', process_code: '' },
    ]) {
      expect(() => readTurn({ success: true, data })).toThrow(UnreadableAnswer);
    }
  });

  it('cut off at any byte cannot be read', () => {
    const whole = sample('collect-answer').trim();
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readTurn(whole.slice(0, length))).toThrow(UnreadableAnswer);
    }
  });

  it('has a deadline of its own', () => {
    expect(collect.deadlineMs?.(settings())).toBe(180_000);
    expect(collect.deadlineMs?.(settings({ JUXINLI_COLLECT_DEADLINE_MS: '90000' }))).toBe(90_000);
    expect(settings().deadlineMs).toBe(30_000);
  });
});

describe('the configuration', () => {
  it.each([
    ['JUXINLI_ORG', '../x'],
    ['JUXINLI_API_VERSION', 'v1'],
    ['JUXINLI_CONTACT_TYPES', 'SPOUSE=0'],
    ['JUXINLI_CONTACT_TYPES', 'SPOUSE=0,PARENT=1,SIBLING=2,CHILD=3,COLLEAGUE=4,CLASSMATE=5,FRIEND=x'],
    ['JUXINLI_UTC_OFFSET', '8'],
    ['JUXINLI_COLLECT_DEADLINE_MS', 'long'],
  ])('names %s where it is %j', (variable, value) => {
    const read = juxinli.environment.safeParse({ [variable]: value });
    expect(read.error?.issues.map(({ path }) => path.join('.'))).toEqual([variable]);
  });

  it('is absent in production without an address', () => {
    const around = { production: true, sandboxUrl: undefined };
    expect(juxinli.configure(juxinli.environment.parse({}), around, [])).toBeNull();
  });
});
