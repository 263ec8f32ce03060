// What the contract suite needs to know of the tokens. The acceptance is the document's answer; it has no refusal.
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { qingsongToken, TokenWish } from '../../../src/providers/qingsong-token/index.js';
import type { Offer } from '../contract/offer.js';

const accepted = { token: expect.stringMatching(/^[0-9a-f]{32}$/) };
const neverRests = ({ person }: TokenWish) => [person?.schoolId ?? '', person?.studentId ?? ''];

export const offer: Offer<typeof qingsongToken.operations> = {
  production: [{ needed: {} }],
  operations: {
    issueToken: {
      subject: 'personId',
      secrets: ['token'],
      inputSecrets: [],
      calls: [
        {
          step: 1,
          prepare: (personId) => ({
            partner: 'lygewcms',
            appSystemId: 'app-1',
            person: {
              role: 'PARENT',
              personId,
              schoolId: 'ding6512bd43d9caa6e0',
              studentId: 'student-c20ad4d76fe97759',
            },
          }),
          accepted,
          neverRests,
        },
        {
          as: 'JSON',
          step: 1,
          variables: { QINGSONG_TOKEN_BODY: 'json' },
          prepare: (personId) => ({
            partner: '',
            person: {
              role: 'PARENT',
              personId,
              schoolId: 'dingc51ce410c124a10e',
              studentId: 'student-aab3238922bcc25a',
            },
          }),
          accepted,
          neverRests,
        },
      ],
      answers: [
        {
          text: readFileSync(new URL('./samples/issued.txt', import.meta.url), 'utf8'),
          means: { accepted: { token: '123' }, providerCode: '0' },
        },
        {
          text: '{"errcode":40001,"errmsg":"无此人员",}',
          means: {
            refused: 'REFUSED_BY_PROVIDER',
            providerCode: '40001',
            text: '无此人员',
            tellsExistence: true,
          },
        },
      ],
    },
  },
};
