// The solver for where there is no crypto.subtle: what it finds, ALTCHA's own library takes.
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/sha';
import type { CreateChallengeOptions, Payload } from 'altcha-lib/types';
import fc from 'fast-check';
import { LONGEST_IN_ONE_BLOCK, ShortSha256 } from '../../../src/web/client/sha256.js';
import { solveHumanCheck } from '../../../src/web/client/solve-human-check.js';

const secret = { hmacSignatureSecret: 'a-secret-of-this-test' };
const make = (options: Partial<CreateChallengeOptions>) =>
  createChallenge({ algorithm: 'SHA-256', cost: 1, deriveKey, ...secret, ...options });
const read = (text: string) => JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Payload;
const verify = (payload: Payload) => verifySolution({ ...payload, deriveKey, ...secret });

describe('a solution', () => {
  it.each<[string, Partial<CreateChallengeOptions>]>([
    ['a counter that the server chose', { counter: 20_011 }],
    ['the counter 0', { counter: 0 }],
    ['a prefix of whole bytes', { keyPrefix: '000' }],
    ['a prefix of half a byte more', { keyPrefix: 'A7C' }],
    ['a prefix longer than a word', { counter: 300, keyPrefixLength: 13 }],
    ['hashing more than once', { counter: 700, cost: 5 }],
    ['a shorter key', { counter: 500, keyLength: 20 }],
    [
      'an end and further data',
      { counter: 900, expiresAt: new Date(Date.now() + 60_000), data: { for: '验证' } },
    ],
  ])('is taken for %s', async (_what, options) => {
    const payload = read(await solveHumanCheck(await make(options)));
    expect(await verify(payload)).toMatchObject({ verified: true });
    payload.solution.counter += 1;
    expect(await verify(payload)).toMatchObject({ verified: false, invalidSolution: true });
  });

  it('is not looked for where the algorithm is another', async () => {
    const { parameters } = await make({ counter: 1 });
    await expect(solveHumanCheck({ parameters: { ...parameters, algorithm: 'SCRYPT' } })).rejects.toThrow(
      'SCRYPT',
    );
  });
});

describe('a platform with nothing but the language', () => {
  const hidden = new Map<string, PropertyDescriptor>();
  const hide = (...names: string[]) => {
    for (const name of names) {
      const present = Object.getOwnPropertyDescriptor(globalThis, name);
      if (!present) throw new Error(`there is no ${name}`);
      hidden.set(name, present);
      Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
    }
  };
  const show = () => {
    for (const [name, descriptor] of hidden) Object.defineProperty(globalThis, name, descriptor);
    hidden.clear();
  };
  afterEach(show);

  it('will do', async () => {
    const challenge = await make({ counter: 5_000 });
    hide('crypto', 'btoa', 'atob', 'fetch', 'TextEncoder', 'performance', 'AbortSignal', 'Buffer', 'URL');
    const text = await solveHumanCheck(challenge);
    show();
    expect(await verify(read(text))).toMatchObject({ verified: true });
  });
});

it('hashes as SHA-256 does', () => {
  const sha256 = new ShortSha256();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: LONGEST_IN_ONE_BLOCK }), (message) => {
      const expected = createHash('sha256').update(message).digest();
      expect([...sha256.digest(message)]).toEqual(
        Array.from({ length: 8 }, (_, at) => expected.readInt32BE(at * 4)),
      );
    }),
  );
  expect(() => sha256.digest(new Uint8Array(LONGEST_IN_ONE_BLOCK + 1))).toThrow(RangeError);
});
