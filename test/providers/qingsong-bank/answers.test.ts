// Whatever way the bank gateway writes its answer, it comes to the same outcome, and half an answer to none.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { qingsongBank } from '../../../src/providers/qingsong-bank/index.js';
import {
  broken,
  expectNoCutToBeRead,
  oneOf,
  outcomeOf,
  Pasted,
  type Random,
  randomOf,
  spell,
} from '../../support/mutated-answers.js';

const settings = {
  baseUrl: 'http://127.0.0.1',
  deadlineMs: 1_000,
  path: '/x',
  body: 'form',
  resendAfterMs: 60_000,
} as const;
const now = new Date('2022-03-23T04:00:00Z');
const read = (text: string) =>
  qingsongBank.operations.sendCode.read({ status: 200, text }, settings, { requestId: 'r', now });
const outcome = (text: string) => outcomeOf(() => read(text));

const sample = readFileSync(new URL('./samples/sent.txt', import.meta.url), 'utf8');
const business = {
  resp_desc: 'success',
  resp_code: 'DS00000',
  expired_time: '120',
  req_seq: '313G0202203231089576477313100000',
  message_task_id: '3d2e0cd7d96b4e50b0ca87c05065d962',
};
const gateway = { errcode: '0', errmsg: '', return_code: '0000', return_msg: '' };
const sent = {
  accepted: { taskId: business.message_task_id, expiresAt: '2022-03-23T04:02:00.000Z' },
  providerCode: 'errcode:0',
  providerReference: business.req_seq,
};
const refused = (providerCode: string, text?: string) => ({
  refused: 'REFUSED_BY_PROVIDER',
  providerCode,
  text,
  tellsExistence: true,
});
const envelope = (data: unknown) => ({
  type: '0',
  title: '',
  content: '',
  data,
  trackid: '1234567890123456789',
});

describe('an answer of the bank gateway', () => {
  it('is read as the document prints it', () => {
    expect(read(sample)).toEqual(sent);
  });

  it.each([
    ['an object', business],
    ['an escaped string', JSON.stringify(business)],
    ['an unescaped string', new Pasted(JSON.stringify(business))],
  ])('is read with response_busi as %s, flat and in the envelope', (_, response_busi) => {
    const text = spell({ ...gateway, response_busi }, () => 0.99);
    expect(read(text)).toEqual(sent);
    expect(read(JSON.stringify(envelope(text)))).toEqual(sent);
    expect(read(spell(envelope(new Pasted(text)), () => 0.99))).toEqual(sent);
    expect(read(`{"data":${text},"type":0}`)).toEqual(sent);
  });

  it.each([['""'], ['null'], ['[]'], ['{}'], ['"{}"'], [undefined]])(
    'is a success without a task where response_busi is %s',
    (busi) => {
      const text = `{"errcode":0,"return_code":"0000"${busi === undefined ? '' : `,"response_busi":${busi}`}}`;
      expect(read(text)).toEqual({
        accepted: { taskId: undefined, expiresAt: undefined },
        providerCode: 'errcode:0',
        providerReference: undefined,
      });
    },
  );

  it('is a success where the inner layers are silent, as for other banks', () => {
    const plain = { accepted: {}, providerCode: 'errcode:0' };
    expect(read('{"errcode":"0","errmsg":""}')).toEqual(plain);
    expect(read('{"errcode":"0","return_code":"","response_busi":"{\\"resp_code\\":null}"}')).toEqual(plain);
    expect(read('{"errcode":"0","message_task_id":"t-1"}')).toMatchObject({ accepted: { taskId: 't-1' } });
  });

  it('names the layer that refused, from the outside in', () => {
    const failing = JSON.stringify({ ...business, resp_code: 'DS00012', resp_desc: '客户不存在' });
    expect(read('{"errcode":"1","errmsg":"发送失败"}')).toEqual(refused('errcode:1', '发送失败'));
    expect(read('{"errcode":1,"errmsg":""}')).toEqual(refused('errcode:1'));
    expect(read('{"errcode":0,"return_code":"9999","return_msg":"通道异常"}')).toEqual(
      refused('return_code:9999', '通道异常'),
    );
    expect(read(`{"errcode":"0","return_code":"0000","response_busi":"${failing}"}`)).toEqual(
      refused('resp_code:DS00012', '客户不存在'),
    );
    expect(read(`{"errcode":"2","return_code":"9999","response_busi":"${failing}"}`)).toEqual(
      refused('errcode:2'),
    );
    // A refusal stands, whatever nonsense comes with it.
    expect(read('{"errcode":"1","response_busi":"系统繁忙"}')).toEqual(refused('errcode:1'));
  });

  it('takes no other zero for a success', () => {
    expect(read('{"errcode":"0000"}')).toEqual(refused('errcode:0000'));
    expect(read('{"errcode":"0","return_code":"0"}')).toEqual(refused('return_code:0'));
    expect(read('{"errcode":"0","response_busi":{"resp_code":"0000"}}')).toEqual(refused('resp_code:0000'));
  });

  it('tells too many requests by the text', () => {
    expect(read('{"errcode":"1","errmsg":"获取验证码过于频繁"}')).toEqual({
      refused: 'RATE_LIMITED',
      providerCode: 'errcode:1',
      text: '获取验证码过于频繁',
      retryAfterMs: 60_000,
    });
  });

  it.each([
    ['an HTML page', '<html><body>502 Bad Gateway</body></html>'],
    ['no code', '{"errmsg":""}'],
    ['an empty code', '{"errcode":""}'],
    ['an envelope around nothing', JSON.stringify(envelope(''))],
    ['an envelope around half an answer', JSON.stringify(envelope(sample.slice(0, -2)))],
    [
      'an envelope that reports a fault of its own',
      '{"type":"1","title":"","content":"系统异常","data":"","trackid":"1"}',
    ],
    ['a response_busi that says nothing that can be read', '{"errcode":"0","response_busi":"success"}'],
    ['a response_busi that is a list', '{"errcode":"0","response_busi":[{}]}'],
    ['two answers', sample + sample],
  ])('cannot be read where it is %s', (_, text) => {
    expect(outcome(text)).toBe('UNREADABLE');
  });

  it('cannot be read where it was cut off, wherever', () => {
    expectNoCutToBeRead(sample, read);
    expectNoCutToBeRead(JSON.stringify(envelope(sample)), read);
    expectNoCutToBeRead(
      spell(envelope(new Pasted(sample)), () => 0.99),
      read,
    );
  });

  it('keeps its outcome in any spelling', () => {
    const cases = [
      { inner: business, outer: gateway, outcome: sent },
      {
        inner: { ...business, resp_code: 'DS7' },
        outer: gateway,
        outcome: refused('resp_code:DS7', 'success'),
      },
      { inner: business, outer: { ...gateway, return_code: '9999' }, outcome: refused('return_code:9999') },
      {
        inner: {},
        outer: { ...gateway, errcode: '1', errmsg: '失败' },
        outcome: refused('errcode:1', '失败'),
      },
    ];
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const { inner, outer, outcome } = oneOf(random, cases);
        expect(read(spelled(outer, inner, random))).toEqual(outcome);
      }),
      { numRuns: 3_000 },
    );
  });

  it('comes to a typed outcome however broken', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const result = outcome(broken(spelled(gateway, business, random), random));
        seen.add(result === 'UNREADABLE' ? result : 'accepted' in result ? 'ACCEPTED' : 'REFUSED');
      }),
      { numRuns: 3_000 },
    );
    expect([...seen].sort()).toEqual(['ACCEPTED', 'REFUSED', 'UNREADABLE']);
  });
});

/** One of the ways to nest them: three for the bank's answer, four for the gateway's. */
function spelled(outer: object, inner: object, random: Random): string {
  const bank = spell(inner, random);
  const pastes = /^\{\s*"/.test(bank);
  const response_busi = oneOf(random, [inner, bank, pastes ? new Pasted(bank) : bank]);
  const flat = spell({ ...outer, response_busi }, random);
  switch (Math.floor(random() * 4)) {
    case 0:
      return spell(envelope(flat), random);
    case 1:
      return spell(envelope(new Pasted(flat)), random);
    case 2:
      return `\uFEFF\n${flat}\r\n`;
    default:
      return flat;
  }
}
