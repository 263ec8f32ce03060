// What the contract suite needs to know of the bank gateway. The acceptance is the document's answer; it has no
// refusal, so that one is as on the gateway's sibling pages.
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { BankCode, qingsongBank } from '../../../src/providers/qingsong-bank/index.js';
import type { Offer } from '../contract/offer.js';

const accepted = { taskId: expect.stringMatching(/^[0-9a-f]{32}$/), expiresAt: expect.any(String) };
const input = (phone: string, personId: string): BankCode => ({
  phone,
  bank: 'minsheng',
  schoolId: 'ding8f14e45fceea167a',
  personId,
  templateId: 'C01',
});
const neverRests = ({ personId, schoolId }: BankCode) => [personId, schoolId];

export const offer: Offer<typeof qingsongBank.operations> = {
  production: [{ needed: {} }],
  operations: {
    sendCode: {
      subject: 'phone',
      secrets: [],
      inputSecrets: [],
      calls: [
        { step: 1, prepare: (phone) => input(phone, 'person-c9f0f895fb98ab9158'), accepted, neverRests },
        {
          as: 'JSON, answered in an envelope',
          step: 1,
          variables: { QINGSONG_BANK_BODY: 'json' },
          prepare: (phone) => input(phone, 'person-45c48cce2e2d7fbdea1'),
          accepted,
          neverRests,
        },
      ],
      answers: [
        {
          text: readFileSync(new URL('./samples/sent.txt', import.meta.url), 'utf8'),
          means: {
            accepted: {
              taskId: '3d2e0cd7d96b4e50b0ca87c05065d962',
              expiresAt: '2026-01-01T00:02:00.000Z',
            },
            providerCode: 'errcode:0',
            providerReference: '313G0202203231089576477313100000',
          },
        },
        {
          text: '{"type":"0","title":"","content":"","data":"{\\"errcode\\":\\"1\\",\\"errmsg\\":\\"发送失败\\"}","trackid":"1000000000000000001"}',
          means: {
            refused: 'REFUSED_BY_PROVIDER',
            providerCode: 'errcode:1',
            text: '发送失败',
            tellsExistence: true,
          },
        },
      ],
    },
  },
};
