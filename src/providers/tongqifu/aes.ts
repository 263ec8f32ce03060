// Encrypts the authorised person's ID number. The documents say "aes" and no more; ECB with PKCS#5 padding and
// hex is what Jeepay, whose API this is, does. Mode and output are therefore configuration.
import { createCipheriv, createDecipheriv } from 'node:crypto';

export interface AesSettings {
  /** UTF-8; 16, 24 or 32 bytes make it AES-128, -192 or -256. */
  key: string;
  mode: 'ecb' | 'cbc';
  /** UTF-8, 16 bytes; used by CBC. */
  iv: string;
  output: 'hex' | 'base64';
}

export const aesKeyLengths: readonly number[] = [16, 24, 32];
export const AES_IV_LENGTH = 16;

/** Lower-case hex, or Base64. */
export function encrypt(plain: string, settings: AesSettings): string {
  const cipher = createCipheriv(...parts(settings));
  return cipher.update(plain, 'utf8', settings.output) + cipher.final(settings.output);
}

/** @throws Error where it is not such a text under this key */
export function decrypt(text: string, settings: AesSettings): string {
  const decipher = createDecipheriv(...parts(settings));
  return decipher.update(text, settings.output, 'utf8') + decipher.final('utf8');
}

function parts({ key, mode, iv }: AesSettings): [string, Buffer, Buffer | null] {
  const bytes = Buffer.from(key, 'utf8');
  return [`aes-${bytes.length * 8}-${mode}`, bytes, mode === 'ecb' ? null : Buffer.from(iv, 'utf8')];
}
