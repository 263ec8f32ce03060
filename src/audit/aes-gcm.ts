// AES-256-GCM as everything here is sealed: nonce ‖ ciphertext ‖ tag, bound to a text that is not in it, so that what
// was sealed for one row does not open in another.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { random } from './random.js';

export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** @param key 32 bytes */
export function encrypt(key: Uint8Array, boundTo: string, plain: string | Uint8Array): Buffer {
  const nonce = random(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws where it was sealed with another key, bound to something else, or changed since */
export function decrypt(key: Uint8Array, boundTo: string, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
