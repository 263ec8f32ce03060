// Whatever way makeToken_xzy writes its answer, it comes to the same outcome, and half an answer to none.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { qingsongToken } from '../../../src/providers/qingsong-token/index.js';
import {
  broken,
  expectNoCutToBeRead,
  oneOf,
  outcomeOf,
  Pasted,
  randomOf,
  spell,
} from '../../support/mutated-answers.js';

const settings = { baseUrl: 'http://127.0.0.1', deadlineMs: 1, body: 'form', partnersWithApp: [] } as const;
const read = (text: string) =>
  qingsongToken.operations.issueToken.read({ status: 200, text }, settings, {
    requestId: 'r',
    now: new Date(),
  });
const outcome = (text: string) => outcomeOf(() => read(text));

const sample = readFileSync(new URL('./samples/issued.txt', import.meta.url), 'utf8');
const issued = (token: string) => ({ accepted: { token }, providerCode: '0' });
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

describe('an answer of makeToken_xzy', () => {
  it('is read as the document prints it', () => {
    expect(read(sample)).toEqual(issued('123'));
  });

  it.each([
    ['{"code":"0","token":123}'],
    ['{"errcode": 0, "errmsg": "保存成功", "token": "123"}'],
    ['{"errcode":"0","code":0,"token":"123"}'],
    ['{"code":null,"errcode":0,"token":"123"}'],
    ['{"code":0,"token":"123","type":"0","trackid":"1","data":"{\\"code\\":1}"}'],
    [JSON.stringify(envelope(sample))],
    [JSON.stringify(envelope({ errcode: '0', token: '123' }))],
    [`{"type":"0","data":"{"code":0,"token":"123",}","trackid":"1"}`],
  ])('is a token in %s', (text) => {
    expect(read(text)).toEqual(issued('123'));
  });

  it.each([
    ['{"code":1,"msg":"无此人员"}', '1', '无此人员'],
    ['{"errcode":"40001","errmsg":"无此人员",}', '40001', '无此人员'],
    ['{"code":-1,"message":"无此人员","token":""}', '-1', '无此人员'],
    ['{"code":0,"errcode":"7","token":"123"}', '7', undefined],
    ['{"code":"0000","token":"123"}', '0000', undefined],
    [JSON.stringify(envelope('{"code":1,"msg":"无此人员",}')), '1', '无此人员'],
  ])('is a refusal in %s', (text, code, words) => {
    expect(read(text)).toEqual(refused(code, words));
  });

  it('tells too many requests by the text', () => {
    expect(read('{"code":1,"msg":"操作过于频繁"}')).toMatchObject({
      refused: 'RATE_LIMITED',
      providerCode: '1',
    });
  });

  it.each([
    ['no token', '{"code":0}'],
    ['an empty token', '{"code":0,"token":""}'],
    ['a token of space', '{"code":0,"token":" "}'],
    ['a token that lost its digits', '{"code":0,"token":12345678901234567890123}'],
    ['an object for a token', '{"code":0,"token":{}}'],
    ['a token without code', '{"token":"123"}'],
    ['members without braces', '"errcode": 0, "errmsg": "保存成功", "token": "xxxxx"'],
    ['an HTML page', '<html></html>'],
    ['an envelope around nothing', JSON.stringify(envelope(''))],
  ])('cannot be read where it is %s', (_, text) => {
    expect(outcome(text)).toBe('UNREADABLE');
  });

  it('cannot be read where it was cut off, wherever', () => {
    expectNoCutToBeRead(sample, read);
    expectNoCutToBeRead(JSON.stringify(envelope(sample)), read);
    expectNoCutToBeRead(`{"trackid":"1","data":"${sample.trim()}"}`, read);
  });

  it('keeps its outcome in any spelling', () => {
    const cases = [
      { body: { code: 0, token: 'a1' }, outcome: issued('a1') },
      { body: { errcode: '0', errmsg: '保存成功', token: '12345' }, outcome: issued('12345') },
      { body: { code: 1, msg: '无' }, outcome: refused('1', '无') },
      { body: { errcode: '40001', message: '无' }, outcome: refused('40001', '无') },
    ];
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const { body, outcome } = oneOf(random, cases);
        const flat = spell(body, random);
        const data = oneOf(random, [flat, new Pasted(flat), body]);
        expect(read(random() < 0.5 ? flat : spell(envelope(data), random))).toEqual(outcome);
      }),
      { numRuns: 3_000 },
    );
  });

  it('comes to a typed outcome however broken', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const result = outcome(broken(oneOf(random, [sample, '{"code":1,"msg":"无"}']), random));
        seen.add(result === 'UNREADABLE' ? result : 'accepted' in result ? 'ACCEPTED' : 'REFUSED');
      }),
      { numRuns: 3_000 },
    );
    expect([...seen].sort()).toEqual(['ACCEPTED', 'REFUSED', 'UNREADABLE']);
  });
});
