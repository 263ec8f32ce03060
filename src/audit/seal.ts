// Seals what must rest unreadable, bound to the id it belongs to.
import { hkdfSync } from 'node:crypto';
import { decrypt, encrypt } from './aes-gcm.js';

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
    return encrypt(this.key, boundTo, JSON.stringify(value));
  }

  /** @throws where it was sealed with another key, for another id, or changed since */
  open(boundTo: string, sealed: Uint8Array): unknown {
    for (const [index, key] of this.keys.entries()) {
      try {
        return JSON.parse(decrypt(key, boundTo, sealed).toString('utf8'));
      } catch (error) {
        if (index === this.keys.length - 1) throw error;
      }
    }
    throw new Error('no key');
  }
}
