// Which language a person is answered in.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { languageOf } from '../src/language.js';

describe('languageOf', () => {
  it.each([
    [undefined, 'zh'],
    ['', 'zh'],
    ['en', 'en'],
    ['en-GB,en;q=0.9', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en;q=0.4, zh;q=0.5', 'zh'],
    ['EN-us;q=0.9,zh;q=0.1', 'en'],
    ['fr,de', 'zh'],
    ['en;q=0', 'zh'],
    ['english', 'zh'],
  ] as const)('of %j is %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });

  it('is one of the two for any text, and never throws', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z*;=q0-9., -]{0,300}$/));
    fc.assert(
      fc.property(text, (any) => {
        expect(['zh', 'en']).toContain(languageOf(any));
      }),
    );
  });
});
