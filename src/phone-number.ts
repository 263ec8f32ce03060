// One canonical form for a phone number, E.164, from any usual writing of it.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Longest text that is looked at: the longest number in any usual writing is far shorter. */
const MAX_TEXT = 40;

/**
 * `138 0013 8000`, `+86-138-0013-8000`, `００８６１３８００１３８０００` → `+8613800138000`; a number without a country code
 * is mainland China's. Null where it is no number that could be called.
 */
export function parsePhoneNumber(text: string): string | null {
  if (text.length > MAX_TEXT) return null;
  // Full-width digits and signs become plain ones.
  const plain = text.normalize('NFKC').trim();
  if (!/^\(?\+?[\d\s().\-‐-―]+$/.test(plain) || !/\d/.test(plain)) return null;
  const digits = plain.replace(/\D/g, '');
  const withCode = /^\(?\+/.test(plain) ? digits : digits.startsWith('00') ? digits.slice(2) : undefined;
  // The usual case needs no number plan; prefixes of mainland mobiles are handed out faster than plans are published.
  const mainland = (withCode === undefined ? /^(?:86)?(1[3-9]\d{9})$/ : /^86(1[3-9]\d{9})$/).exec(
    withCode ?? digits,
  );
  if (mainland) return `+86${mainland[1]}`;
  const parsed = parsePhoneNumberFromString(withCode === undefined ? digits : `+${withCode}`, 'CN');
  if (!parsed) return null;
  // +86 (0) 138 … and the like.
  if (isMainlandMobile(parsed.number)) return parsed.number;
  return parsed.isValid() ? parsed.number : null;
}

/** True for an 11-digit mobile of mainland China, given in E.164. */
export function isMainlandMobile(e164: string): boolean {
  return /^\+861[3-9]\d{9}$/.test(e164);
}

/** `+86` of `+8613800138000`. */
export function callingCodeOf(e164: string): string {
  if (isMainlandMobile(e164)) return '+86';
  const parsed = parsePhoneNumberFromString(e164);
  return `+${parsed?.countryCallingCode ?? e164.slice(1, 3)}`;
}
