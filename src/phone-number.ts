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
  const international = /^\(?\+/.test(plain)
    ? `+${digits}`
    : digits.startsWith('00')
      ? `+${digits.slice(2)}`
      : /^861[3-9]\d{9}$/.test(digits)
        ? `+${digits}`
        : undefined;
  const parsed = parsePhoneNumberFromString(international ?? digits, 'CN');
  if (!parsed) return null;
  // Prefixes of mainland mobiles are handed out faster than number plans are published.
  if (parsed.countryCallingCode === '86' && isMainlandMobile(parsed.number)) return parsed.number;
  return parsed.isValid() ? parsed.number : null;
}

/** True for an 11-digit mobile of mainland China, given in E.164. */
export function isMainlandMobile(e164: string): boolean {
  return /^\+861[3-9]\d{9}$/.test(e164);
}

/** `+86` of `+8613800138000`. */
export function callingCodeOf(e164: string): string {
  const parsed = parsePhoneNumberFromString(e164);
  return `+${parsed?.countryCallingCode ?? e164.slice(1, 3)}`;
}
