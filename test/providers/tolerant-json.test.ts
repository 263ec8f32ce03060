// What providers send is read as what it means or not at all.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import {
  openNested,
  readJson,
  wireCode,
  wireCodeIfAny,
  wireCount,
  wireText,
} from '../../src/providers/json-answer.js';
import { UnreadableAnswer } from '../../src/providers/provider.js';
import { excerptOf, MAX_DEPTH, MAX_LENGTH, parseTolerantly } from '../../src/providers/tolerant-json.js';
import { expectNoCutToBeRead, outcomeOf, Pasted, randomOf, spell } from '../support/mutated-answers.js';

const unreadable = (text: string) => expect(() => parseTolerantly(text)).toThrow(UnreadableAnswer);

describe('parseTolerantly', () => {
  it.each([
    ['a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
    ['space and a byte order mark around it', '\r\n \uFEFF {"a":1} \n', { a: 1 }],
    ['a comma before a closing brace', '{ "code": 0, "token":"123", }', { code: 0, token: '123' }],
    ['a comma before a closing bracket', '{"a":[1,2 , ],}', { a: [1, 2] }],
    ['a pasted object', '{"r":"{"a":"1","b":"2"}","c":3}', { r: { a: '1', b: '2' }, c: 3 }],
    ['a pasted object that begins with space', '{"r": "{ \n"a":{"b":[1]} }" }', { r: { a: { b: [1] } } }],
    ['a pasted object within another', '{"d":"{"r":"{"a":"}"}"}"}', { d: { r: { a: '}' } } }],
    ['an escaped quote in a pasted object', '{"r":"{"a":"x\\"y{"}"}', { r: { a: 'x"y{' } }],
    ['strings that look like the beginning of one', '{"a":"{","b":"{ ","c":1,}', { a: '{', b: '{ ', c: 1 }],
    ['commas and brackets in strings', '{"a":",}","b":[",]"],}', { a: ',}', b: [',]'] }],
  ])('reads %s', (_, text, value) => {
    expect(parseTolerantly(text)).toEqual(value);
  });

  it.each([
    ['nothing', ''],
    ['space', ' \n'],
    ['an HTML page', '<!DOCTYPE html><html><body><h1>502</h1></body></html>'],
    ['HTML around JSON', '<pre>{"code":0}</pre>'],
    ['text', 'success'],
    ['a bare number', '0'],
    ['a bare string', '"{}"'],
    ['null', 'null'],
    ['two documents', '{"code":10032} {"code":0}'],
    ['two documents of which one needs repair', '{"code":10032,} {"code":0}'],
    ['a document and a comma', '{"code":0},'],
    ['a document and a word', '{"code":0,}ok'],
    ['JSONP', 'callback({"code":0})'],
    ['single quotes', "{'code':0}"],
    ['bare names', '{code:0}'],
    ['comments', '{"code":0 /* ok */}'],
    ['two commas', '{"code":0,,}'],
    ['nothing but a comma', '{,}'],
    ['nothing but a comma in an array', '{"a":[,]}'],
    ['a missing comma', '{"a":1 "b":2}'],
    ['a missing value', '{"a":,}'],
    ['a raw line break in a string', '{"a":"x\ny"}'],
    ['a pasted object that its quote does not follow', '{"r":"{"a":1} "}'],
    ['a pasted object that is not closed', '{"r":"{"a":1"}'],
    ['a pasted object whose quotes only open', '{"r":"{"a":"1"},"c":2}'],
    ['a pasted object in a list', '["{"a":1}"]'],
    ['brackets that do not match', '{"a":[1}]'],
    ['members without quotes around them', '"errcode": 0, "token": "xxxxx"'],
  ])('does not read %s', (_, text) => unreadable(text));

  it('bounds size and depth', () => {
    const text = (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`;
    expect(parseTolerantly(text(MAX_LENGTH))).toBeTruthy();
    unreadable(text(MAX_LENGTH + 1));
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseTolerantly(nested(MAX_DEPTH))).toBeTruthy();
    unreadable(nested(MAX_DEPTH + 1));
    unreadable(`${'{"a":'.repeat(MAX_DEPTH + 1)}1,${'}'.repeat(MAX_DEPTH + 1)}`);
    expect(parseTolerantly(`{"a":"${'[{'.repeat(1_000)}",}`)).toBeTruthy();
  });

  it.each([
    ['open arrays', '['],
    ['open objects', '{"a":'],
    ['pasted objects', '{"a":"'],
    ['beginnings of pasted objects', '"{"'],
    ['members with beginnings of pasted objects', ':"{"a'],
    ['commas', ','],
    ['commas and space', ',  '],
    ['quotes', '"'],
    ['backslashes', '\\'],
    ['space', ' '],
    ['quotes, braces and space', ':"{ '],
    ['things to leave out', '[1,],'],
  ])('takes linear time for %s', (_, unit) => {
    for (const front of ['', '{"a":', '{"a":"{']) {
      const text = (front + unit.repeat(MAX_LENGTH)).slice(0, MAX_LENGTH);
      const began = performance.now();
      unreadable(text);
      // One pass takes some milliseconds; one pass for each sign would take a minute.
      expect(performance.now() - began).toBeLessThan(20_000);
    }
  });

  it('takes no prototype from an answer', () => {
    for (const text of [
      '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}}}',
      '{"\\u005f_proto__":{"polluted":1},"a":{"_\\u005Fproto__":{"polluted":1}},}',
      '{"a":"{"__proto__":{"polluted":1}}"}',
    ]) {
      const json = parseTolerantly(text) as { a: object };
      for (const each of [json, { ...json }, Object.assign({}, json), json.a, { ...json.a }]) {
        expect(Object.getPrototypeOf(each)).toBe(Object.prototype);
        expect((each as { polluted?: unknown }).polluted).toBeUndefined();
      }
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('reads whatever JSON reads as JSON does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        if (typeof value !== 'object' || value === null) return;
        const text = JSON.stringify(value);
        const { __proto__: _, ...json } = JSON.parse(text) as Record<string, unknown>;
        if (!text.includes('__proto__') && !Array.isArray(value)) expect(parseTolerantly(text)).toEqual(json);
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads any spelling, whatever else stands beside, and none that was cut off', () => {
    const shape = z.object({
      code: wireCode,
      count: wireCount,
      busi: z.object({ text: wireText }),
      list: z.array(wireText),
    });
    const read = (text: string) => readJson(text, shape);
    fc.assert(
      fc.property(fc.integer(), fc.string({ unit: 'grapheme', minLength: 1 }), (seed, anything) => {
        const random = randomOf(seed);
        const text = /^(0|[1-9]\d{0,14})$/.test(anything) ? `${anything}x` : anything;
        const busi = random() < 0.5 ? { text } : new Pasted(spell({ text }, random));
        const spelled = spell({ code: '10032', count: 180, busi, list: ['a', 'b'] }, random);
        expect(read(spelled)).toEqual({ code: '10032', count: 180, busi: { text }, list: ['a', 'b'] });
        const cut = spelled.slice(0, Math.floor(random() * spelled.length));
        expect(outcomeOf(() => read(cut))).toBe('UNREADABLE');
      }),
      { numRuns: 3_000 },
    );
    expectNoCutToBeRead('{"code":"0","r":"{"a":"}","b":"{"}","list":[1,],"count":"中",}', parseTolerantly);
  });

  it('throws nothing but UnreadableAnswer', () => {
    const signs = [...'{}[],:"\\ 0a_', '"{"', '":', '\uFEFF', '\uD800', '中', '\\u005f', '__proto__'];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
          fc.array(fc.constantFrom(...signs), { maxLength: 60 }).map((all) => all.join('')),
          fc.array(fc.constantFrom(...signs), { maxLength: 60 }).map((all) => `{"a":${all.join('')}}`),
        ),
        (text) => {
          const outcome = outcomeOf(() => parseTolerantly(text));
          expect(outcome === 'UNREADABLE' || typeof outcome === 'object').toBe(true);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

describe('the excerpt of what cannot be read', () => {
  it('shows the shape and nothing of the content', () => {
    const text = '{"phone":"13800138000","姓名":"李雷😀", ٣٤: é}';
    expect(excerptOf(text)).toBe('{"aaaaa":"00000000000","aa":"aa??", 00: a}');
    try {
      readJson('{"code":{"token":"secret-1"}}', z.object({ code: wireCode }));
      throw new Error('was read');
    } catch (error) {
      expect(error).toBeInstanceOf(UnreadableAnswer);
      const { excerpt, message, reason } = error as UnreadableAnswer;
      expect(excerpt).toBe('{"aaaa":{"aaaaa":"aaaaaa-0"}}');
      expect(reason).toMatch(/^code: /);
      expect(message).not.toContain('secret');
    }
  });

  it('is bounded and holds no letter or digit of the answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const excerpt = excerptOf(text);
        expect(excerpt.length).toBeLessThanOrEqual(200);
        expect(excerpt).toMatch(/^[\x20-\x7e\r\n\t]*$/);
        expect(excerpt).not.toMatch(/[b-zA-Z1-9]/);
      }),
    );
    expect(() => parseTolerantly('x'.repeat(10_000))).toThrow(
      expect.objectContaining({ excerpt: 'a'.repeat(200) }),
    );
  });
});

describe('values on the wire', () => {
  it('compares codes as text', () => {
    for (const code of ['0', 0, ' 0 ']) expect(wireCode.parse(code)).toBe('0');
    expect(wireCode.parse('0000')).toBe('0000');
    expect(wireCode.parse(10032)).toBe('10032');
    for (const none of ['', null, undefined, {}, [], true])
      expect(wireCode.safeParse(none).success).toBe(false);
    for (const none of ['', ' ', null, undefined]) expect(wireCodeIfAny.parse(none)).toBeUndefined();
    for (const code of ['0', 0]) expect(wireCodeIfAny.parse(code)).toBe('0');
  });

  it('takes counts as numbers and text, and strange ones as none', () => {
    for (const count of [120, '120', ' 120 ', '0120']) expect(wireCount.parse(count)).toBe(120);
    for (const none of ['', null, undefined, 'soon', -1, 1.5, '1e3', 1e15, '9999999999', {}, []])
      expect(wireCount.parse(none)).toBeUndefined();
    expect(z.object({ count: wireCount }).parse({})).toEqual({ count: undefined });
  });

  it('takes text as numbers unless digits were lost', () => {
    expect(wireText.parse(123)).toBe('123');
    expect(wireText.parse('0123')).toBe('0123');
    for (const none of ['', null, undefined, 2 ** 70]) expect(wireText.parse(none)).toBeUndefined();
  });

  it('opens an object, or the text of one', () => {
    for (const value of [{ a: 1 }, '{"a":1}', ' {"a":1,} ', '\uFEFF{"a":1}'])
      expect(openNested(value)).toEqual({ a: 1 });
    for (const none of [undefined, null, '', ' ', [], '[]']) expect(openNested(none)).toBeUndefined();
    for (const wrong of ['text', '{"a":', 1, true, [1], '[1]', '"{}"'])
      expect(() => openNested(wrong)).toThrow(UnreadableAnswer);
  });
});
