// 通企付: binds a phone to an enterprise member, the legal person's by SMS, an authorised person's by a signature
// online or by papers offline. Every call has effects, so none is retried; how a binding ends comes by notice.

import type { Call, Operation, Provider, ProviderRefusal, WireRequest } from '../provider.js';
import { UnreadableAnswer } from '../provider.js';
import type { AesSettings } from './aes.js';
import { encrypt } from './aes.js';
import { serialNumberOf } from './binding-id.js';
import { name } from './in-words.js';
import { configure, environment, type TongqifuSettings } from './settings.js';
import { sign } from './signature.js';
import { textToSign } from './signed-text.js';
import { simulator } from './simulator.js';
import { webhook } from './webhook.js';
import {
  ACCEPTED_FOR_REVIEW,
  APPLY_PATH,
  type ApplyFields,
  type AuthorisedPersonFields,
  type BindingAnswer,
  CHANNEL,
  CONFIRM_PATH,
  type ConfirmFields,
  meaningOf,
  phonePattern,
  readBindingAnswer,
} from './wire.js';

export type { TongqifuSettings } from './settings.js';

export interface BindingApplication {
  memberId: string;
  /** A mainland mobile in E.164. */
  phone: string;
  /** Absent: the legal person's phone. */
  authorisedPerson?: AuthorisedPerson | undefined;
  /** Where the notice is to come, and where the browser is to go after signing online. */
  notifyUrl: string;
  jumpUrl: string;
}

export interface AuthorisedPerson {
  authorisation: 'ONLINE' | 'OFFLINE';
  name: string;
  /** In the clear; encrypted here. */
  idNumber: string;
  /** With OFFLINE. */
  agreementFileId?: string | undefined;
}

export interface BindingApplied {
  /** applyRespTraceNum; a confirmation names it. */
  traceNumber: string;
  /** Where the person signs; online only. */
  signingUrl?: string | undefined;
  /** True where people review the papers first. */
  pendingReview: boolean;
}

export interface BindingConfirmation {
  memberId: string;
  phone: string;
  traceNumber: string;
  /** From the SMS. */
  code: string;
}

export interface BindingConfirmed {
  traceNumber: string;
  /** False where the answer had no data, and so no signature: anybody on the way could have made it. */
  signed: boolean;
}

const applyBinding: Operation<BindingApplication, BindingApplied, TongqifuSettings> = {
  provider: 'tongqifu',
  name: 'applyBinding',
  kind: 'PHONE_BINDING',
  inputFields: {
    memberId: 'personal',
    phone: 'phone',
    authorisedPerson: {
      authorisation: 'clear',
      name: 'name',
      idNumber: 'idNumber',
      agreementFileId: 'personal',
    },
    notifyUrl: 'clear',
    jumpUrl: 'clear',
  },
  // The legal person gets an SMS; the person whom the enterprise authorises signs.
  attempt: ({ authorisedPerson }) => (authorisedPerson ? 'CALL' : 'MESSAGE'),
  // Whoever has the link can sign: it rests with the binding only, sealed.
  valueFields: { traceNumber: 'clear', signingUrl: 'secret', pendingReview: 'clear' },

  request({ memberId, phone, authorisedPerson, notifyUrl, jumpUrl }, settings, call) {
    const online = authorisedPerson?.authorisation === 'ONLINE';
    return signed<ApplyFields>(APPLY_PATH, settings, {
      ...commonFields(memberId, phone, settings, call),
      phoneType: authorisedPerson ? '2' : '1',
      notifyUrl,
      ...(online || settings.jumpUrlAlways ? { jumpUrl } : {}),
      ...(authorisedPerson ? { authPerInfo: authPerInfo(authorisedPerson, settings.aes) } : {}),
    });
  },

  read({ text }, { keys, allowHttpLinks }) {
    const answer = readBindingAnswer(text, keys);
    const traceNumber = answer.data.get('applyRespTraceNum');
    if (!isTaken(answer)) return refusalOf(answer);
    if (!traceNumber) throw new UnreadableAnswer('applyRespTraceNum is missing');
    const link = answer.data.get('authSignLink');
    return {
      accepted: {
        traceNumber,
        signingUrl: link ? signingUrl(link, allowHttpLinks) : undefined,
        pendingReview: answer.code === ACCEPTED_FOR_REVIEW,
      },
      providerCode: answer.code,
      providerReference: traceNumber,
    };
  },
};

/** Only where `settings.confirm` is true. */
const confirmBinding: Operation<BindingConfirmation, BindingConfirmed, TongqifuSettings> = {
  provider: 'tongqifu',
  name: 'confirmBinding',
  kind: 'PHONE_BINDING',
  inputFields: { memberId: 'personal', phone: 'phone', traceNumber: 'clear', code: 'secret' },
  valueFields: { traceNumber: 'clear', signed: 'clear' },
  attempt: () => 'GUESS',

  request({ memberId, phone, traceNumber, code }, settings, call) {
    if (!settings.confirm) throw new Error('TONGQIFU_CONFIRM is off');
    return signed<ConfirmFields>(CONFIRM_PATH, settings, {
      ...commonFields(memberId, phone, settings, call),
      applyRespTraceNum: traceNumber,
      verifyCode: code,
    });
  },

  read({ text }, { keys }) {
    const answer = readBindingAnswer(text, keys);
    if (!isTaken(answer)) return refusalOf(answer);
    const traceNumber = answer.data.get('applyRespTraceNum') ?? '';
    return {
      accepted: { traceNumber, signed: traceNumber !== '' },
      providerCode: answer.code,
      ...(traceNumber ? { providerReference: traceNumber } : {}),
    };
  },
};

function commonFields(memberId: string, phone: string, settings: TongqifuSettings, call: Call) {
  if (!phonePattern.test(phone)) throw new Error('not a mainland mobile');
  return {
    mchNo: settings.mchNo,
    appId: settings.appId,
    reqTime: String(call.now.getTime()),
    version: '1.0',
    signType: settings.keys.signType,
    bizUserId: memberId,
    chanNo: CHANNEL,
    serialNo: serialNumberOf(call.requestId),
    phone: phone.slice('+86'.length),
  } as const;
}

/** The server signs what it finds in its own fields, so nothing may be added that it does not know. */
function signed<Fields extends ApplyFields | ConfirmFields>(
  path: string,
  { keys }: TongqifuSettings,
  fields: Fields,
): WireRequest {
  const text = textToSign(Object.entries(fields));
  return { method: 'POST', path, body: { json: { ...fields, sign: sign(text, keys) } } };
}

function authPerInfo(person: AuthorisedPerson, aes: AesSettings): string {
  const fields: AuthorisedPersonFields = {
    authPerType: person.authorisation === 'ONLINE' ? '1' : '2',
    authPerName: person.name,
    authPerIdNo: encrypt(person.idNumber, aes),
    authPerIdType: '1',
    ...(person.authorisation === 'OFFLINE' && person.agreementFileId
      ? { authProcotolFileId: person.agreementFileId }
      : {}),
  };
  return JSON.stringify(fields);
}

function isTaken({ code }: BindingAnswer): boolean {
  return code === '0' || code === ACCEPTED_FOR_REVIEW;
}

function refusalOf({ code, msg }: BindingAnswer): ProviderRefusal {
  return { ...meaningOf(code, msg), providerCode: code, ...(msg ? { text: msg } : {}) };
}

/** A browser is sent there, so it has to be a web address and nothing else. */
function signingUrl(link: string, allowHttp: boolean): string {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const webAddress = url?.protocol === 'https:' || (allowHttp && url?.protocol === 'http:');
  if (!url || !webAddress || url.username || url.password || link.length > 2_048) {
    throw new UnreadableAnswer('authSignLink is no address to send a browser to');
  }
  return url.href;
}

export const tongqifu = {
  id: 'tongqifu',
  name,
  environment,
  configure,
  simulator,
  webhook,
  operations: { applyBinding, confirmBinding },
} satisfies Provider<TongqifuSettings>;
