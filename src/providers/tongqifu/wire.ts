// 通企付's member binding on the wire: what is sent, how long it may be, what comes back, what its codes mean.
// Source: 通企付 "6.会员绑定手机号申请". `bindPhoneApple` and `authProcotolFileId` are spelt so there.
import { z } from 'zod';
import { readJson, wireCode } from '../json-answer.js';
import type { ProviderRefusal } from '../provider.js';
import { unreadable } from '../tolerant-json.js';
import { type RawMember, rawMembers } from './raw-members.js';
import { type SigningKeys, verify } from './signature.js';
import { textToVerify, UnsignableParameters } from './signed-text.js';

export const APPLY_PATH = '/payMember/bindPhoneApple';
export const CONFIRM_PATH = '/payMember/bindPhoneConfirm';
/** 云商通二代, as an ISV. */
export const CHANNEL = 'yunst2isv';

/** What the fields hold, in characters; a caller's input beyond it is refused before any intent. */
export const limits = {
  mchNo: 30,
  appId: 24,
  memberId: 30,
  personName: 60,
  agreementFileId: 100,
  /** notifyUrl and jumpUrl. */
  url: 250,
} as const;

/** A member's number has no `&` and no `=`: in a signed text they would begin another parameter. */
export const memberIdPattern = /^[^&=\s\p{C}]{1,30}$/u;
/** A mainland mobile in E.164; the wire takes its 11 digits. */
export const phonePattern = /^\+861\d{10}$/;
/** A resident ID card's number: 18 digits, the last may be X, or the 15 of the first generation. */
export const idNumberPattern = /^(\d{17}[\dX]|\d{15})$/;
/** The code that the SMS brings. Its length is not documented. */
export const verifyCodePattern = /^\d{4,8}$/;

/** In every call. */
interface CommonFields {
  mchNo: string;
  appId: string;
  /** 13 digits: milliseconds since 1970. */
  reqTime: string;
  version: '1.0';
  signType: string;
  bizUserId: string;
  chanNo: typeof CHANNEL;
  /** Unique; comes back as reqTraceNum. */
  serialNo: string;
  /** 11 digits. */
  phone: string;
}

export interface ApplyFields extends CommonFields {
  /** 1 the legal person's phone, 2 the phone of somebody whom the enterprise authorises. */
  phoneType: '1' | '2';
  notifyUrl: string;
  /** Documented as required, and in the same breath as sent only with phoneType 2 and authPerType 1. */
  jumpUrl?: string;
  /** JSON in a string, signed as it is sent; with phoneType 2. */
  authPerInfo?: string;
}

/** Not documented; read from the upstream interface 1032 in 通企付's names. */
export interface ConfirmFields extends CommonFields {
  applyRespTraceNum: string;
  verifyCode: string;
}

export interface AuthorisedPersonFields {
  /** 1 online, 2 offline. */
  authPerType: '1' | '2';
  authPerName: string;
  /** Encrypted. */
  authPerIdNo: string;
  /** 1: ID card. */
  authPerIdType: '1';
  /** With authPerType 2. */
  authProcotolFileId?: string;
}

export const ACCEPTED = '0';
/** Taken, and reviewed by people: offline authorisation. */
export const ACCEPTED_FOR_REVIEW = '3000';

const answerShape = z.object({ code: wireCode, msg: z.string().nullish() });

export interface BindingAnswer {
  code: string;
  msg: string | undefined;
  /** Signed, so surely the platform's; empty where it sent none or refused. */
  data: ReadonlyMap<string, string>;
}

/**
 * Where the code says that it was taken, whatever is in `data` has a valid signature.
 * @throws UnreadableAnswer
 */
export function readBindingAnswer(text: string, keys: SigningKeys): BindingAnswer {
  const { code, msg } = readJson(text, answerShape);
  const taken = code === ACCEPTED || code === ACCEPTED_FOR_REVIEW;
  return { code, msg: msg ?? undefined, data: taken ? signedData(text, keys) : new Map() };
}

const PLAIN: ReadonlySet<string> = new Set(['bizUserId', 'applyRespTraceNum', 'phone']);
const ADDRESSES: ReadonlySet<string> = new Set(['authSignLink']);

function signedData(text: string, keys: SigningKeys): Map<string, string> {
  const answer = membersOf(text.trim(), text);
  const data = answer.find(({ name }) => name === 'data');
  // PHP's empty array, null, "" and absence are all "no data", and no data has no signature.
  if (!data || /^(\[\s*\]|null|)$/.test(data.value)) return new Map();
  const members = data.kind === 'object' ? membersOf(data.value, text) : undefined;
  if (!members) throw unreadable('data is no object', text);
  if (members.length === 0) return new Map();
  const signature = answer.find(({ name }) => name === 'sign');
  if (signature?.kind !== 'text' || !isSigned(members, signature.value, keys)) {
    throw unreadable('signature', text);
  }
  return new Map(members.filter(({ kind }) => kind !== 'null').map(({ name, value }) => [name, value]));
}

function isSigned(members: readonly RawMember[], signature: string, keys: SigningKeys): boolean {
  try {
    const parameters = members.map(
      ({ name, kind, value }) => [name, kind === 'null' ? null : value] as const,
    );
    return verify(textToVerify(parameters, { plain: PLAIN, addresses: ADDRESSES }), signature, keys);
  } catch (error) {
    if (error instanceof UnsignableParameters) return false;
    throw error;
  }
}

/** Stricter than the tolerant reader, which may mend what was never signed. */
function membersOf(json: string, whole: string): RawMember[] {
  try {
    return rawMembers(json);
  } catch {
    throw unreadable('not strict JSON', whole);
  }
}

type Meaning = Pick<ProviderRefusal, 'refused' | 'tellsExistence' | 'retryAfterMs'>;

/** What a code other than 0 and 3000 means for whoever wants a phone bound. */
export const meanings: Readonly<Record<string, Meaning>> = {
  /** System exception. */
  '10': { refused: 'REFUSED_BY_PROVIDER' },
  /** A parameter is wrong: ours to mend. */
  '11': { refused: 'REFUSED_BY_PROVIDER' },
  /** Database. */
  '12': { refused: 'REFUSED_BY_PROVIDER' },
  /** User name or password of the merchant. */
  '4000': { refused: 'REFUSED_BY_PROVIDER' },
  /** Jeepay's own: its database could not insert, delete, change, find or reach a record. */
  '5000': { refused: 'REFUSED_BY_PROVIDER' },
  '5001': { refused: 'REFUSED_BY_PROVIDER' },
  '5002': { refused: 'REFUSED_BY_PROVIDER' },
  '5003': { refused: 'REFUSED_BY_PROVIDER' },
  '5004': { refused: 'REFUSED_BY_PROVIDER' },
};

/** 9999 is every business error there is; only its text says which. Checked in this order. */
const meaningsOfText: readonly (readonly [RegExp, Meaning])[] = [
  // How long is never said; a minute is what SMS are usually apart.
  [/频繁|次数.{0,4}(超|过多|上限)/, { refused: 'RATE_LIMITED', retryAfterMs: 60_000 }],
  [/验证码.{0,8}(过期|失效|超时)/, { refused: 'CODE_EXPIRED' }],
  [/验证码.{0,8}(错误|有误|不正确|不匹配|不一致)/, { refused: 'WRONG_CODE' }],
  [/已.{0,4}绑定|重复绑定/, { refused: 'ALREADY_DONE', tellsExistence: true }],
  [
    /(会员|用户|商户会员).{0,8}(不存在|未开户|未实名|未审核)/,
    { refused: 'NOT_ELIGIBLE', tellsExistence: true },
  ],
];

/** An unknown code may mean anything, so also that somebody exists. */
export function meaningOf(code: string, msg: string | undefined): Meaning {
  if (code !== '9999') return meanings[code] ?? { refused: 'REFUSED_BY_PROVIDER', tellsExistence: true };
  const byText = meaningsOfText.find(([pattern]) => msg !== undefined && pattern.test(msg));
  return byText?.[1] ?? { refused: 'REFUSED_BY_PROVIDER', tellsExistence: true };
}
