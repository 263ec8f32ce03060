// Writes the next migration from the difference between prisma/schema.prisma and what the migrations build.
// For development only; touches no database but one in memory.
import { realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { applyMigrations, MIGRATIONS_FOLDER } from './apply-migrations.js';
import { pgliteTarget } from './migration-target.js';

const SCHEMA_FILE = fileURLToPath(new URL('../../prisma/schema.prisma', import.meta.url));

const HELP = `Usage: npm run db:new -- <name> [--empty]

Writes prisma/migrations/<yyyymmddhhmmss>_<name>/migration.sql with the SQL that takes the database
from what the existing migrations build to what prisma/schema.prisma says.

  <name>      what it does, in lower case with underscores: add_callback_index
  --empty     write a file also when nothing differs, for functions, triggers, grants and partitions by hand`;

type Engine = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');

// TypeScript keeps this with the browser's types; Node has it.
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, Record<string, unknown>>,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

/**
 * The SQL that is missing between what the migrations build and what the schema says; '' when nothing is.
 * What Prisma does not know (functions, triggers, grants, partitions, check constraints) does not count.
 * Throws MigrationError when a migration fails, and the engine's own error when the schema is invalid.
 */
export async function schemaDrift(
  migrationsFolder: string = MIGRATIONS_FOLDER,
  schemaFile: string = SCHEMA_FILE,
): Promise<string> {
  const content = await readFile(schemaFile, 'utf8');
  const schema = { files: [{ path: schemaFile, content }] };
  const { SchemaEngine } = await loadEngine();
  const lite = await PGlite.create();
  try {
    // Applied by our own runner, so that what is compared is what a database really gets.
    await applyMigrations(pgliteTarget(lite), migrationsFolder);
    const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(lite));
    const engine = await SchemaEngine.new({ datamodels: [[schemaFile, content]] }, () => {}, adapter);
    try {
      const { exitCode, stdout } = await engine.diff({
        from: { tag: 'schemaDatasource', ...schema, configDir: path.dirname(schemaFile) },
        to: { tag: 'schemaDatamodel', ...schema },
        script: true,
        exitCode: true,
        filters: { externalTables: [], externalEnums: [] },
      });
      // With exitCode asked for, 2 says that something differs; the text is never empty.
      return exitCode === 2 ? (stdout ?? '') : '';
    } finally {
      engine.free();
    }
  } finally {
    await lite.close();
  }
}

let loading: Promise<Engine> | undefined;

/** Prisma's schema engine as WebAssembly: the native one is a download that not every network allows. */
function loadEngine(): Promise<Engine> {
  loading ??= instantiateEngine();
  return loading;
}

async function instantiateEngine(): Promise<Engine> {
  const specifier = '@prisma/schema-engine-wasm/schema_engine_bg';
  const engine: Engine = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasmFile = fileURLToPath(import.meta.resolve(specifier)).replace(/\.js$/, '.wasm');
  const imports: Record<string, unknown> = { ...engine };
  for (const [name, value] of Object.entries(imports)) {
    if (!name.startsWith('__wbg_setTimeout_') || typeof value !== 'function') continue;
    // The engine leaves its 10 s lock timer running, which would hold every process that used it.
    imports[name] = (...args: unknown[]) => {
      const timer: NodeJS.Timeout | undefined = value(...args);
      timer?.unref?.();
      return timer;
    };
  }
  const { instance } = await WebAssembly.instantiate(await readFile(wasmFile), {
    './schema_engine_bg.js': imports,
  });
  // The engine's glue reports a panic through this global and fails without it.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => console.error(text) },
  });
  engine.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return engine;
}

/** The file written, or null when nothing differs and an empty one was not asked for. */
async function authorMigration(name: string, empty: boolean, now: Date): Promise<string | null> {
  const directory = `${now.toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}`;
  const newest = (await readdir(MIGRATIONS_FOLDER))
    .filter((entry) => /^\d/.test(entry))
    .sort()
    .at(-1);
  if (newest !== undefined && newest >= directory) {
    throw new Error(`${newest} is dated later than now (${directory}): check this machine's clock.`);
  }
  const sql = await schemaDrift();
  if (sql === '' && !empty) return null;
  const file = path.join(MIGRATIONS_FOLDER, directory, 'migration.sql');
  await mkdir(path.dirname(file));
  await writeFile(file, sql === '' ? `-- ${name}: by hand, for what the schema cannot say.\n` : sql, {
    flag: 'wx',
  });
  return file;
}

async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, empty: { type: 'boolean' } },
    });
    if (values.help) {
      console.log(HELP);
      return 0;
    }
    const [name] = positionals;
    if (name === undefined || positionals.length > 1 || !/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
      console.error(
        'Give one name, in lower case with underscores, such as add_callback_index (--help tells the usage).',
      );
      return 1;
    }
    const file = await authorMigration(name, values.empty === true, new Date());
    console.log(
      file === null
        ? 'Nothing differs between the migrations and prisma/schema.prisma (--empty writes a file all the same).'
        : `wrote ${path.relative(process.cwd(), file)}`,
    );
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

const script = process.argv[1];
if (script !== undefined && import.meta.url === pathToFileURL(realpathSync(script)).href) {
  process.exitCode = await main(process.argv.slice(2));
}
