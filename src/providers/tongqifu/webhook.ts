// The notice of how a binding ended: verified over every non-empty parameter of the raw bytes, with the one
// algorithm that configuration pins, before anything in it is believed. Pure; nothing is handled here.
// Source: 通企付 "8.会员绑定手机号结果通知", as far as it is public; a form POST, to be answered `success`.
import type { Notice, NoticeVerdict, Webhook } from '../provider.js';
import { requestIdOf } from './binding-id.js';
import { readForm } from './form.js';
import type { TongqifuSettings } from './settings.js';
import { verify } from './signature.js';
import { textToVerify, UnsignableParameters } from './signed-text.js';
import { type BindResult, meaningOfBindResult } from './status.js';
import { memberIdPattern } from './wire.js';

export interface PhoneBindingNotice extends Notice {
  /** The application's requestId. */
  requestId: string;
  memberId: string;
  result: BindResult;
  /** bindResult as it came. */
  bindResult: string;
  /** E.164, where the notice holds one. */
  phone?: string | undefined;
}

/** Fields that can hold neither `&` nor `=`. */
const PLAIN = ['mchNo', 'appId', 'orgId', 'signType', 'bizUserId', 'chanNo', 'bindResult', 'phone'];

export const webhook: Webhook<TongqifuSettings, PhoneBindingNotice> = {
  path: '/webhooks/tongqifu/phone-binding',
  acknowledgement: 'success',
  verify: verifyNotice,
};

function verifyNotice(
  settings: TongqifuSettings,
  rawBody: Buffer,
  contentType: string,
): NoticeVerdict<PhoneBindingNotice> {
  const parameters = readForm(rawBody, contentType);
  if (!parameters) return { refused: 'MALFORMED', detail: 'not a form' };
  let text: string;
  try {
    text = textToVerify(parameters, { plain: new Set([...PLAIN, ...settings.noticeSerialNames]) });
  } catch (error) {
    if (!(error instanceof UnsignableParameters)) throw error;
    return { refused: 'MALFORMED', detail: error.reason };
  }
  const fields = new Map(parameters.filter(([, value]) => value !== ''));
  // The message may repeat which algorithm is used; it has no say in it.
  const signType = fields.get('signType');
  if (signType !== undefined && signType !== settings.keys.signType) {
    return { refused: 'FORGED', detail: 'signType is not the configured one' };
  }
  const signature = fields.get('sign');
  if (signature === undefined || !verify(text, signature, settings.keys)) {
    return { refused: 'FORGED', detail: 'signature' };
  }
  return read(fields, settings);
}

/** Of a notice that is surely the platform's. */
function read(
  fields: ReadonlyMap<string, string>,
  settings: TongqifuSettings,
): NoticeVerdict<PhoneBindingNotice> {
  for (const name of ['mchNo', 'appId'] as const) {
    if (fields.get(name) !== settings[name]) return { refused: 'NOT_OURS', detail: name };
  }
  const serials = new Set(settings.noticeSerialNames.flatMap((name) => fields.get(name) ?? []));
  const [serial] = serials;
  if (serial === undefined) return { refused: 'MALFORMED', detail: 'no serial number' };
  if (serials.size > 1) return { refused: 'MALFORMED', detail: 'two serial numbers' };
  const requestId = requestIdOf(serial);
  if (requestId === null) return { refused: 'NOT_OURS', detail: 'the serial number' };
  const memberId = fields.get('bizUserId') ?? '';
  if (!memberIdPattern.test(memberId)) return { refused: 'MALFORMED', detail: 'bizUserId' };
  const bindResult = fields.get('bindResult') ?? '';
  if (!/^\w{1,16}$/.test(bindResult)) return { refused: 'MALFORMED', detail: 'bindResult' };
  const phone = fields.get('phone');
  return {
    notice: {
      requestId,
      memberId,
      result: meaningOfBindResult(bindResult, settings.pendingResults),
      bindResult,
      phone: phone !== undefined && /^1\d{10}$/.test(phone) ? `+86${phone}` : undefined,
      // Not a digest of the text: with all else known, one of a phone number would be guessed in no time.
      dedupeKey: `${requestId}:${bindResult}`,
    },
  };
}
