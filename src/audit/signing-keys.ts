// Ed25519 keys for what is signed of the log. One key signs; older ones stay trusted, so that the key can change
// and what was signed before still verifies.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** Public keys by their id. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>;

export interface SigningKeys {
  /** Id of the key that signs. */
  readonly keyId: string;
  /** Of the key that signs, and of all that signed before. */
  readonly trusted: TrustedKeys;
  /** @returns 64 bytes */
  sign(message: Uint8Array): Buffer;
}

export function signingKeys(privateKey: KeyObject, older: readonly KeyObject[] = []): SigningKeys {
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: keyIdOf(publicKey),
    trusted: trustedKeys([...older, publicKey]),
    sign: (message) => sign(null, message, privateKey),
  };
}

export function trustedKeys(publicKeys: readonly KeyObject[]): TrustedKeys {
  return new Map(publicKeys.map((key) => [keyIdOf(key), key]));
}

/** The first 16 hex digits of SHA-256 over the raw 32 bytes. */
export function keyIdOf(publicKey: KeyObject): string {
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return createHash('sha256').update(raw).digest('hex').slice(0, 16);
}

/** PEM, with `\n` for line ends where a variable holds one line, or PKCS#8 in base64; null where it is neither. */
export function readPrivateKey(text: string): KeyObject | null {
  return ed25519(() => {
    if (text.includes('-----BEGIN')) return createPrivateKey(text.replaceAll('\\n', '\n'));
    return createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  });
}

/** PEM blocks, or SPKI in base64, any number of them with commas or space between; null where one is neither. */
export function readPublicKeys(text: string): KeyObject[] | null {
  const blocks =
    text.replaceAll('\\n', '\n').match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----|[^\s,]+/g) ?? [];
  const keys = blocks.map((block) =>
    ed25519(() => {
      // Node makes a public key of a private one without a word; a private key has no place in a list of these.
      if (block.startsWith('-----BEGIN PUBLIC KEY-----')) return createPublicKey(block);
      return createPublicKey({ key: Buffer.from(block, 'base64'), format: 'der', type: 'spki' });
    }),
  );
  const read = keys.filter((key) => key !== null);
  return read.length === keys.length && read.length > 0 ? read : null;
}

function ed25519(read: () => KeyObject): KeyObject | null {
  try {
    const key = read();
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}
