// Reads a form's raw bytes without mending anything: what is not well-formed UTF-8 or percent-coding is no form,
// so that what was verified is what was sent.
import type { Parameter } from './signed-text.js';

const MAX_BYTES = 16 * 1024;
const MAX_PARAMETERS = 64;
const FORM = /^application\/x-www-form-urlencoded\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?$/i;

/** In the order of the bytes, repeated names and all; null where it is no such form. */
export function readForm(rawBody: Buffer, contentType: string): (readonly [string, string])[] | null {
  if (!FORM.test(contentType.trim()) || rawBody.length === 0 || rawBody.length > MAX_BYTES) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody);
    const pairs = text.split('&');
    if (pairs.length > MAX_PARAMETERS) return null;
    return pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 0) throw new URIError('a name without a value');
      return [decode(pair.slice(0, at)), decode(pair.slice(at + 1))] satisfies Parameter;
    });
  } catch {
    return null;
  }
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
