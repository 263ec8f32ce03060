// RSA keys as the platform hands them out; anything else is refused when it is read.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { bytesOfKey } from './key-text.js';

/** Ours, so ours to choose. */
const OWN_BITS = 2_048;
/** Theirs: keys of 1024 bits are still handed out. */
const THEIR_BITS = 1_024;

/**
 * @param text PKCS#8 as Base64 or PEM
 * @throws Error where it is not, or too short
 */
export function readRsaPrivateKey(text: string): KeyObject {
  return longEnough(createPrivateKey({ key: bytesOfKey(text), format: 'der', type: 'pkcs8' }), OWN_BITS);
}

/**
 * @param text X.509 SubjectPublicKeyInfo as Base64 or PEM
 * @throws Error where it is not, or too short
 */
export function readRsaPublicKey(text: string): KeyObject {
  return longEnough(createPublicKey({ key: bytesOfKey(text), format: 'der', type: 'spki' }), THEIR_BITS);
}

function longEnough(key: KeyObject, bits: number): KeyObject {
  if (key.asymmetricKeyType !== 'rsa') throw new Error('not an RSA key');
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < bits) throw new Error(`shorter than ${bits} bits`);
  return key;
}
