// What the platform's door checks of a call before it looks at its meaning: JSON, required fields and their
// lengths, the merchant, the signature over the fields that it knows, and the time.
import type { SimulatedRequest } from '../provider.js';
import { type SigningKeys, signTypes } from './signature.js';
import { textToSign, UnsignableParameters } from './signed-text.js';
import { keysThatVerify, merchant } from './simulated-merchant.js';
import { CHANNEL } from './wire.js';

/** Longest value by field; `?` at the end of a name: may be absent. */
export type FieldTable = Readonly<Record<string, number>>;

export const commonTable: FieldTable = {
  mchNo: 30,
  appId: 24,
  reqTime: 13,
  version: 3,
  sign: 1_024,
  signType: 32,
  bizUserId: 30,
  chanNo: 10,
  serialNo: 32,
  phone: 11,
};

export interface CheckedRequest {
  field(name: string): string;
  /** The platform's side of the keys that the merchant used. */
  keys: SigningKeys;
}

export interface Fault {
  /** An integer, as Jeepay answers it. */
  code: number;
  msg: string;
}

const CLOCK_MAY_DIFFER_MS = 10 * 60_000;

export function checkRequest(
  request: SimulatedRequest,
  table: FieldTable,
  now: Date,
): { fault: Fault } | { checked: CheckedRequest } {
  if (!/^application\/json\b/i.test(request.contentType)) return wrong('content type');
  const json = objectOf(request.body);
  if (!json) return wrong('body');
  const fields = new Map<string, string>();
  for (const [key, longest] of Object.entries(table)) {
    const name = key.replace('?', '');
    const value = textOf(name, json[name]);
    if (value === undefined && key.endsWith('?')) continue;
    if (value === undefined || value.length > longest) return wrong(name);
    fields.set(name, value);
  }
  const field = (name: string) => fields.get(name) ?? '';
  if (!/^\d{13}$/.test(field('reqTime'))) return wrong('reqTime');
  if (field('version') !== '1.0') return wrong('version');
  if (field('chanNo') !== CHANNEL) return wrong('chanNo');
  if (!/^1\d{10}$/.test(field('phone'))) return wrong('phone');
  if (field('mchNo') !== merchant.mchNo) return refused('商户或商户应用不存在');
  if (field('appId') !== merchant.appId) return refused('参数appId与商户号不匹配');
  if (!(signTypes as readonly string[]).includes(field('signType'))) return refused('不支持的签名方式');

  const keys = keysThatVerify(signedText(fields), field('sign'), field('signType'));
  if (!keys) return refused('验签失败');
  if (Math.abs(Number(field('reqTime')) - now.getTime()) > CLOCK_MAY_DIFFER_MS) return wrong('reqTime');
  return { checked: { field, keys } };
}

export function wrong(field: string): { fault: Fault } {
  return { fault: { code: 11, msg: `参数有误[${field}]` } };
}

export function refused(msg: string): { fault: Fault } {
  return { fault: { code: 9999, msg } };
}

export function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where it is missing, empty or no text; authPerInfo may also come as an object. */
function textOf(name: string, value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (name === 'authPerInfo' && typeof value === 'object' && value !== null) return JSON.stringify(value);
  return undefined;
}

/** Over the fields that the platform knows: one more than these, if it was signed, makes another text. */
function signedText(fields: ReadonlyMap<string, string>): string {
  try {
    return textToSign(fields);
  } catch (error) {
    if (error instanceof UnsignableParameters) return '';
    throw error;
  }
}
