// Which of many secrets are in many bytes, however spelt, in one pass: an embedded database is tens of megabytes.
import { spellingsOf } from '../support/at-rest.js';

export function secretsWithin(bytes: Buffer, secrets: readonly string[]): string[] {
  const byStart = new Map<number, { needle: Buffer; secret: string }[]>();
  const mayStart = new Uint8Array(1 << 24);
  for (const secret of new Set(secrets)) {
    const hex = Buffer.from(secret).toString('hex').toUpperCase();
    for (const spelling of [...spellingsOf(secret), hex]) {
      const needle = Buffer.from(spelling);
      const start = needle.readUIntBE(0, 3);
      byStart.set(start, [...(byStart.get(start) ?? []), { needle, secret }]);
      mayStart[start] = 1;
    }
  }
  const found = new Set<string>();
  let start = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    start = ((start << 8) | (bytes[at] ?? 0)) & 0xffffff;
    if (!mayStart[start]) continue;
    for (const { needle, secret } of byStart.get(start) ?? []) {
      if (bytes.subarray(at - 2, at - 2 + needle.length).equals(needle)) found.add(secret);
    }
  }
  return [...found].sort();
}
