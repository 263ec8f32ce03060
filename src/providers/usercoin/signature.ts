// The signature that usercoin's own web client puts under its common parameters. Pure.
// Source: that client; the document asks for neither, and the fields of a call itself are not covered.
import { createHash, timingSafeEqual } from 'node:crypto';

export interface CommonParameters {
  /** `cn` */
  lang: string;
  /** `H5` */
  platform: string;
  /** Unix time in seconds. */
  timestamp: string;
  /** The client's version. */
  ver: string;
}

export const commonParameterNames = ['lang', 'platform', 'timestamp', 'ver'] as const;

/** Lower-case hex MD5 over `lang=…&platform=…&timestamp=…&ver=…&key=…`; the key stands last, whatever its name. */
export function signatureOf(parameters: CommonParameters, key: string): string {
  // The names above are in the alphabetical order that the signature wants.
  const pairs = commonParameterNames.map((name) => `${name}=${parameters[name]}`);
  return createHash('md5')
    .update(`${pairs.join('&')}&key=${key}`, 'utf8')
    .digest('hex');
}

export function isSignatureOf(sign: string, parameters: CommonParameters, key: string): boolean {
  const expected = Buffer.from(signatureOf(parameters, key));
  const given = Buffer.from(sign);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
