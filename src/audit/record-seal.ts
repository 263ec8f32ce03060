// Seals what entries hold about a person. Each record has a key of its own, which rests on the record sealed with
// a key-encryption key: destroying it makes the entries unreadable, and they stay as they were hashed.
import { createHash } from 'node:crypto';
import { decrypt, encrypt, NONCE_BYTES, TAG_BYTES } from './aes-gcm.js';
import type { EntryKind } from './entry.js';
import { GcmTags } from './gcm-tags.js';
import { random } from './random.js';
import { deriveKey } from './seal.js';

const SALT = 16;
const KEY = 32;

/** A new record's salt and key, and what seals its entries while the request runs. */
export interface RecordSeal {
  /** Hex, as the record keeps them. */
  readonly salt: string;
  readonly dataKey: string;
  readonly keyId: string;
  /** Base64: nonce ‖ ciphertext ‖ tag, bound to the record and the kind of entry, or to what a repeat is answered. */
  seal(kind: EntryKind | 'ANSWER', payload: object): string;
}

export interface SealedKey {
  id: string;
  dataKey: Uint8Array | null;
  keyId: string | null;
}

/** The key-encryption keys: one seals new records, all of them open old ones. */
export class RecordSealer {
  private readonly keys = new Map<string, Buffer>();
  private readonly tags = new Map<string, GcmTags>();
  readonly keyId: string;

  /** @param masterKeys 32 bytes each, the current one first */
  constructor(masterKeys: readonly [Uint8Array, ...Uint8Array[]]) {
    for (const masterKey of masterKeys) {
      const key = deriveKey(masterKey, 'record');
      this.keys.set(keyIdOf(key), key);
    }
    this.keyId = keyIdOf(deriveKey(masterKeys[0], 'record'));
  }

  begin(recordId: string): RecordSeal {
    const dataKey = random(KEY);
    return {
      salt: random(SALT).toString('hex'),
      dataKey: this.wrap(recordId, dataKey).toString('hex'),
      keyId: this.keyId,
      seal: (kind, payload) =>
        encrypt(dataKey, boundTo(recordId, kind), JSON.stringify(payload)).toString('base64'),
    };
  }

  /** The record's key; null where it was destroyed. @throws where it was changed, or its KEK is not known */
  open({ id, dataKey, keyId }: SealedKey): Buffer | null {
    if (dataKey === null || keyId === null) return null;
    const key = this.keys.get(keyId);
    if (!key) throw new Error(`no key-encryption key ${keyId}`);
    return decrypt(key, id, dataKey);
  }

  /** Whether `open` would open each of them, for much less. */
  areGenuine(sealed: readonly SealedKey[]): boolean {
    const byKey = new Map<string, { bytes: Uint8Array; boundTo: Uint8Array }[]>();
    for (const { id, dataKey, keyId } of sealed) {
      if (dataKey === null || keyId === null || dataKey.length !== NONCE_BYTES + KEY + TAG_BYTES)
        return false;
      const of = byKey.get(keyId) ?? [];
      byKey.set(keyId, of);
      of.push({ bytes: dataKey, boundTo: Buffer.from(id) });
    }
    return Array.from(byKey).every(([keyId, messages]) => this.tagsOf(keyId)?.areGenuine(messages) ?? false);
  }

  /** The same key under the current key-encryption key; null where it is already, or was destroyed. */
  rewrap(sealed: SealedKey): { dataKey: Buffer; keyId: string } | null {
    const dataKey = sealed.keyId === this.keyId ? null : this.open(sealed);
    if (!dataKey) return null;
    return { dataKey: this.wrap(sealed.id, dataKey), keyId: this.keyId };
  }

  private tagsOf(keyId: string): GcmTags | undefined {
    const key = this.keys.get(keyId);
    const tags = this.tags.get(keyId) ?? (key && new GcmTags(key));
    if (tags) this.tags.set(keyId, tags);
    return tags;
  }

  private wrap(recordId: string, dataKey: Uint8Array): Buffer {
    const key = this.keys.get(this.keyId);
    if (!key) throw new Error('no key-encryption key');
    return encrypt(key, recordId, dataKey);
  }
}

/**
 * What an entry holds sealed.
 * @param sealed base64, as in the leaf
 * @throws where it was changed, or belongs to another record or kind of entry
 */
export function unseal(dataKey: Uint8Array, recordId: string, kind: string, sealed: string): unknown {
  return JSON.parse(
    decrypt(dataKey, boundTo(recordId, kind), Buffer.from(sealed, 'base64')).toString('utf8'),
  );
}

function keyIdOf(key: Uint8Array): string {
  return createHash('sha256').update('yanzheng key id').update(key).digest('hex').slice(0, 16);
}

function boundTo(recordId: string, kind: string): string {
  return `${recordId} ${kind}`;
}
