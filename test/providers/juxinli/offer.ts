// What the contract suite needs to know of Juxinli: a conversation of three calls. The acceptances are the
// document's answers.
import { expect } from '@jest/globals';
import type { Application } from '../../../src/providers/juxinli/application.js';
import type { Turn } from '../../../src/providers/juxinli/collect.js';
import { juxinli } from '../../../src/providers/juxinli/index.js';
import type { Offer, Talk } from '../contract/offer.js';
import { sample } from './samples.js';

const { apply, collect } = juxinli.operations;

const application = (phone: string): Application => ({
  name: '欧阳测试申请人',
  idNumber: '11010119491001987X',
  phone,
  homeAddress: '北京市东城区测试胡同七十三号',
  homePhone: '010-87654321',
  workAddress: '北京市朝阳区测试大街八十四号',
  workPhone: '010-76543218',
  contacts: [{ name: '司马测试联系人', phone: '+8613987651234', relation: 'SPOUSE' }],
});

async function withPassword(phone: string, talk: Talk): Promise<Turn> {
  const { token, source } = await talk.call(apply, application(phone));
  return { token, website: source.website, account: phone.slice(3), password: '73518264' };
}

async function withCaptcha(phone: string, talk: Talk): Promise<Turn> {
  const turn = await withPassword(phone, talk);
  await talk.call(collect, turn);
  return { ...turn, captcha: await talk.code(phone), type: 'SUBMIT_CAPTCHA' };
}

const turnNeverRests = ({ token, password = '', captcha = '', account = '' }: Turn) =>
  [token, password, captcha, account].filter((value) => value !== '');

const refusal = {
  text: '{"success":false,"message":"请求过于频繁"}',
  means: {
    refused: 'RATE_LIMITED',
    providerCode: 'success=false',
    text: '请求过于频繁',
    retryAfterMs: 60_000,
  },
} as const;

const applied = (version: 'v2' | 'v3') => ({
  ...(version === 'v3' ? { as: 'v3', variables: { JUXINLI_API_VERSION: 'v3' } } : {}),
  step: 1,
  prepare: application,
  accepted: {
    token: expect.stringMatching(/^[0-9a-f]{32}$/),
    source: expect.objectContaining({ website: 'chinamobilejs', status: 'ONLINE' }),
  },
  neverRests: ({ name, idNumber, homeAddress, homePhone, workAddress, workPhone, contacts }: Application) => [
    ...[name, idNumber, homeAddress, homePhone, workAddress, workPhone].filter(
      (value) => value !== undefined,
    ),
    ...(contacts ?? []).flatMap((contact) => [contact.name, contact.phone.slice(3)]),
  ],
});

export const offer: Offer<typeof juxinli.operations> = {
  production: [{ needed: {} }],
  operations: {
    listDataSources: {
      subject: 'NOBODY',
      secrets: [],
      inputSecrets: [],
      calls: [
        {
          step: 1,
          prepare: () => ({}),
          accepted: {
            sources: expect.arrayContaining([expect.objectContaining({ website: 'chinamobilejs' })]),
          },
          neverRests: () => [],
        },
      ],
      answers: [
        {
          text: sample('data-sources-answer'),
          means: {
            accepted: {
              sources: [
                {
                  id: 'df8ba6ec822e4984b3556d2a2cc2d5b8',
                  website: 'jingdong',
                  name: '京东',
                  category: 'e_business',
                  categoryName: '电商',
                  status: 'ONLINE',
                  websiteCode: 4,
                  smsRequired: 2,
                  resetPasswordMethod: 0,
                  resetPasswordFrozenTime: 0,
                  captchaUserIdentified: false,
                  offlineTimes: 6,
                  createdAt: '2014-07-07T02:49:14.000Z',
                  updatedAt: '2017-02-23T22:41:32.000Z',
                },
              ],
            },
            providerCode: 'success=true',
          },
        },
        refusal,
      ],
    },
    apply: {
      subject: 'phone',
      secrets: ['token'],
      inputSecrets: [],
      calls: [applied('v2'), applied('v3')],
      answers: [
        {
          text: sample('application-answer'),
          means: {
            accepted: {
              token: 'cbee442cdb2b4739b84642c4f1e4d343',
              source: {
                id: '28d343e3464147e58521cc5b01ea4f03',
                website: 'chinamobilejs',
                name: '江苏移动',
                category: 'mobile',
                categoryName: '移动运营商',
                status: 'ONLINE',
                websiteCode: 12,
                smsRequired: 1,
                resetPasswordMethod: 0,
                resetPasswordFrozenTime: 0,
                captchaUserIdentified: false,
                offlineTimes: 4,
                createdAt: '2014-07-07T02:49:14.000Z',
                updatedAt: '2017-06-08T07:18:16.000Z',
              },
            },
            providerCode: 'success=true',
          },
        },
        refusal,
        {
          text: '{"success":false,"message":"紧急联系人电话无效","code":65545}',
          means: { refused: 'REFUSED_BY_PROVIDER', providerCode: '65545', text: '紧急联系人电话无效' },
        },
      ],
    },
    collect: {
      subject: 'phone',
      secrets: [],
      inputSecrets: ['token', 'password', 'captcha', 'queryPwd'],
      calls: [
        {
          step: 2,
          prepare: withPassword,
          accepted: { answer: expect.objectContaining({ processCode: '10002', finish: false }) },
          neverRests: turnNeverRests,
        },
        {
          step: 3,
          prepare: withCaptcha,
          accepted: { answer: expect.objectContaining({ processCode: '10008', finish: true }) },
          neverRests: turnNeverRests,
        },
      ],
      answers: [
        {
          text: sample('collect-answer'),
          means: {
            accepted: {
              answer: {
                type: 'CONTROL',
                content: '输入动态密码',
                processCode: '10002',
                nextType: 'SUBMIT_CAPTCHA',
                finish: false,
                alreadyCollected: false,
              },
            },
            providerCode: '10002',
          },
        },
        refusal,
      ],
    },
  },
};
