// A notice is believed only where it is exactly what the platform signed, with the one pinned algorithm; forged,
// tampered, foreign and malformed ones are told apart and change nothing.
import { describe, expect, it } from '@jest/globals';
import { readBrowserReturn } from '../../../src/providers/tongqifu/return-page.js';
import { type SigningKeys, type Sm2Keys, sign } from '../../../src/providers/tongqifu/signature.js';
import { textToSign } from '../../../src/providers/tongqifu/signed-text.js';
import { webhook } from '../../../src/providers/tongqifu/webhook.js';
import {
  FORM,
  formBody,
  noticeFields,
  platformKeys,
  requestId,
  serialNo,
  settingsOf,
  signedBy,
  signTypes,
} from './bench.js';

const settings = settingsOf();
const keys = platformKeys('MD5');
const verdict = (body: Buffer | string, contentType = FORM, ours = settings) =>
  webhook.verify(ours, Buffer.from(body), contentType);
const good = signedBy(keys, noticeFields());
const notice = {
  requestId,
  memberId: 'U1',
  result: 'BOUND',
  bindResult: '1',
  phone: '+8613800000000',
  dedupeKey: `${requestId}:1`,
};

describe('a notice', () => {
  it('is at the agreed address and answered with success', () => {
    expect(webhook).toMatchObject({ path: '/webhooks/tongqifu/phone-binding', acknowledgement: 'success' });
  });

  it.each(signTypes)('that the platform signed with %s is believed', (signType) => {
    const ours = settingsOf({ TONGQIFU_SIGN_TYPE: signType });
    const fields = signedBy(platformKeys(signType), noticeFields({ signType }));
    expect(verdict(formBody(fields), FORM, ours)).toEqual({ notice });
  });

  it.each([
    ['without a charset', 'application/x-www-form-urlencoded'],
    ['with another spelling', 'Application/X-WWW-Form-Urlencoded ; charset="UTF-8"'],
  ])('comes %s', (_, contentType) => expect(verdict(formBody(good), contentType)).toEqual({ notice }));

  it('says the same in any order, with or without empty parameters, and has the same key', () => {
    const reversed = Object.fromEntries(Object.entries(good).reverse());
    expect(verdict(formBody(reversed))).toEqual({ notice });
    const { orgId, extParam, ...fewer } = good;
    expect([orgId, extParam]).toEqual(['', '']);
    expect(verdict(formBody(fewer))).toEqual({ notice });
    expect(verdict(formBody({ ...good, another: '' }))).toEqual({ notice });
  });

  it('may hold parameters that nobody knows yet, which are verified too', () => {
    const fields = signedBy(keys, noticeFields({ remark: '备注 & more', more: 'YWI=' }));
    expect(verdict(formBody(fields))).toEqual({ notice });
    expect(verdict(formBody({ ...fields, remark: 'x' }))).toMatchObject({ refused: 'FORGED' });
    expect(verdict(formBody({ ...good, unknown: 'x' }))).toMatchObject({ refused: 'FORGED' });
  });

  it('may call the serial number serialNo, write it in capitals, and leave out phone and signType', () => {
    const { reqTraceNum, phone, signType, ...rest } = noticeFields();
    expect([reqTraceNum, phone, signType]).toEqual([serialNo, '13800000000', 'MD5']);
    const fields = signedBy(keys, { ...rest, serialNo: serialNo.toUpperCase() });
    expect(verdict(formBody(fields))).toEqual({ notice: { ...notice, phone: undefined } });
    const named = settingsOf({ TONGQIFU_NOTICE_SERIAL_NAMES: 'orderNo' });
    expect(verdict(formBody(signedBy(keys, { ...rest, orderNo: serialNo })), FORM, named)).toHaveProperty(
      'notice',
    );
  });

  it('of another bindResult is a failure, unless configured as pending', () => {
    const body = formBody(signedBy(keys, noticeFields({ bindResult: '2' })));
    expect(verdict(body)).toMatchObject({ notice: { result: 'FAILED', dedupeKey: `${requestId}:2` } });
    const pending = settingsOf({ TONGQIFU_PENDING_RESULTS: '2' });
    expect(verdict(body, FORM, pending)).toMatchObject({ notice: { result: 'PENDING' } });
  });

  it('has a key without personal data', () => {
    const other = signedBy(keys, noticeFields({ phone: '13900000000' }));
    expect(verdict(formBody(other))).toMatchObject({ notice: { dedupeKey: notice.dedupeKey } });
  });
});

describe('forged', () => {
  it.each(['bindResult', 'bizUserId', 'reqTraceNum', 'mchNo', 'appId', 'phone', 'chanNo'])(
    'is a changed %s',
    (name) => {
      const changed = name === 'reqTraceNum' ? serialNo.replace('0', '1') : '7';
      expect(verdict(formBody({ ...good, [name]: changed }))).toMatchObject({ refused: 'FORGED' });
      const { [name]: _, ...without } = good;
      expect(verdict(formBody(without))).toMatchObject({ refused: 'FORGED' });
    },
  );

  it.each(signTypes)('is what names another algorithm than %s, however well it is signed', (pinned) => {
    const ours = settingsOf({ TONGQIFU_SIGN_TYPE: pinned });
    for (const other of signTypes.filter((type) => type !== pinned)) {
      const downgraded = signedBy(platformKeys(other), noticeFields({ signType: other }));
      expect(verdict(formBody(downgraded), FORM, ours)).toMatchObject({ refused: 'FORGED' });
      const disguised = signedBy(platformKeys(other), noticeFields({ signType: pinned }));
      expect(verdict(formBody(disguised), FORM, ours)).toMatchObject({ refused: 'FORGED' });
      const honest = signedBy(platformKeys(pinned), noticeFields({ signType: other }));
      expect(verdict(formBody(honest), FORM, ours)).toMatchObject({ refused: 'FORGED' });
    }
    const lower = signedBy(platformKeys(pinned), noticeFields({ signType: pinned.toLowerCase() }));
    expect(verdict(formBody(lower), FORM, ours)).toMatchObject({ refused: 'FORGED' });
  });

  it.each(['RSA', 'SM2'] as const)('is what is MD5 with the public key of %s as its secret', (pinned) => {
    // The classical confusion: the verifier's public key, which everybody has, taken for a shared secret.
    const ours = settingsOf({ TONGQIFU_SIGN_TYPE: pinned });
    const theirs = (ours.keys as Exclude<SigningKeys, { signType: 'MD5' }>).theirs;
    const key =
      'point' in theirs
        ? theirs.point.toString('hex')
        : theirs.export({ format: 'pem', type: 'spki' }).toString();
    const fields = signedBy({ signType: 'MD5', key }, noticeFields({ signType: pinned }));
    expect(verdict(formBody(fields), FORM, ours)).toMatchObject({ refused: 'FORGED' });
  });

  it('is what is not signed, or with nothing', () => {
    const { sign: _, ...unsigned } = good;
    expect(verdict(formBody(unsigned))).toMatchObject({ refused: 'FORGED' });
    for (const nothing of ['', '0', 'null', '0'.repeat(32)]) {
      expect(verdict(formBody({ ...good, sign: nothing }))).toMatchObject({ refused: 'FORGED' });
    }
    const text = textToSign(Object.entries(noticeFields()));
    const noKey = sign(text, { signType: 'MD5', key: '' });
    expect(verdict(formBody({ ...good, sign: noKey }))).toMatchObject({ refused: 'FORGED' });
  });

  it('is an SM2 signature of zeros, turned at n, of another id, or in another spelling', () => {
    const ours = settingsOf({ TONGQIFU_SIGN_TYPE: 'SM2' });
    const fields = noticeFields({ signType: 'SM2' });
    const platform = platformKeys('SM2') as Sm2Keys;
    const signature = sign(textToSign(Object.entries(fields)), platform);
    const bytes = Buffer.from(signature, 'base64');
    const n = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
    const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
    const turned = Buffer.concat([
      bytes.subarray(0, 32),
      Buffer.from((n - s).toString(16).padStart(64, '0'), 'hex'),
    ]);
    for (const wrong of [
      Buffer.alloc(64).toString('base64'),
      turned.toString('base64'),
      sign(textToSign(Object.entries(fields)), { ...platform, ownId: '1234567812345678' }),
      sign(textToSign(Object.entries(fields)), { ...platform, encoding: 'der' }),
      signature.replace(/=+$/, ''),
      `${signature}\n`,
      signature.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
    ]) {
      expect(verdict(formBody({ ...fields, sign: wrong }), FORM, ours)).toMatchObject({ refused: 'FORGED' });
    }
    expect(verdict(formBody({ ...fields, sign: signature }), FORM, ours)).toEqual({ notice });
  });
});

describe('malformed', () => {
  const body = formBody(good).toString();
  it.each([
    ['a repeated parameter', `${body}&bindResult=1`],
    ['a repeated parameter, before the other', `bindResult=0&${body}`],
    ['a repeated one that is empty', `${body}&phone=`],
    ['two signatures', `${body}&sign=${good.sign}`],
    ['an array', body.replace('bindResult=', 'bindResult[]=')],
    ['an encoded array', body.replace('bindResult=', 'bindResult%5B0%5D=')],
    ['__proto__', `${body}&__proto__=1`],
    ['__proto__ with a path', `${body}&__proto__[bindResult]=1`],
    ['an empty __proto__', `${body}&__proto__=`],
    ['a name with a dot', `${body}&a.b=1`],
    ['a name without a value', `${body}&x`],
    ['a trailing &', `${body}&`],
    ['an empty name', `${body}&=1`],
    ['bad percent-coding', `${body}&x=%zz`],
    ['half a character', `${body}&x=%e6%b5`],
    ['a lone surrogate', `${body}&x=%ed%a0%80`],
    ['nothing', ''],
    ['JSON', JSON.stringify(good)],
    ['too much', `${body}&x=${'y'.repeat(16_384)}`],
    ['too many', `${body}${Array.from({ length: 64 }, (_, n) => `&x${n}=`).join('')}`],
  ])('is %s', (_, text) => expect(verdict(text)).toMatchObject({ refused: 'MALFORMED' }));

  it('is what is no UTF-8', () => {
    expect(verdict(Buffer.concat([formBody(good), Buffer.from([0x26, 0x78, 0x3d, 0xff])]))).toMatchObject({
      refused: 'MALFORMED',
    });
  });

  it.each([
    'application/json',
    'text/plain',
    '',
    'multipart/form-data; boundary=x',
    `${'application/x-www-form-urlencoded'};charset=GBK`,
  ])('is a body of type %p', (contentType) =>
    expect(verdict(body, contentType)).toMatchObject({ refused: 'MALFORMED' }),
  );

  it('is one value that stands for two parameters, though its text is the signed one', () => {
    const { phone, ...rest } = noticeFields();
    const merged = { ...rest, orgId: '', mchNo: `${rest.mchNo}&phone=${phone}` };
    const signature = good.sign ?? '';
    expect(textToSign(Object.entries(merged))).toBe(textToSign(Object.entries(noticeFields())));
    expect(verdict(formBody({ ...merged, sign: signature }))).toMatchObject({ refused: 'MALFORMED' });
    // And hidden in a parameter that nobody knows.
    const { bindResult, bizUserId, ...others } = noticeFields();
    const hidden = { ...others, b: `&bindResult=${bindResult}&bizUserId=${bizUserId}` };
    expect(verdict(formBody({ ...hidden, sign: signature }))).toMatchObject({ refused: 'MALFORMED' });
  });

  it.each<[string, Record<string, string>]>([
    ['without a serial number', { reqTraceNum: '' }],
    ['with two of them', { serialNo: serialNo.replace('0', 'f') }],
    ['without a member', { bizUserId: '' }],
    ['with a member that is too long', { bizUserId: 'U'.repeat(31) }],
    ['without a result', { bindResult: '' }],
    ['with a result that is none', { bindResult: '1 or so' }],
  ])('is a signed notice %s', (_, more) => {
    expect(verdict(formBody(signedBy(keys, noticeFields(more))))).toMatchObject({ refused: 'MALFORMED' });
  });
});

describe('not ours', () => {
  it.each([
    ['another merchant', { mchNo: 'E240000000002' }],
    ['no merchant', { mchNo: '' }],
    ['another application', { appId: 'ffffffffffffffffffffffff' }],
    ['a serial number that we did not make', { reqTraceNum: 'ORDER-1' }],
    ['one with more digits', { reqTraceNum: `${serialNo}0` }],
  ])('is a signed notice for %s', (_, more) => {
    expect(verdict(formBody(signedBy(keys, noticeFields(more as Record<string, string>))))).toMatchObject({
      refused: 'NOT_OURS',
    });
  });
});

describe('each byte', () => {
  it.each(signTypes)('of a notice signed with %s is guarded', (signType) => {
    const ours = settingsOf({ TONGQIFU_SIGN_TYPE: signType });
    const { phone, chanNo, orgId, extParam, ...small } = noticeFields({ signType });
    expect([phone, chanNo, orgId, extParam]).toHaveLength(4);
    const body = formBody(signedBy(platformKeys(signType), small));
    const { phone: _, ...told } = notice;
    let same = 0;
    let tried = 0;
    const check = (tampered: Buffer) => {
      tried += 1;
      const said = verdict(tampered, FORM, ours);
      if ('notice' in said) {
        same += 1;
        expect(said.notice).toEqual({ ...told, phone: undefined });
      } else {
        expect(said.detail).not.toContain(serialNo);
      }
    };
    for (let at = 0; at < body.length; at += 1) {
      for (const mask of [0x01, 0x10, 0x20, 0x80]) {
        const flipped = Buffer.from(body);
        flipped[at] = (flipped[at] ?? 0) ^ mask;
        check(flipped);
      }
      check(Buffer.concat([body.subarray(0, at), body.subarray(at + 1)]));
      check(body.subarray(0, at));
      check(Buffer.concat([body.subarray(0, at), Buffer.from('0'), body.subarray(at)]));
    }
    // What keeps the meaning is the case of hex digits and of our own serial number's, and no more.
    expect(same).toBeLessThan(tried / 20);
  });
});

describe("the browser's return", () => {
  const query = `reqTraceNum=${serialNo}&signNum=U1&bindResult=1&phone=13800000000`;

  it('is read for display', () => {
    expect(readBrowserReturn(new URLSearchParams(query))).toEqual({
      requestId,
      memberId: 'U1',
      saysBound: true,
      phone: '+8613800000000',
    });
  });

  it.each([
    '',
    'reqTraceNum=<script>&signNum=%00&bindResult=2&phone=1',
    `${query}&reqTraceNum=x&signNum=x&bindResult=1&phone=x`,
    'reqTraceNum[]=x&__proto__=1',
    `reqTraceNum=${'0'.repeat(50)}&signNum=${'x'.repeat(60)}`,
  ])('holds nothing that it should not: %p', (text) => {
    expect(readBrowserReturn(new URLSearchParams(text))).toEqual({
      requestId: null,
      memberId: undefined,
      saysBound: false,
      phone: undefined,
    });
  });
});
