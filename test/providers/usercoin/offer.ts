// What the contract suite needs to know of usercoin. The answers are the document's.
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { AccountCode } from '../../../src/providers/provider.js';
import { usercoin } from '../../../src/providers/usercoin/index.js';
import type { Offer } from '../contract/offer.js';

const sample = (name: string) => readFileSync(new URL(`./samples/${name}.txt`, import.meta.url), 'utf8');
const accepted = {
  expiresAt: expect.any(String),
  resendAt: expect.any(String),
  testCode: expect.stringMatching(/^\d{6}$/),
};
const prepare = (phone: string): AccountCode => ({
  phone,
  purpose: 'RESET_PASSWORD',
  userId: 'user-5d41402abc4b',
  username: '慕容测试用户',
});
const neverRests = ({ userId = '', username = '' }: AccountCode) => [userId, username];

export const offer: Offer<typeof usercoin.operations> = {
  production: [
    { needed: {} },
    { chosen: { USERCOIN_SIGN: 'true' }, needed: { USERCOIN_SIGN_KEY: 'an-invented-key-of-this-test' } },
  ],
  operations: {
    sendCode: {
      subject: 'phone',
      secrets: ['testCode'],
      inputSecrets: [],
      calls: [
        { step: 1, prepare, accepted, neverRests },
        { as: 'signed', step: 1, variables: { USERCOIN_SIGN: 'true' }, prepare, accepted, neverRests },
      ],
      answers: [
        {
          text: sample('sent'),
          means: {
            accepted: {
              expiresAt: '2026-01-01T00:03:00.000Z',
              resendAt: '2026-01-01T00:02:00.000Z',
              testCode: '693599',
            },
            providerCode: '0',
          },
        },
        {
          text: sample('too-often'),
          means: {
            refused: 'RATE_LIMITED',
            providerCode: '10032',
            text: '短信认证过于频繁,请稍后再试',
            retryAfterMs: 120_000,
          },
        },
      ],
    },
  },
};
