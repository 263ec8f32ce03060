// usercoin's api/Smssend/doSend on the wire: what is sent, what comes back, and what its codes mean.
// Source: usercoin, "1.14 认证短信发送". Codes beyond 0 and 10032 are those its own web client knows.
import { z } from 'zod';
import { noData, readJson, wireCode, wireCount } from '../json-answer.js';
import type { ProviderRefusal } from '../provider.js';

export const SEND_PATH = '/api/Smssend/doSend';

/** Every key has to be there; uuid and username may be empty. */
export interface SendForm {
  /** With its calling code: +8613800138000. */
  mobile: string;
  uuid: string;
  username: string;
  /** 1 register, 2 find the password; further scenes have numbers of their own. */
  type: string;
  /** +86, +63 … */
  internationalCode: string;
}

const answerShape = z.object({
  code: wireCode,
  msg: z.string().nullish(),
  data: z.union([
    z.object({
      /** Validity of the code, in seconds. */
      timeless: wireCount,
      /** Until another SMS may be sent, in seconds. */
      nexttime: wireCount,
      /** The code itself, in usercoin's test environment; empty in production. */
      code: z.union([z.string(), z.number()]).nullish(),
    }),
    noData,
  ]),
});

export interface SendAnswer {
  code: string;
  msg: string | undefined;
  validForS: number | undefined;
  resendAfterS: number | undefined;
  testCode: string | undefined;
}

/** @throws UnreadableAnswer */
export function readSendAnswer(text: string): SendAnswer {
  const { code, msg, data } = readJson(text, answerShape);
  const sent = data && !Array.isArray(data) && typeof data === 'object' ? data : undefined;
  return {
    code,
    msg: msg ?? undefined,
    validForS: sent?.timeless,
    resendAfterS: sent?.nexttime,
    testCode: sent?.code == null || sent.code === '' ? undefined : String(sent.code),
  };
}

type Meaning = Pick<ProviderRefusal, 'refused' | 'tellsExistence'>;

/** What a code other than 0 means for whoever asked for an SMS. */
const meanings: Readonly<Record<string, Meaning>> = {
  /** 短信认证过于频繁,请稍后再试 */
  '10032': { refused: 'RATE_LIMITED' },
  /** The session is over or not valid. */
  '10007': { refused: 'REFUSED_BY_PROVIDER' },
  '10008': { refused: 'REFUSED_BY_PROVIDER' },
  /** This ID card is registered already. */
  '10021': { refused: 'ALREADY_DONE', tellsExistence: true },
  /** The identity has not been verified. */
  '10040': { refused: 'NOT_ELIGIBLE', tellsExistence: true },
  /** Bank card and name do not go together. */
  '10046': { refused: 'NOT_ELIGIBLE', tellsExistence: true },
  /** A reset of the payment password is pending. */
  '10217': { refused: 'NOT_ELIGIBLE', tellsExistence: true },
  /** Advanced verification is needed first. */
  '338': { refused: 'NOT_ELIGIBLE', tellsExistence: true },
  '339': { refused: 'NOT_ELIGIBLE', tellsExistence: true },
  /** The picture captcha is wrong; this server sends none. */
  '127': { refused: 'REFUSED_BY_PROVIDER' },
  /** The signature or a parameter is wrong: ours to mend. */
  '14': { refused: 'REFUSED_BY_PROVIDER' },
};

/** An unknown code may mean anything, so also that somebody exists. */
export function meaningOf(code: string): Meaning {
  return meanings[code] ?? { refused: 'REFUSED_BY_PROVIDER', tellsExistence: true };
}
