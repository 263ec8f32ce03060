// Makes operation.generated.ts of each operation.graphql below src/web: its types, and the text that is sent.
//   npm run operations             writes them anew
//   npm run operations -- --check  fails where one is stale
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as schemaTypes from '@graphql-codegen/typescript';
import * as operationTypes from '@graphql-codegen/typescript-operations';
import { buildSchema, Kind, parse, print, visit } from 'graphql';

process.chdir(fileURLToPath(new URL('../../..', import.meta.url)));
const client = 'src/web/client';
const sharedTypes = `${client}/schema-types.generated.ts`;
const schemaText = readFileSync('schema.graphql', 'utf8');
const schema = { schema: parse(schemaText), schemaAst: buildSchema(schemaText) };
const style = {
  // What is selected is there, and nothing else.
  skipTypename: true,
  enumsAsTypes: true,
  immutableTypes: true,
  useTypeImports: true,
  importExtension: '.js',
  scalars: { ID: 'string', DateTime: 'string', PhoneNumber: 'string', JSON: 'unknown' },
  defaultScalarType: 'unknown',
};

const files = readdirSync('src/web', { recursive: true })
  .map((name) => `src/web/${name.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.graphql'))
  .sort()
  .map((path) => ({ path, document: parse(readFileSync(path, 'utf8')) }));

const fragments = files.flatMap(({ path, document }) =>
  document.definitions
    .filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
    .map((node) => ({ path, node, name: node.name.value, onType: node.typeCondition.name.value })),
);

const made = new Map([[sharedTypes, await typesOfSchema()]]);
for (const file of files) made.set(file.path.replace(/graphql$/, 'generated.ts'), await moduleOf(file));

const check = process.argv.includes('--check');
for (const [path, text] of made) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (check) fail(`${path} is stale; npm run operations writes it anew`);
  else writeFileSync(path, text);
}
for (const name of readdirSync('src/web', { recursive: true })) {
  const path = `src/web/${name}`;
  if (path.endsWith('.generated.ts') && !made.has(path)) fail(`${path} belongs to no operation any more`);
}

/** Enums and inputs, for all operations. */
async function typesOfSchema() {
  const text = await codegen({
    ...schema,
    filename: sharedTypes,
    documents: [],
    config: {},
    plugins: [{ schemaTypes: { ...style, onlyOperationTypes: true } }],
    pluginMap: { schemaTypes },
  });
  return `// Made from schema.graphql by npm run operations. Do not edit.\n\n${text.trim()}\n`;
}

async function moduleOf({ path, document }) {
  const elsewhere = fragments.filter((fragment) => fragment.path !== path);
  const types = await codegen({
    ...schema,
    filename: path,
    documents: [{ location: path, document }],
    config: {
      externalFragments: elsewhere.map((fragment) => ({
        ...fragment,
        isExternal: true,
        importFrom: fragment.path,
      })),
    },
    plugins: [{ operationTypes: { ...style, importSchemaTypesFrom: `./${sharedTypes}` } }],
    pluginMap: { operationTypes },
  });
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const documents = operations.map((operation) => {
    const name = operation.name.value;
    const kind = operation.operation[0].toUpperCase() + operation.operation.slice(1);
    const query = [operation, ...fragmentsOf(operation)].map(print).join('\n\n');
    return `export const ${name}: TypedDocument<${name}${kind}, ${name}${kind}Variables> = {
  name: '${name}',
  query: \`${query}\`,
};
`;
  });
  const typedDocument = relative(dirname(path), `${client}/typed-document.js`);
  return [
    `// Made from ${path.split('/').at(-1)} by npm run operations. Do not edit.`,
    ...(operations.length > 0
      ? [`import type { TypedDocument } from '${typedDocument.startsWith('.') ? '' : './'}${typedDocument}';`]
      : []),
    withoutUnused(types.trim()),
    '',
    ...documents,
  ].join('\n');
}

/** The types of the schema are imported whether an operation needs them or not. */
function withoutUnused(types) {
  return types.includes('Types.') ? types : types.replace(/^import type \* as Types .*\n/m, '');
}

/** Those it names, and those that they name. */
function fragmentsOf(node, known = new Set()) {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = fragments.find((one) => one.name === name.value);
      if (!fragment) throw new Error(`there is no fragment ${name.value}`);
      if (known.has(fragment.node)) return;
      known.add(fragment.node);
      fragmentsOf(fragment.node, known);
    },
  });
  return [...known];
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
