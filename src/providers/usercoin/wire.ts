// usercoin's api/Smssend/doSend on the wire: what is sent, what comes back, and what its codes mean.
// Source: usercoin, "1.14 认证短信发送". Codes beyond 0 and 10032 are those its own web client knows.
import { z } from 'zod';
import { openNested, readJson, readValue, wireCode, wireCount, wireText } from '../json-answer.js';
import type { ProviderRefusal } from '../provider.js';
import type { CommonParameters } from './signature.js';

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

/** Beyond the document, all or none of them: what usercoin's own web client adds to every call. */
export interface SignedParameters extends CommonParameters {
  /** Of a session; empty without one. */
  token: string;
  sign: string;
}

/** What the simulator knows the client by. */
export const SANDBOX_SIGN_KEY = 'usercoin-sandbox-key';

const answerShape = z.object({ code: wireCode, msg: wireText, data: z.unknown().optional() });

const sentShape = z.object({
  /** Validity of the code, in seconds. */
  timeless: wireCount,
  /** Until another SMS may be sent, in seconds. */
  nexttime: wireCount,
  /** The code itself, in usercoin's test environment; empty in production. */
  code: wireText,
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
  // An error carries PHP's empty array, or whatever; only a success has something to say here.
  const sent = code === '0' ? readValue(openNested(data) ?? {}, sentShape, text) : undefined;
  return {
    code,
    msg,
    validForS: sent?.timeless,
    resendAfterS: sent?.nexttime,
    testCode: sent?.code,
  };
}

type Meaning = Pick<ProviderRefusal, 'refused' | 'tellsExistence'>;

/** What a code other than 0 means for whoever asked for an SMS. */
export const meanings: Readonly<Record<string, Meaning>> = {
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
