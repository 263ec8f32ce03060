// What the contract suite needs to know of 通企付: applications of three kinds, their confirmation, and answers that
// are signed. The document prints no sample; these follow its tables.
import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import {
  type BindingApplication,
  type BindingApplied,
  type BindingConfirmation,
  tongqifu,
} from '../../../src/providers/tongqifu/index.js';
import { sandboxKeys } from '../../../src/providers/tongqifu/sandbox-keys.js';
import type { AnswerOffer, CallOffer, Offer, Talk } from '../contract/offer.js';

type Application = CallOffer<BindingApplication, BindingApplied>;

const confirm = { TONGQIFU_CONFIRM: 'on' };
const trace = expect.stringMatching(/^\d{26}$/);
const memberId = 'member-d3d9446802a44259';
const person = { name: '上官测试授权人', idNumber: '11010119491001987X' };

const application = (phone: string, { noticeUrl }: Talk): BindingApplication => ({
  memberId,
  phone,
  notifyUrl: noticeUrl,
  jumpUrl: 'https://front.example.com/back',
});
const applied = {
  step: 1,
  prepare: application,
  accepted: { traceNumber: trace, signingUrl: undefined, pendingReview: false },
  neverRests: ({ authorisedPerson }: BindingApplication) =>
    authorisedPerson ? [memberId, authorisedPerson.name, authorisedPerson.idNumber] : [memberId],
} satisfies Application;

async function confirmation(phone: string, talk: Talk): Promise<BindingConfirmation> {
  const { traceNumber } = await talk.call(tongqifu.operations.applyBinding, application(phone, talk));
  return { memberId, phone, traceNumber, code: await talk.code(phone) };
}

const signed = (data: object, code: string) =>
  reseal(JSON.stringify({ code, msg: '处理成功', sign: '', data }));

/** Written anew from the document: not-empty members by name, then the key, MD5 in upper case. */
function reseal(text: string): string {
  const answer = JSON.parse(text) as { data?: Record<string, unknown> };
  const members = Object.entries(answer.data ?? {}).filter(([, value]) => value !== null && value !== '');
  if (members.length === 0) return text;
  const pairs = members.map(([name, value]) => `${name}=${value}`).sort();
  const sign = createHash('md5')
    .update(`${pairs.join('&')}&key=${sandboxKeys.md5Key}`, 'utf8')
    .digest('hex')
    .toUpperCase();
  return text.replace(/"sign"\s*:\s*"[^"]*"/, `"sign":"${sign}"`);
}

/** What a platform could add to what it signs. */
const signable = [
  ['extParam', ''],
  ['remark', '备注'],
  ['amount', 7],
  ['isv', true],
  ['orgId', null],
] as const;

const seal = {
  reseal,
  spelling: {
    commas: false,
    further: (path: readonly string[]) =>
      path[0] === 'data'
        ? signable
        : ([
            ['curTime', '{'],
            ['扩展', [{}]],
            ['x"{"y', null],
          ] as const),
  },
};

const refusal: AnswerOffer<never> = {
  text: '{"code":9999,"msg":"短信发送过于频繁"}',
  means: { refused: 'RATE_LIMITED', providerCode: '9999', text: '短信发送过于频繁', retryAfterMs: 60_000 },
};

const ofMerchant = { TONGQIFU_MCH_NO: 'E240000000009', TONGQIFU_APP_ID: 'fedcba9876543210fedcba98' };
const aes = { TONGQIFU_AES_KEY: 'an-invented-key!' };
const { rsa, sm2 } = sandboxKeys;

export const offer: Offer<typeof tongqifu.operations> = {
  production: [
    { needed: { ...ofMerchant, ...aes, TONGQIFU_MD5_KEY: 'an-invented-key-of-this-test' } },
    // Real keys in the other's place, where they are not the sandbox's.
    {
      chosen: { TONGQIFU_SIGN_TYPE: 'RSA' },
      needed: {
        ...ofMerchant,
        ...aes,
        TONGQIFU_RSA_PRIVATE_KEY: rsa.platformPrivate,
        TONGQIFU_RSA_PLATFORM_KEY: rsa.merchantPublic,
      },
    },
    {
      chosen: { TONGQIFU_SIGN_TYPE: 'SM2', TONGQIFU_AES_MODE: 'cbc' },
      needed: {
        ...ofMerchant,
        ...aes,
        TONGQIFU_AES_IV: 'an-invented-iv-1',
        TONGQIFU_SM2_PRIVATE_KEY: sm2.platformPrivate,
        TONGQIFU_SM2_PLATFORM_KEY: sm2.merchantPublic,
      },
    },
  ],
  operations: {
    applyBinding: {
      subject: 'phone',
      secrets: ['signingUrl'],
      inputSecrets: [],
      calls: [
        applied,
        { ...applied, as: 'RSA', variables: { TONGQIFU_SIGN_TYPE: 'RSA' } },
        { ...applied, as: 'SM2', variables: { TONGQIFU_SIGN_TYPE: 'SM2' } },
        {
          ...applied,
          as: 'online',
          prepare: (phone, talk) => ({
            ...application(phone, talk),
            authorisedPerson: { ...person, authorisation: 'ONLINE' },
          }),
          accepted: {
            traceNumber: trace,
            signingUrl: expect.stringMatching(/^http:.*\/tongqifu\/sign\?trace=\d+$/),
            pendingReview: false,
          },
        },
        {
          ...applied,
          as: 'offline',
          prepare: (phone, talk) => ({
            ...application(phone, talk),
            authorisedPerson: { ...person, authorisation: 'OFFLINE', agreementFileId: 'file-1' },
          }),
          accepted: { traceNumber: trace, signingUrl: undefined, pendingReview: true },
          notice: true,
        },
      ],
      answers: [
        {
          text: signed({ bizUserId: 'M1', applyRespTraceNum: 'R1' }, '0'),
          means: {
            accepted: { traceNumber: 'R1', signingUrl: undefined, pendingReview: false },
            providerCode: '0',
            providerReference: 'R1',
          },
        },
        {
          text: signed(
            { bizUserId: 77, applyRespTraceNum: '20240101', authSignLink: 'https://s.test/?a=1' },
            '3000',
          ),
          means: {
            accepted: { traceNumber: '20240101', signingUrl: 'https://s.test/?a=1', pendingReview: true },
            providerCode: '3000',
            providerReference: '20240101',
          },
        },
        refusal,
      ],
      seal: { ...seal, covered: ['traceNumber', 'signingUrl'] },
    },
    confirmBinding: {
      subject: 'phone',
      secrets: [],
      inputSecrets: ['code'],
      calls: [
        {
          step: 2,
          variables: confirm,
          prepare: confirmation,
          accepted: { traceNumber: trace, signed: true },
          neverRests: ({ code }) => [memberId, code],
          notice: true,
        },
      ],
      answers: [
        {
          text: signed({ bizUserId: 'M1', applyRespTraceNum: 'R1', phone: '13800138000' }, '0'),
          means: {
            accepted: { traceNumber: 'R1', signed: true },
            providerCode: '0',
            providerReference: 'R1',
          },
        },
        refusal,
      ],
      seal: { ...seal, covered: ['traceNumber'], unsigned: { traceNumber: '', signed: false } },
    },
  },
};
