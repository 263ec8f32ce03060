// The sandbox's one merchant as the platform knows it: its number, and the keys of all three algorithms. What the
// documents leave open (RSA's digest, SM2's form) is taken from how the merchant signed, and answered alike.
import { decrypt } from './aes.js';
import { readRsaPrivateKey, readRsaPublicKey } from './rsa.js';
import { sandboxKeys } from './sandbox-keys.js';
import { type SigningKeys, verify } from './signature.js';
import { readSm2PrivateKey, readSm2PublicKey } from './sm2.js';

const { mchNo, appId, md5Key, aesKey, aesIv, rsa, sm2 } = sandboxKeys;

export const merchant = { mchNo, appId };

let candidates: readonly SigningKeys[] | undefined;

/** The platform's side of the keys under which this is the merchant's signature; undefined where there are none. */
export function keysThatVerify(text: string, signature: string, signType: string): SigningKeys | undefined {
  candidates ??= makeCandidates();
  return candidates.find((keys) => keys.signType === signType && verify(text, signature, keys));
}

function makeCandidates(): SigningKeys[] {
  const rsaKeys = {
    signType: 'RSA',
    own: readRsaPrivateKey(rsa.platformPrivate),
    theirs: readRsaPublicKey(rsa.merchantPublic),
  } as const;
  const sm2Keys = {
    signType: 'SM2',
    own: readSm2PrivateKey(sm2.platformPrivate),
    theirs: readSm2PublicKey(sm2.merchantPublic),
    ownId: 'Allinpay',
    theirId: appId,
  } as const;
  return [
    { signType: 'MD5', key: md5Key },
    { ...rsaKeys, digest: 'sha1' },
    { ...rsaKeys, digest: 'sha256' },
    { ...sm2Keys, encoding: 'raw' },
    { ...sm2Keys, encoding: 'der' },
  ];
}

/** The plain text in whichever mode and output it was encrypted; undefined where it is none. */
export function decryptByAnyMode(text: string, isPlain: RegExp): string | undefined {
  for (const mode of ['ecb', 'cbc'] as const) {
    for (const output of ['hex', 'base64'] as const) {
      try {
        const plain = decrypt(text, { key: aesKey, iv: aesIv, mode, output });
        if (isPlain.test(plain)) return plain;
      } catch {
        // Another mode, or no cipher text at all.
      }
    }
  }
  return undefined;
}
