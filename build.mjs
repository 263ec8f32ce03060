// Builds what is generated: the Prisma client, the server (dist/), the pages (dist/web/).
//   node build.mjs                builds everything
//   node build.mjs --if-stale     builds what is older than its sources
//   node build.mjs --if-possible  the same, and skips quietly where the build tools are not installed
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const mode = process.argv[2];
const require = createRequire(import.meta.url);

const steps = [
  {
    what: 'the Prisma client',
    from: ['prisma/schema.prisma', 'package-lock.json'],
    to: 'src/db/generated/client.ts',
    run: [
      require.resolve('prisma/package.json').replace('package.json', 'build/index.js'),
      'generate',
      '--no-hints',
    ],
    // Prisma looks for an engine binary that `generate` does not use, and would download it; any file satisfies it.
    env: {
      PRISMA_SCHEMA_ENGINE_BINARY: 'package.json',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  },
  {
    what: 'the server',
    from: ['src', 'tsconfig.json', 'package-lock.json'],
    except: /^src\/web\/[^/]+\//,
    to: 'dist/main.js',
    clean: true,
    run: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  },
  {
    what: 'the files that start',
    from: ['src', 'rolldown.config.mjs', 'package-lock.json'],
    except: /^src\/web\/[^/]+\//,
    to: 'dist/bundled/main.js',
    run: ['node_modules/rolldown/bin/cli.mjs', '--config', 'rolldown.config.mjs'],
  },
  {
    what: 'the pages',
    from: ['src/web', 'package-lock.json'],
    to: 'dist/web/built',
    run: ['node_modules/vite/bin/vite.js', 'build', '--config', 'src/web/vite.config.ts'],
  },
];

if (mode === '--if-possible' && !existsSync('node_modules/typescript')) {
  console.log('build skipped: the development dependencies are not installed');
  process.exit(0);
}

for (const step of steps) {
  if (mode && existsSync(step.to) && newest(step.from, step.except) <= statSync(step.to).mtimeMs) continue;
  if (!existsSync(step.run[0]))
    fail(`${step.what} cannot be built: run npm ci with the development dependencies`);
  if (step.clean && existsSync('dist')) {
    for (const name of readdirSync('dist')) if (name !== 'web') rmSync(`dist/${name}`, { recursive: true });
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, step.run, {
    env: { ...process.env, ...step.env },
    encoding: 'utf8',
  });
  if (status !== 0) fail(`${step.what} cannot be built:\n${stdout}${stderr}`);
}

/** Time of the latest change below these paths. */
function newest(paths, except) {
  let latest = 0;
  for (const path of paths) {
    if (except?.test(path)) continue;
    const stat = statSync(path);
    if (!stat.isDirectory()) latest = Math.max(latest, stat.mtimeMs);
    else
      latest = Math.max(
        latest,
        newest(
          readdirSync(path).map((name) => `${path}/${name}`),
          except,
        ),
      );
  }
  return latest;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
