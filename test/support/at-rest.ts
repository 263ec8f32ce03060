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

/** Every file below the folder, byte for byte (latin1), which for the embedded database includes its own. */
export function filesOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
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

/** Which of the secrets are in the text, however written. */
export function secretsIn(text: string, secrets: readonly string[]): string[] {
  const lower = text.toLowerCase();
  return secrets.filter((secret) =>
    spellingsOf(secret).some((spelling) => text.includes(spelling) || lower.includes(spelling)),
  );
}

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
