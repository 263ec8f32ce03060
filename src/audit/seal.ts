// Seals what must rest unreadable: AES-256-GCM, bound to the id it belongs to, so that a sealed value cannot
// be moved to another row.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/** A key for one purpose, from the master key: keys of different purposes tell nothing of one another. */
export function deriveKey(masterKey: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `yanzheng ${purpose}`, 32));
}

export class Sealer {
  private readonly key: Buffer;
  private readonly keys: readonly Buffer[];

  /** @param masterKeys the current one, which seals, and those before it, which still open */
  constructor([masterKey, ...before]: readonly [Uint8Array, ...Uint8Array[]], purpose: string) {
    this.key = deriveKey(masterKey, purpose);
    this.keys = [this.key, ...before.map((old) => deriveKey(old, purpose))];
  }

  /** @returns nonce ‖ ciphertext ‖ tag */
  seal(boundTo: string, value: unknown): Buffer {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(boundTo));
    return Buffer.concat([nonce, cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws where it was sealed with another key, for another id, or changed since */
  open(boundTo: string, sealed: Uint8Array): unknown {
    for (const [index, key] of this.keys.entries()) {
      try {
        return JSON.parse(decrypt(key, boundTo, Buffer.from(sealed)));
      } catch (error) {
        if (index === this.keys.length - 1) throw error;
      }
    }
    throw new Error('no key');
  }
}

function decrypt(key: Uint8Array, boundTo: string, bytes: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(bytes.subarray(-TAG));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
}
