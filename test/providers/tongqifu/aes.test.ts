// The ID number's encryption agrees with the known vector and with OpenSSL's command line, in every setting.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { type AesSettings, decrypt, encrypt } from '../../../src/providers/tongqifu/aes.js';

const KEY = '0123456789abcdef0123456789abcdef';
const IV = 'abcdefghijklmnop';
const PLAIN = '000000190001010000';

describe('encrypt', () => {
  it('gives the known vector: AES-192, ECB, PKCS#5, lower-case hex', () => {
    const settings: AesSettings = { key: KEY.slice(0, 24), mode: 'ecb', iv: '', output: 'hex' };
    expect(encrypt(PLAIN, settings)).toBe('5983dbc1d72a6018474cd90fbd3e0d0b40a63864b5c56c5faf47c5e5a173d08c');
  });

  const settings = [16, 24, 32].flatMap((bytes) =>
    (['ecb', 'cbc'] as const).flatMap((mode) =>
      (['hex', 'base64'] as const).map((output) => ({ bytes, mode, output })),
    ),
  );
  it.each(settings)('agrees with openssl: $bytes bytes, $mode, $output', ({ bytes, mode, output }) => {
    const key = KEY.slice(0, bytes);
    const text = encrypt(PLAIN, { key, mode, iv: IV, output });
    const hex = (ascii: string) => Buffer.from(ascii).toString('hex');
    const options = [
      'enc',
      `-aes-${bytes * 8}-${mode}`,
      '-K',
      hex(key),
      ...(mode === 'cbc' ? ['-iv', hex(IV)] : []),
    ];
    expect(text).toBe(execFileSync('openssl', options, { input: PLAIN }).toString(output));
    expect(decrypt(text, { key, mode, iv: IV, output })).toBe(PLAIN);
  });
});
