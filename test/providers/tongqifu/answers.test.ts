// What is sent, field by field, and what an answer means: codes as text and as numbers, data with a signature over
// its members as they are spelt, and errors without either. The document prints no sample; these follow its tables.
import { describe, expect, it } from '@jest/globals';
import { UnreadableAnswer } from '../../../src/providers/provider.js';
import { decrypt } from '../../../src/providers/tongqifu/aes.js';
import { type BindingApplication, tongqifu } from '../../../src/providers/tongqifu/index.js';
import { sandboxKeys } from '../../../src/providers/tongqifu/sandbox-keys.js';
import { sign, verify } from '../../../src/providers/tongqifu/signature.js';
import { textToSign } from '../../../src/providers/tongqifu/signed-text.js';
import { platformKeys, requestId, serialNo, settingsOf, signTypes } from './bench.js';

const { applyBinding, confirmBinding } = tongqifu.operations;
const call = { requestId, now: new Date(1_700_000_000_000) };
const settings = settingsOf();
const application: BindingApplication = {
  memberId: 'U1',
  phone: '+8613800000000',
  notifyUrl: 'https://example.com/n',
  jumpUrl: 'https://example.com/j',
};
const person = { name: '测试', idNumber: '000000190001010000' };
const offline = { ...person, authorisation: 'OFFLINE', agreementFileId: 'file-1' } as const;
const online = { ...person, authorisation: 'ONLINE' } as const;

function sent(input: BindingApplication, variables: Record<string, string> = {}) {
  const { body, ...rest } = applyBinding.request(input, settingsOf(variables), call);
  expect(rest).toEqual({ method: 'POST', path: '/payMember/bindPhoneApple' });
  if (!body || !('json' in body)) throw new Error('no JSON');
  return body.json as Record<string, string>;
}

describe('an application', () => {
  it("for the legal person's phone has neither a jumpUrl nor a person", () => {
    const { sign: signature, ...fields } = sent(application);
    expect(fields).toEqual({
      mchNo: 'E240000000001',
      appId: '0123456789abcdef01234567',
      reqTime: '1700000000000',
      version: '1.0',
      signType: 'MD5',
      bizUserId: 'U1',
      chanNo: 'yunst2isv',
      serialNo,
      phone: '13800000000',
      phoneType: '1',
      notifyUrl: 'https://example.com/n',
    });
    expect(signature).toMatch(/^[0-9A-F]{32}$/);
  });

  it('to be signed online says where the browser goes, and who signs', () => {
    const fields = sent({ ...application, authorisedPerson: { ...online, agreementFileId: 'not sent' } });
    expect(fields).toMatchObject({ phoneType: '2', jumpUrl: 'https://example.com/j' });
    const info = JSON.parse(fields.authPerInfo ?? '') as Record<string, string>;
    expect(Object.keys(info)).toEqual(['authPerType', 'authPerName', 'authPerIdNo', 'authPerIdType']);
    expect(info).toMatchObject({ authPerType: '1', authPerName: '测试', authPerIdType: '1' });
    expect(decrypt(info.authPerIdNo ?? '', settings.aes)).toBe('000000190001010000');
    expect(JSON.stringify(fields)).not.toContain('000000190001010000');
  });

  it('with papers names the file, spelt as the document does, and no jumpUrl', () => {
    const fields = sent({ ...application, authorisedPerson: offline });
    expect(fields).not.toHaveProperty('jumpUrl');
    expect(JSON.parse(fields.authPerInfo ?? '')).toMatchObject({
      authPerType: '2',
      authProcotolFileId: 'file-1',
    });
  });

  it('always says where the browser goes where that is configured', () => {
    const always = { TONGQIFU_JUMP_URL_ALWAYS: 'true' };
    expect(sent(application, always).jumpUrl).toBe('https://example.com/j');
    expect(sent({ ...application, authorisedPerson: offline }, always).jumpUrl).toBe('https://example.com/j');
  });

  it.each(signTypes)('is signed with %s over the fields as they are sent', (signType) => {
    const fields = sent({ ...application, authorisedPerson: online }, { TONGQIFU_SIGN_TYPE: signType });
    expect(fields.signType).toBe(signType);
    const onTheWire = JSON.parse(JSON.stringify(fields)) as Record<string, string>;
    expect(verify(textToSign(Object.entries(onTheWire)), fields.sign ?? '', platformKeys(signType))).toBe(
      true,
    );
  });

  it('is for mainland mobiles only', () => {
    for (const phone of ['+85212345678', '13800000000', '+86138000000000']) {
      expect(() => sent({ ...application, phone })).toThrow('mainland');
    }
  });
});

describe('a confirmation', () => {
  const confirmation = { memberId: 'U1', phone: '+8613800000000', traceNumber: 'R1', code: '123456' };

  it('is not sent unless that is configured', () => {
    expect(() => confirmBinding.request(confirmation, settings, call)).toThrow('TONGQIFU_CONFIRM');
  });

  it('names the application and brings the code', () => {
    const { path, body } = confirmBinding.request(confirmation, settingsOf({ TONGQIFU_CONFIRM: 'on' }), call);
    expect(path).toBe('/payMember/bindPhoneConfirm');
    expect(body).toMatchObject({
      json: {
        applyRespTraceNum: 'R1',
        verifyCode: '123456',
        phone: '13800000000',
        bizUserId: 'U1',
        serialNo,
      },
    });
  });

  it('may be answered without data, which has no signature then', () => {
    expect(confirmBinding.read({ status: 200, text: '{"code":"0","msg":"ok"}' }, settings, call)).toEqual({
      accepted: { traceNumber: '', signed: false },
      providerCode: '0',
    });
    const forged = '{"code":"0","sign":"00","data":{"applyRespTraceNum":"R1"}}';
    expect(() => confirmBinding.read({ status: 200, text: forged }, settings, call)).toThrow('signature');
  });
});

const read = (text: string, variables: Record<string, string> = {}) =>
  applyBinding.read({ status: 200, text }, settingsOf(variables), call);
const signOf = (text: string) => sign(text, platformKeys('MD5'));
const DATA = '{"bizUserId":"U1","applyRespTraceNum":"R1"}';
const SIGN = signOf('applyRespTraceNum=R1&bizUserId=U1');
const answer = (data = DATA, signature = SIGN, code = '"0"') =>
  `{"code":${code},"msg":"ok","sign":"${signature}","data":${data}}`;

describe('an answer', () => {
  const accepted = {
    accepted: { traceNumber: 'R1', signingUrl: undefined, pendingReview: false },
    providerCode: '0',
    providerReference: 'R1',
  };

  it.each([
    ['as the document has it', answer()],
    ['with an integer for the code', answer(DATA, SIGN, '0')],
    ['with a byte order mark', `\uFEFF${answer()}`],
    [
      'with other spacing and order',
      `\n{ "data" : { "applyRespTraceNum" : "R1" , "bizUserId" : "U1" } , "sign" : "${SIGN}" , "code" : 0 }`,
    ],
    ['with escapes', answer('{"bizUserId":"\\u00551","applyRespTraceNum":"R1"}')],
    [
      'with empty and null members, which are not signed',
      answer('{"bizUserId":"U1","applyRespTraceNum":"R1","authSignLink":null,"x":""}'),
    ],
    ['with further members beside data', answer().replace('{"code"', '{"extra":{"a":[1]},"code"')],
    ['with the signature in lower case', answer(DATA, SIGN.toLowerCase())],
  ])('is taken %s', (_, text) => expect(read(text)).toEqual(accepted));

  it('that says 3000 is under review', () => {
    for (const code of ['"3000"', '3000']) {
      expect(read(answer(DATA, SIGN, code))).toEqual({
        ...accepted,
        accepted: { ...accepted.accepted, pendingReview: true },
        providerCode: '3000',
      });
    }
  });

  it('is signed over numbers as they are spelt', () => {
    for (const [data, text] of [
      [
        '{"applyRespTraceNum":20240101123456789012345678,"bizUserId":1}',
        'applyRespTraceNum=20240101123456789012345678&bizUserId=1',
      ],
      [
        '{"applyRespTraceNum":"R1","amount":1.10,"ok":true,"zero":0}',
        'amount=1.10&applyRespTraceNum=R1&ok=true&zero=0',
      ],
      ['{"applyRespTraceNum":"R1","e":1E+2,"n":-0.0}', 'applyRespTraceNum=R1&e=1E+2&n=-0.0'],
    ] as const) {
      expect(read(answer(data, signOf(text)))).toHaveProperty('accepted');
    }
    expect(
      read(
        answer(
          '{"applyRespTraceNum":20240101123456789012345678}',
          signOf('applyRespTraceNum=20240101123456789012345678'),
        ),
      ),
    ).toMatchObject({
      accepted: { traceNumber: '20240101123456789012345678' },
    });
    expect(() =>
      read(answer('{"applyRespTraceNum":"R1","amount":1.10}', signOf('amount=1.1&applyRespTraceNum=R1'))),
    ).toThrow('signature');
  });

  it('leads to the signing page', () => {
    const link = 'https://sign.example.com/s?a=1&b=2';
    const data = `{"authSignLink":"${link.replaceAll('/', '\\/')}","applyRespTraceNum":"R1","bizUserId":"U1"}`;
    const text = `applyRespTraceNum=R1&authSignLink=${link}&bizUserId=U1`;
    expect(read(answer(data, signOf(text)))).toMatchObject({ accepted: { signingUrl: link } });
  });

  it.each([
    'javascript:alert(1)',
    'ftp://x.test/',
    '//x.test/',
    'x',
    'https://user:pw@x.test/',
    'https://user@x.test/',
    'data:text/html,x',
  ])('does not lead to %s', (link) => {
    const text = `applyRespTraceNum=R1&authSignLink=${link}`;
    expect(() => read(answer(`{"authSignLink":"${link}","applyRespTraceNum":"R1"}`, signOf(text)))).toThrow(
      'authSignLink',
    );
  });

  it('leads to a plain http page only where that is accepted', () => {
    const link = 'http://sign.example.com/';
    const signature = signOf(`applyRespTraceNum=R1&authSignLink=${link}`);
    const text = answer(`{"authSignLink":"${link}","applyRespTraceNum":"R1"}`, signature);
    expect(read(text)).toMatchObject({ accepted: { signingUrl: link } });
    const strict = { ...settings, allowHttpLinks: false };
    expect(() => applyBinding.read({ status: 200, text }, strict, call)).toThrow('authSignLink');
  });

  it.each([
    ['without a signature', `{"code":"0","data":${DATA}}`],
    ['with an empty one', answer(DATA, '')],
    ['with null for one', `{"code":"0","sign":null,"data":${DATA}}`],
    ['with a wrong one', answer(DATA, '0'.repeat(32))],
    ['with something changed', answer(DATA.replace('R1', 'R2'))],
    ['with something added', answer(DATA.replace('}', ',"x":"1"}'))],
    ['with something taken away', answer('{"applyRespTraceNum":"R1"}')],
    ['with a member twice', answer(`${DATA.slice(0, -1)},"bizUserId":"U1"}`)],
    ['with data twice', answer().replace('{"code"', `{"data":{"applyRespTraceNum":"R9"},"code"`)],
    ['with the code twice', answer().replace('{"code"', '{"code":"9999","code"')],
    ['with __proto__ in data', answer('{"__proto__":"x","bizUserId":"U1","applyRespTraceNum":"R1"}')],
    ['with one value that stands for two', answer('{"applyRespTraceNum":"R1&bizUserId=U1"}')],
    ['with data in an array', answer(`[${DATA}]`)],
    ['with data as text', answer(JSON.stringify(DATA))],
    ['that would have to be mended', answer().replace('}}', ',}}')],
    ['without data', '{"code":"0","msg":"ok"}'],
    ['with empty data', '{"code":0,"data":{}}'],
    ["with PHP's empty data", '{"code":0,"data":[]}'],
    ['with null for data', '{"code":3000,"data":null,"sign":null}'],
    ['without the trace number', answer('{"bizUserId":"U1"}', signOf('bizUserId=U1'))],
    ['without a code', `{"sign":"${SIGN}","data":${DATA}}`],
    ['that is a page', '<!DOCTYPE html><html></html>'],
    ['that is nothing', ''],
    ['that nests too deeply', answer(`{"applyRespTraceNum":"R1","x":${'['.repeat(40)}${']'.repeat(40)}}`)],
  ])('%s cannot be read', (_, text) => expect(() => read(text)).toThrow(UnreadableAnswer));

  it('cut off anywhere cannot be read', () => {
    const whole = answer();
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => read(whole.slice(0, length))).toThrow(UnreadableAnswer);
    }
  });

  it.each(['RSA', 'SM2'] as const)(
    'signed with %s is taken where that is pinned, and nowhere else',
    (signType) => {
      const text = answer(DATA, sign('applyRespTraceNum=R1&bizUserId=U1', platformKeys(signType)));
      expect(read(text, { TONGQIFU_SIGN_TYPE: signType })).toEqual(accepted);
      for (const other of signTypes.filter((type) => type !== signType)) {
        expect(() => read(text, { TONGQIFU_SIGN_TYPE: other })).toThrow('signature');
      }
      expect(() => read(answer(), { TONGQIFU_SIGN_TYPE: signType })).toThrow('signature');
    },
  );

  it('has no value in what the log gets', () => {
    try {
      read(answer(DATA, '0'.repeat(32)));
    } catch (error) {
      expect((error as UnreadableAnswer).excerpt).not.toMatch(/R1|U1|ok/);
    }
    expect.hasAssertions();
  });
});

describe('a refusal', () => {
  it.each([
    [
      '{"code":9999,"msg":"验签失败"}',
      { refused: 'REFUSED_BY_PROVIDER', providerCode: '9999', text: '验签失败' },
    ],
    ['{"code":"9999","msg":"短信发送过于频繁"}', { refused: 'RATE_LIMITED', retryAfterMs: 60_000 }],
    ['{"code":9999,"msg":"验证码错误"}', { refused: 'WRONG_CODE' }],
    ['{"code":9999,"msg":"短信验证码已过期，请重新获取"}', { refused: 'CODE_EXPIRED' }],
    ['{"code":9999,"msg":"该手机号已绑定"}', { refused: 'ALREADY_DONE', tellsExistence: true }],
    ['{"code":9999,"msg":"会员不存在"}', { refused: 'NOT_ELIGIBLE', tellsExistence: true }],
    ['{"code":9999}', { refused: 'REFUSED_BY_PROVIDER', tellsExistence: true }],
    ['{"code":10,"msg":"系统异常"}', { refused: 'REFUSED_BY_PROVIDER', providerCode: '10' }],
    ['{"code":"11","msg":"参数有误"}', { refused: 'REFUSED_BY_PROVIDER', providerCode: '11' }],
    [
      '{"code":4000,"msg":"x","data":null,"sign":null}',
      { refused: 'REFUSED_BY_PROVIDER', providerCode: '4000' },
    ],
    ['{"code":777,"msg":"验证码错误"}', { refused: 'REFUSED_BY_PROVIDER', tellsExistence: true }],
    ['{"code":"0000","msg":"not 0"}', { refused: 'REFUSED_BY_PROVIDER', providerCode: '0000' }],
    ['{"code":9999,"data":[],"sign":""}', { refused: 'REFUSED_BY_PROVIDER' }],
    ['{"code":9999,"data":{"x":1},"sign":"wrong"}', { refused: 'REFUSED_BY_PROVIDER' }],
  ])('%s has no signature to be wrong', (text, meaning) => expect(read(text)).toMatchObject(meaning));
});

it('asks for the keys of the sandbox only in the sandbox', () => {
  expect(settings.mchNo).toBe(sandboxKeys.mchNo);
});
