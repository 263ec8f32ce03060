// Signs and verifies with one algorithm, which configuration pins: never the one that a message names.
// Source: 通企付 "签名算法"; what the documents leave open (RSA's digest, SM2's form and ids) is in the keys.
import { createHash, createSign, createVerify, type KeyObject, timingSafeEqual } from 'node:crypto';
import { bytesOfBase64 } from './key-text.js';
import { type Sm2Encoding, type Sm2PrivateKey, type Sm2PublicKey, signSm2, verifySm2 } from './sm2.js';

export const signTypes = ['MD5', 'RSA', 'SM2'] as const;
export type SignType = (typeof signTypes)[number];

export type RsaDigest = 'sha1' | 'sha256';

/** What one side needs: its own key to sign, the other's to verify. */
export type SigningKeys = Md5Keys | RsaKeys | Sm2Keys;

export interface Md5Keys {
  signType: 'MD5';
  /** Shared by both sides. */
  key: string;
}

export interface RsaKeys {
  signType: 'RSA';
  own: KeyObject;
  theirs: KeyObject;
  digest: RsaDigest;
}

export interface Sm2Keys {
  signType: 'SM2';
  own: Sm2PrivateKey;
  theirs: Sm2PublicKey;
  ownId: string;
  theirId: string;
  encoding: Sm2Encoding;
}

/**
 * MD5: 32 upper-case hex digits. RSA (PKCS#1 v1.5) and SM2: Base64.
 * @param text from `textToSign`
 */
export function sign(text: string, keys: SigningKeys): string {
  switch (keys.signType) {
    case 'MD5':
      return md5(text, keys.key);
    case 'RSA':
      return createSign(keys.digest).update(text, 'utf8').sign(keys.own, 'base64');
    case 'SM2':
      return signSm2(Buffer.from(text, 'utf8'), keys.own, keys.ownId, keys.encoding);
  }
}

/**
 * False for any other text, key, algorithm or spelling of the signature; MD5's hex digits may be of either case.
 * @param text from `textToVerify`
 */
export function verify(text: string, signature: string, keys: SigningKeys): boolean {
  switch (keys.signType) {
    case 'MD5':
      return (
        /^[0-9A-Fa-f]{32}$/.test(signature) &&
        timingSafeEqual(Buffer.from(signature.toUpperCase()), Buffer.from(md5(text, keys.key)))
      );
    case 'RSA': {
      const bytes = bytesOfBase64(signature);
      return bytes !== null && createVerify(keys.digest).update(text, 'utf8').verify(keys.theirs, bytes);
    }
    case 'SM2':
      return verifySm2(Buffer.from(text, 'utf8'), signature, keys.theirs, keys.theirId, keys.encoding);
  }
}

function md5(text: string, key: string): string {
  return createHash('md5').update(`${text}&key=${key}`, 'utf8').digest('hex').toUpperCase();
}
