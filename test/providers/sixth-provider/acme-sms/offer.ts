// What the contract suite needs to know of Acme SMS.
import { expect } from '@jest/globals';
import type { Offer } from '../../contract/offer.js';
import type { acmeSms } from './index.js';

export const offer: Offer<typeof acmeSms.operations> = {
  production: [{ needed: { ACME_SMS_KEY: 'an-invented-key-of-this-test' } }],
  operations: {
    send: {
      subject: 'phone',
      secrets: [],
      inputSecrets: [],
      calls: [
        {
          step: 1,
          prepare: (phone) => ({ phone, purpose: 'REGISTER' }),
          accepted: { expiresAt: expect.any(String) },
          neverRests: () => [],
        },
      ],
      answers: [
        {
          text: '{"status":"sent","id":"acme-1","valid_for":300}',
          means: {
            accepted: { expiresAt: '2026-01-01T00:05:00.000Z' },
            providerCode: 'sent',
            providerReference: 'acme-1',
          },
        },
        {
          text: '{"status":"slow_down","retry_after":60}',
          means: { refused: 'RATE_LIMITED', providerCode: 'slow_down', retryAfterMs: 60_000 },
        },
      ],
    },
  },
};
