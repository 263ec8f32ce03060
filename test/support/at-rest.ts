// Everything that a server leaves behind, as text, and the search for what must not be in it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { runCommand } from './command.js';
import type { TestDatabase } from './database.js';

/** All rows of all tables; on the embedded default the server must have ended. */
export async function rowsOf({ env, dataDir }: TestDatabase): Promise<string> {
  if (!env.DATABASE_URL) {
    const { code, stdout, stderr } = await runCommand('test/support/dump-embedded.mjs', [
      join(dataDir, 'database'),
    ]);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }
  const client = new pg.Client({ connectionString: env.DATABASE_OWNER_URL });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    );
    const all: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`);
      all.push(...rows.map(({ row }) => `${name} ${row}`));
    }
    return all.join('\n');
  } finally {
    await client.end();
  }
}

/** Every file below the folder, which for the embedded database includes its own; `except` is a folder in it. */
export function filesOf(folder: string, except?: string): Buffer {
  const left = except === undefined ? undefined : join(folder, except);
  return Buffer.concat(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath !== left)
      .flatMap((entry) => [readFileSync(join(entry.parentPath, entry.name)), Buffer.from('\n')]),
  );
}

/** The ways in which a secret could be written: as it is, reversed, in hex and in base64 at any offset. */
export function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Without the characters that its neighbours have a share in.
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return [secret, [...secret].reverse().join(''), bytes.toString('hex'), ...base64];
}

/**
 * Which of the secrets are there, however written, in upper case or lower. One pass: a database is tens of megabytes.
 * A few digits inside a digest written in hex are there by chance: of eight, in one dump of two hundred.
 */
export function secretsIn(text: string | Buffer, secrets: readonly string[]): string[] {
  const byStart = new Map<number, { needle: Buffer; secret: string }[]>();
  const mayStart = new Uint8Array(1 << 24);
  for (const secret of new Set(secrets)) {
    for (const spelling of spellingsOf(secret)) {
      const needle = inLowerCase(Buffer.from(spelling));
      const start = needle.readUIntBE(0, 3);
      byStart.set(start, [...(byStart.get(start) ?? []), { needle, secret }]);
      mayStart[start] = 1;
    }
  }
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const found = new Set<string>();
  let start = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    start = ((start << 8) | (lowerCase[bytes[at] ?? 0] ?? 0)) & 0xffffff;
    if (!mayStart[start]) continue;
    for (const { needle, secret } of byStart.get(start) ?? []) {
      const from = at - 2;
      if (!inLowerCase(bytes.subarray(from, from + needle.length)).equals(needle)) continue;
      if (needle.length < 12 && isHex(needle) && inDigest(bytes, from, needle.length)) continue;
      found.add(secret);
    }
  }
  return secrets.filter((secret) => found.has(secret));
}

const isHexDigit = (byte = 0) =>
  (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70);
const isHex = (bytes: Uint8Array) => bytes.every(isHexDigit);

/** Whether the place is part of 32 or more hex digits on end: a digest, a key, what is sealed. */
function inDigest(bytes: Uint8Array, from: number, length: number): boolean {
  let start = from;
  while (start > 0 && isHexDigit(bytes[start - 1])) start -= 1;
  let end = from + length;
  while (end < bytes.length && isHexDigit(bytes[end])) end += 1;
  return end - start >= 32;
}

const lowerCase = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 65 && byte <= 90 ? byte + 32 : byte,
);
const inLowerCase = (bytes: Buffer) => Buffer.from(bytes.map((byte) => lowerCase[byte] ?? 0));

/**
 * Which of these codes are in the text. Six digits alone are in some id or time by chance; a code would stand by itself,
 * or be spelt out as a value of JSON.
 */
export function codesIn(text: string, codes: readonly string[]): string[] {
  return codes.filter((code) => {
    const values = [`"${code}"`, `:${code}`].flatMap((value) => spellingsOf(value).slice(2));
    return (
      new RegExp(`(?<![\\da-f.])${code}(?![\\da-f])`).test(text) ||
      values.some((spelling) => text.includes(spelling))
    );
  });
}
