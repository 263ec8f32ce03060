// What codes of providers say to people covers what this server makes of them, and nothing that it does not know.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { providers } from '../../src/providers/index.js';
import { RECEIPT_CODE } from '../../src/providers/juxinli/application.js';
import { codeWords as ofJuxinli } from '../../src/providers/juxinli/in-words.js';
import { YES_WITHOUT_CODE } from '../../src/providers/juxinli/index.js';
import { meanings as juxinli } from '../../src/providers/juxinli/process-codes.js';
import { NO_WITHOUT_CODE } from '../../src/providers/juxinli/wire.js';
import { codeWords as ofTongqifu } from '../../src/providers/tongqifu/in-words.js';
import { ACCEPTED, ACCEPTED_FOR_REVIEW, meanings as tongqifu } from '../../src/providers/tongqifu/wire.js';
import { codeWords as ofUsercoin } from '../../src/providers/usercoin/in-words.js';
import { meanings as usercoin } from '../../src/providers/usercoin/wire.js';

describe('the words of codes', () => {
  it.each([
    ['usercoin', ofUsercoin, ['0', ...Object.keys(usercoin)]],
    ['tongqifu', ofTongqifu, [ACCEPTED, ACCEPTED_FOR_REVIEW, '9999', ...Object.keys(tongqifu)]],
    [
      'juxinli',
      ofJuxinli,
      // 0 is told apart by its type; 65545 and 65555 are known refusals of an application.
      [...juxinli.keys(), '0', RECEIPT_CODE, '65545', '65555', YES_WITHOUT_CODE, NO_WITHOUT_CODE],
    ],
  ])('of %s are those of its table', (_name, words, codes) => {
    expect(Object.keys(words).sort()).toEqual([...new Set(codes)].sort());
  });

  it.each(providers.map(({ id, name }) => [id, name] as const))(
    '%s has words in both languages',
    async (id, name) => {
      const path = fileURLToPath(new URL(`../../src/providers/${id}/in-words.ts`, import.meta.url));
      expect(existsSync(path)).toBe(true);
      const words = await import(`../../src/providers/${id}/in-words.js`);
      expect(words.name).toBe(name);
      for (const text of [words.name, ...Object.values(words.codeWords)]) {
        expect(text).toEqual({ zh: expect.stringMatching(/./), en: expect.stringMatching(/./) });
      }
    },
  );
});
