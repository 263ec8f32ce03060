// Whatever way usercoin writes its answer, it comes to the same outcome, and half an answer to none.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type UsercoinSettings, usercoin } from '../../../src/providers/usercoin/index.js';
import {
  broken,
  expectNoCutToBeRead,
  oneOf,
  outcomeOf,
  randomOf,
  spell,
} from '../../support/mutated-answers.js';

const settings: UsercoinSettings = {
  baseUrl: 'http://127.0.0.1',
  deadlineMs: 1_000,
  passTestCode: true,
  furtherTypes: [],
  signing: null,
};
const now = new Date('2026-01-01T00:00:00Z');
const read = (text: string, more: Partial<UsercoinSettings> = {}) =>
  usercoin.operations.sendCode.read({ status: 200, text }, { ...settings, ...more }, { requestId: 'r', now });
const outcome = (text: string) => outcomeOf(() => read(text));

const sample = (name: string) => readFileSync(new URL(`./samples/${name}.txt`, import.meta.url), 'utf8');
const sent = {
  accepted: {
    expiresAt: '2026-01-01T00:03:00.000Z',
    resendAt: '2026-01-01T00:02:00.000Z',
    testCode: '693599',
  },
  providerCode: '0',
};
const tooOften = {
  refused: 'RATE_LIMITED',
  providerCode: '10032',
  text: '短信认证过于频繁,请稍后再试',
  retryAfterMs: 120_000,
};

describe('an answer of usercoin', () => {
  it('is read as the document prints it', () => {
    expect(read(sample('sent'))).toEqual(sent);
    expect(read(sample('too-often'))).toEqual(tooOften);
  });

  it('is not two answers, as which the document prints them', () => {
    expect(outcome(sample('both'))).toBe('UNREADABLE');
  });

  it.each([['[]'], ['null'], ['""'], ['{}'], [undefined]])('may hold no data, written %s', (data) => {
    const text = (code: number) => `{"code":${code}${data === undefined ? '' : `,"data":${data}`}}`;
    expect(read(text(0))).toEqual({ accepted: {}, providerCode: '0' });
    expect(read(text(10032))).toMatchObject({ refused: 'RATE_LIMITED' });
  });

  it.each([['""'], ['null'], [undefined]])('has no test code where that is %s', (code) => {
    const text = `{"code":"0","data":{"timeless":"180"${code === undefined ? '' : `,"code":${code}`}}}`;
    expect(read(text)).toEqual({ accepted: { expiresAt: sent.accepted.expiresAt }, providerCode: '0' });
  });

  it('gives no test code in production', () => {
    expect(read(sample('sent'), { passTestCode: false })).toMatchObject({
      accepted: { testCode: undefined },
    });
  });

  it('stays a success where it says strangely for how long', () => {
    for (const strange of ['-1', '1e15', '"soon"', '[]', '1.5']) {
      expect(read(`{"code":0,"data":{"timeless":${strange}}}`)).toEqual({ accepted: {}, providerCode: '0' });
    }
  });

  it.each([
    ['10007', 'REFUSED_BY_PROVIDER', undefined],
    ['10021', 'ALREADY_DONE', true],
    ['10040', 'NOT_ELIGIBLE', true],
    ['14', 'REFUSED_BY_PROVIDER', undefined],
    ['0000', 'REFUSED_BY_PROVIDER', true],
    ['77777', 'REFUSED_BY_PROVIDER', true],
  ])('means with code %s: %s', (code, refused, tellsExistence) => {
    expect(read(`{"code":"${code}","msg":"x","data":"whatever"}`)).toEqual({
      refused,
      tellsExistence,
      providerCode: code,
      text: 'x',
    });
  });

  it.each([
    ['no code', '{"msg":"成功","data":{}}'],
    ['data that is a list', '{"code":0,"data":[1]}'],
    ['data that is text', '{"code":0,"data":"ok"}'],
    ['an HTML page', '<!DOCTYPE html><html></html>'],
  ])('cannot be read where it is %s', (_, text) => {
    expect(outcome(text)).toBe('UNREADABLE');
  });

  it('cannot be read where it was cut off, wherever', () => {
    expectNoCutToBeRead(sample('sent'), read);
    expectNoCutToBeRead(sample('too-often'), read);
  });

  it('keeps its outcome in any spelling', () => {
    const data = { timeless: 180, nexttime: 120, code: 693599 };
    const cases = [
      { body: { code: 0, msg: '成功', data }, outcome: sent },
      { body: { code: 0, msg: '成功', data: JSON.stringify(data) }, outcome: sent },
      { body: { code: 10032, msg: tooOften.text, data: [] }, outcome: tooOften },
    ];
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const { body, outcome } = oneOf(random, cases);
        expect(read(spell(body, random))).toEqual(outcome);
      }),
      { numRuns: 3_000 },
    );
  });

  it('comes to a typed outcome however broken', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = randomOf(seed);
        const result = outcome(broken(sample(oneOf(random, ['sent', 'too-often'])), random));
        seen.add(result === 'UNREADABLE' ? result : 'accepted' in result ? 'ACCEPTED' : 'REFUSED');
      }),
      { numRuns: 3_000 },
    );
    expect([...seen].sort()).toEqual(['ACCEPTED', 'REFUSED', 'UNREADABLE']);
  });
});
