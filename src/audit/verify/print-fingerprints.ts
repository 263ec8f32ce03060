// Writes fingerprints.generated.ts from what the migrations make; with --check, fails where the committed one is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { applyMigrations } from '../../db/apply-migrations.js';
import { pgliteTarget } from '../../db/migration-target.js';
import { allInstalledSql, digestOf, readInstalled } from './installed.js';

const file = fileURLToPath(new URL('../../../src/audit/verify/fingerprints.generated.ts', import.meta.url));

const lite = await PGlite.create();
const { applied } = await applyMigrations(pgliteTarget(lite));
const { rows } = await lite.query<{ installed: string }>(allInstalledSql);
await lite.close();

const { functions, tables } = readInstalled(rows[0]);
const digests: Record<string, string> = {};
for (const one of functions) {
  const digest = digestOf(one);
  if (digest === null)
    throw new Error(`${one.name} has a body that is not a string: Postgres keeps no source of it`);
  if (digests[one.name])
    throw new Error(`${one.name} is there twice: the verifier knows functions by their names`);
  digests[one.name] = digest;
}
const made = {
  migrations: applied,
  functions: digests,
  tables: Object.fromEntries(
    tables.map(({ name, kind, triggers }) => [
      name,
      {
        kind,
        triggers: Object.fromEntries((triggers[0]?.triggers ?? []).map(({ name: own, does }) => [own, does])),
      },
    ]),
  ),
};
const text = `// Made from prisma/migrations by npm run fingerprints. Do not edit.

/** Kinds as pg_class has them; of a trigger its type, function, arguments, columns, and whether it has no condition. */
export interface Fingerprints {
  migrations: readonly string[];
  functions: Readonly<Record<string, string>>;
  tables: Readonly<Record<string, { kind: string; triggers: Readonly<Record<string, string>> }>>;
}

export const fingerprints: Fingerprints = ${JSON.stringify(made, null, 2)};
`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('fingerprints.generated.ts is stale; npm run fingerprints writes it anew');
  process.exitCode = 1;
}
