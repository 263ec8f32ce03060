// Writes schema.graphql from the code; with --check, fails where the committed one is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printSchema } from 'graphql';
import { buildSchema } from './schema.js';

const file = fileURLToPath(new URL('../../schema.graphql', import.meta.url));
const text = `# Made from the code by npm run schema. Do not edit.\n\n${printSchema(buildSchema())}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('schema.graphql is stale; npm run schema writes it anew');
  process.exitCode = 1;
}
