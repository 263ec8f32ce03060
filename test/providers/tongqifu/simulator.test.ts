// The simulated platform refuses what the document does not allow: each rule is a raw wrong request to a real port.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { encrypt } from '../../../src/providers/tongqifu/aes.js';
import { sign, verify } from '../../../src/providers/tongqifu/signature.js';
import { textToSign } from '../../../src/providers/tongqifu/signed-text.js';
import { type Bench, settingsOf, signTypes, startBench } from './bench.js';

const APPLY = '/payMember/bindPhoneApple';
const CONFIRM = '/payMember/bindPhoneConfirm';
type Fields = Record<string, unknown>;

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

let subscriber = 0;
const freshPhone = () => `137${String(++subscriber).padStart(4, '0')}0000`;
const serial = () => uuidv7().replaceAll('-', '');

const application = (more: Fields = {}): Fields => ({
  mchNo: 'E240000000001',
  appId: '0123456789abcdef01234567',
  reqTime: String(Date.now()),
  version: '1.0',
  signType: 'MD5',
  bizUserId: 'U1',
  chanNo: 'yunst2isv',
  serialNo: serial(),
  phone: freshPhone(),
  phoneType: '1',
  notifyUrl: bench.notifyUrl,
  ...more,
});
const person = (more: Fields = {}): Fields => ({
  authPerType: '1',
  authPerName: '测试',
  authPerIdNo: encrypt('000000190001010000', settingsOf().aes),
  authPerIdType: '1',
  ...more,
});
const ofPerson = (info: unknown, more: Fields = {}): Fields =>
  application({
    phoneType: '2',
    jumpUrl: bench.jumpUrl,
    authPerInfo: typeof info === 'string' ? info : JSON.stringify(info),
    ...more,
  });

/** Signs whatever is there, as a careless client would. */
function signed(fields: Fields, variables: Record<string, string> = {}): Fields {
  const parameters = Object.entries(fields).map(
    ([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const,
  );
  const { keys } = settingsOf({ TONGQIFU_SIGN_TYPE: String(fields.signType), ...variables });
  return { ...fields, sign: sign(textToSign(parameters), keys) };
}
const apply = (fields: Fields) => bench.raw(APPLY, JSON.stringify(fields));
const confirm = (fields: Fields) => bench.raw(CONFIRM, JSON.stringify(fields));
const without = ({ ...fields }: Fields, name: string): Fields => {
  delete fields[name];
  return fields;
};

describe('an application that is right', () => {
  it.each(signTypes)('is taken with a signature of %s, and answered with one', async (signType) => {
    const answer = await apply(signed(application({ signType })));
    expect(answer).toMatchObject({
      code: '0',
      data: { bizUserId: 'U1', applyRespTraceNum: expect.stringMatching(/^\d{26}$/) },
    });
    const text = textToSign(Object.entries(answer.data ?? {}));
    expect(verify(text, answer.sign ?? '', settingsOf({ TONGQIFU_SIGN_TYPE: signType }).keys)).toBe(true);
  });

  it.each([
    ['RSA', { TONGQIFU_RSA_DIGEST: 'sha256' }],
    ['SM2', { TONGQIFU_SM2_ENCODING: 'der' }],
  ] as const)('may use the other reading of %s, and is answered in the same', async (signType, variables) => {
    const answer = await apply(signed(application({ signType }), variables));
    const text = textToSign(Object.entries(answer.data ?? {}));
    expect(
      verify(text, answer.sign ?? '', settingsOf({ TONGQIFU_SIGN_TYPE: signType, ...variables }).keys),
    ).toBe(true);
  });

  it.each([
    ['cbc', 'hex'],
    ['cbc', 'base64'],
    ['ecb', 'base64'],
  ])('may encrypt in %s as %s', async (mode, output) => {
    const { aes } = settingsOf({ TONGQIFU_AES_MODE: mode, TONGQIFU_AES_OUTPUT: output });
    const fields = ofPerson(person({ authPerIdNo: encrypt('11010119900101001X', aes) }));
    expect(await apply(signed(fields))).toMatchObject({ code: '0' });
  });

  it('may bring the person as an object', async () => {
    expect(await apply(signed({ ...ofPerson(''), authPerInfo: person() }))).toMatchObject({ code: '0' });
  });

  it('with papers is reviewed', async () => {
    const info = person({ authPerType: '2', authProcotolFileId: 'file-1' });
    const answer = await apply(signed(without(ofPerson(info), 'jumpUrl')));
    expect(answer).toMatchObject({ code: '3000' });
    expect(answer.data).not.toHaveProperty('authSignLink');
  });
});

describe('an application', () => {
  const required = [
    'mchNo',
    'appId',
    'reqTime',
    'version',
    'sign',
    'signType',
    'bizUserId',
    'chanNo',
    'serialNo',
    'phone',
    'phoneType',
    'notifyUrl',
  ];
  it.each(required)('without %s is refused', async (name) => {
    const fields = { ...signed(application()) };
    expect(await apply(without(fields, name))).toEqual({ code: 11, msg: `参数有误[${name}]` });
    expect(await apply({ ...fields, [name]: '' })).toEqual({ code: 11, msg: `参数有误[${name}]` });
    expect(await apply({ ...fields, [name]: null })).toMatchObject({ code: 11 });
  });

  it.each([
    ['mchNo', 30],
    ['appId', 24],
    ['reqTime', 13],
    ['version', 3],
    ['signType', 32],
    ['bizUserId', 30],
    ['chanNo', 10],
    ['serialNo', 32],
    ['phone', 11],
    ['phoneType', 1],
    ['notifyUrl', 250],
  ])('with a %s of more than %d characters is refused', async (name, longest) => {
    const value = name === 'notifyUrl' ? `https://x.test/${'x'.repeat(250)}` : '1'.repeat(longest + 1);
    const fields =
      name === 'signType'
        ? { ...signed(application()), signType: value }
        : signed(application({ [name]: value }));
    expect(await apply(fields)).toEqual({ code: 11, msg: `参数有误[${name}]` });
  });

  it.each<[string, Fields]>([
    ['reqTime', { reqTime: '170000000000x' }],
    ['reqTime', { reqTime: '1700000000' }],
    ['version', { version: '1.1' }],
    ['chanNo', { chanNo: 'allinpay' }],
    ['phone', { phone: '+8613700000' }],
    ['phone', { phone: '23700000000' }],
    ['phoneType', { phoneType: '3' }],
    ['notifyUrl', { notifyUrl: 'ftp://x.test/' }],
    ['notifyUrl', { notifyUrl: 'not a URL' }],
  ])('with a wrong %s is refused', async (name, more) => {
    expect(await apply(signed(application(more)))).toEqual({ code: 11, msg: `参数有误[${name}]` });
  });

  it('from another time is refused: ten minutes at most', async () => {
    for (const minutes of [-11, 11]) {
      const reqTime = String(Date.now() + minutes * 60_000);
      expect(await apply(signed(application({ reqTime })))).toEqual({ code: 11, msg: '参数有误[reqTime]' });
    }
    expect(await apply(signed(application({ reqTime: String(Date.now() - 9 * 60_000) })))).toMatchObject({
      code: '0',
    });
  });

  it('with numbers for text is refused', async () => {
    const { phone, ...fields } = signed(application({ phone: '13712345678' }));
    expect(await apply({ ...fields, phone: Number(phone) })).toMatchObject({ code: 11 });
  });

  it('from another merchant is refused', async () => {
    expect(await apply(signed(application({ mchNo: 'E240000000002' })))).toEqual({
      code: 9999,
      msg: '商户或商户应用不存在',
    });
    expect(await apply(signed(application({ appId: 'f'.repeat(24) })))).toEqual({
      code: 9999,
      msg: '参数appId与商户号不匹配',
    });
  });

  it('with a wrong signature is refused', async () => {
    const right = signed(application());
    expect(await apply({ ...right, bizUserId: 'U2' })).toEqual({ code: 9999, msg: '验签失败' });
    expect(await apply({ ...right, sign: '0'.repeat(32) })).toEqual({ code: 9999, msg: '验签失败' });
    expect(await apply({ ...right, signType: 'RSA' })).toEqual({ code: 9999, msg: '验签失败' });
    expect(await apply({ ...right, signType: 'HMAC' })).toEqual({ code: 9999, msg: '不支持的签名方式' });
    const key = 'another key of sixteen';
    expect(await apply(signed(application(), { TONGQIFU_MD5_KEY: key }))).toEqual({
      code: 9999,
      msg: '验签失败',
    });
  });

  it('with a field that the platform does not know has a signature that it cannot verify', async () => {
    expect(await apply(signed(application({ orgId: 'X' })))).toEqual({ code: 9999, msg: '验签失败' });
    expect(await apply({ ...signed(application()), notSigned: 'X' })).toMatchObject({ code: '0' });
  });

  it('with a serial number that was used is refused', async () => {
    const serialNo = serial();
    expect(await apply(signed(application({ serialNo })))).toMatchObject({ code: '0' });
    expect(await apply(signed(application({ serialNo })))).toEqual({ code: 9999, msg: '请求流水号重复' });
  });

  it('that is no JSON object is refused', async () => {
    const body = JSON.stringify(signed(application()));
    expect(await bench.raw(APPLY, body, 'application/x-www-form-urlencoded')).toMatchObject({ code: 11 });
    for (const text of ['', 'x', '[]', 'null', `[${body}]`, body.slice(0, -1)]) {
      expect(await bench.raw(APPLY, text)).toEqual({ code: 11, msg: '参数有误[body]' });
    }
  });

  it('has a jumpUrl exactly where a person signs online', async () => {
    const wrong = { code: 11, msg: '参数有误[jumpUrl]' };
    expect(await apply(signed(without(ofPerson(person()), 'jumpUrl')))).toEqual(wrong);
    expect(await apply(signed(ofPerson(person(), { jumpUrl: 'weixin://x' })))).toEqual(wrong);
    expect(await apply(signed(ofPerson(person(), { jumpUrl: `https://x.test/${'x'.repeat(250)}` })))).toEqual(
      wrong,
    );
    expect(await apply(signed(application({ jumpUrl: bench.jumpUrl })))).toEqual(wrong);
    const offline = person({ authPerType: '2', authProcotolFileId: 'file-1' });
    expect(await apply(signed(ofPerson(offline)))).toEqual(wrong);
  });

  it.each<[string, unknown]>([
    ['authPerInfo', 'no JSON'],
    ['authPerInfo', '[]'],
    ['authPerType', without(person(), 'authPerType')],
    ['authPerType', person({ authPerType: '3' })],
    ['authPerType', person({ authPerType: 1 })],
    ['authPerName', without(person(), 'authPerName')],
    ['authPerName', person({ authPerName: '名'.repeat(61) })],
    ['authPerIdNo', without(person(), 'authPerIdNo')],
    ['authPerIdNo', person({ authPerIdNo: '000000190001010000' })],
    ['authPerIdNo', person({ authPerIdNo: encrypt('no number', settingsOf().aes) })],
    [
      'authPerIdNo',
      person({
        authPerIdNo: encrypt('000000190001010000', { ...settingsOf().aes, key: 'another key 16!!' }),
      }),
    ],
    ['authPerIdNo', person({ authPerIdNo: '0'.repeat(201) })],
    ['authPerIdType', without(person(), 'authPerIdType')],
    ['authPerIdType', person({ authPerIdType: '2' })],
    ['authProcotolFileId', person({ authProcotolFileId: 'file-1' })],
    ['authProcotolFileId', person({ authPerType: '2' })],
    ['authProcotolFileId', person({ authPerType: '2', authProcotolFileId: 'x'.repeat(101) })],
    ['authProcotolFileId', person({ authPerType: '2', authProtocolFileId: 'spelt right, so wrong' })],
  ])('with a wrong %s is refused', async (name, info) => {
    expect(await apply(signed(ofPerson(info)))).toEqual({ code: 11, msg: `参数有误[${name}]` });
  });

  it('for an authorised phone needs the person', async () => {
    expect(await apply(signed(without(ofPerson(''), 'authPerInfo')))).toEqual({
      code: 11,
      msg: '参数有误[authPerInfo]',
    });
  });

  it('that is refused is no call and sends nothing', async () => {
    const fields = signed(application());
    await apply({ ...fields, bizUserId: 'U2' });
    expect(await bench.calls(`+86${String(fields.phone)}`)).toEqual([]);
    expect(await bench.inbox(`+86${String(fields.phone)}`)).toEqual([]);
  });
});

describe('a confirmation', () => {
  const confirmation = (of: Fields, more: Fields = {}): Fields => {
    const { phoneType, notifyUrl, ...common } = application({
      phone: of.phone,
      bizUserId: of.bizUserId,
      ...more,
    });
    expect([phoneType, notifyUrl]).toHaveLength(2);
    return common;
  };
  async function applied() {
    const fields = application();
    const { data } = await apply(signed(fields));
    const [message] = await bench.inbox(`+86${String(fields.phone)}`);
    return { fields, applyRespTraceNum: data?.applyRespTraceNum ?? '', verifyCode: message?.code ?? '' };
  }

  it('with the code binds once', async () => {
    const { fields, ...rest } = await applied();
    const answer = await confirm(signed(confirmation(fields, rest)));
    expect(answer).toMatchObject({ code: '0', data: { applyRespTraceNum: rest.applyRespTraceNum } });
    expect(verify(textToSign(Object.entries(answer.data ?? {})), answer.sign ?? '', settingsOf().keys)).toBe(
      true,
    );
    expect(await confirm(signed(confirmation(fields, rest)))).toEqual({ code: 9999, msg: '手机号已绑定' });
  });

  it('needs its fields, its signature and a serial number of its own', async () => {
    const { fields, ...rest } = await applied();
    for (const name of ['applyRespTraceNum', 'verifyCode', 'phone', 'bizUserId', 'serialNo']) {
      expect(await confirm(signed(without(confirmation(fields, rest), name)))).toEqual({
        code: 11,
        msg: `参数有误[${name}]`,
      });
    }
    expect(await confirm({ ...signed(confirmation(fields, rest)), verifyCode: '000000' })).toEqual({
      code: 9999,
      msg: '验签失败',
    });
    const reused = { ...rest, serialNo: fields.serialNo };
    expect(await confirm(signed(confirmation(fields, reused)))).toEqual({
      code: 9999,
      msg: '请求流水号重复',
    });
  });

  it('comes after its application, for the same member and phone', async () => {
    const { fields, ...rest } = await applied();
    const unknown = { ...rest, applyRespTraceNum: '1'.repeat(26) };
    expect(await confirm(signed(confirmation(fields, unknown)))).toEqual({
      code: 9999,
      msg: '申请流水不存在',
    });
    for (const other of [
      { ...fields, bizUserId: 'U2' },
      { ...fields, phone: freshPhone() },
    ]) {
      expect(await confirm(signed(confirmation(other, rest)))).toEqual({ code: 9999, msg: '申请信息不一致' });
    }
  });

  it("is for the legal person's phone", async () => {
    const fields = ofPerson(person());
    const { data } = await apply(signed(fields));
    const more = { applyRespTraceNum: data?.applyRespTraceNum, verifyCode: '123456' };
    expect(await confirm(signed(confirmation(fields, more)))).toEqual({
      code: 9999,
      msg: '该绑定类型无需确认',
    });
  });

  it('may be wrong five times', async () => {
    const { fields, ...rest } = await applied();
    const wrong = { ...rest, verifyCode: rest.verifyCode === '111111' ? '222222' : '111111' };
    for (let guess = 0; guess < 5; guess += 1) {
      expect(await confirm(signed(confirmation(fields, wrong)))).toEqual({ code: 9999, msg: '验证码错误' });
    }
    expect(await confirm(signed(confirmation(fields, rest)))).toEqual({ code: 9999, msg: '验证码已失效' });
  });
});
