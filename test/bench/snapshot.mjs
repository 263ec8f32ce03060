// The build as it is now, in a folder of its own, so that a build meanwhile does not pull it from under a server;
// and contender (c), compiled next to it.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import { isAlive } from './processes.mjs';

const root = join(import.meta.dirname, '../..');
const STOCK = 'test/bench/contenders/stock';

const PREFIX = 'yanzheng-bench-';

/** Gone when this process ends; those of a bench that was killed go now. */
export function temporaryFolder() {
  for (const name of readdirSync(tmpdir())) {
    if (name.startsWith(PREFIX) && !isAlive(Number(name.split('-')[2]))) remove(join(tmpdir(), name));
  }
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  process.on('exit', () => remove(folder));
  return folder;
}

function remove(folder) {
  rmSync(folder, { recursive: true, force: true });
}

export function takeSnapshot() {
  const folder = temporaryFolder();
  for (const name of ['dist', 'prisma', 'package.json', 'schema.graphql']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // (c) takes the generated client from src, as TypeScript sees it; here that is compiled.
  symlinkSync('dist', join(folder, 'src'));
  const { code } = transformSync(readFileSync(join(root, `${STOCK}.ts`), 'utf8'), {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'es6' },
  });
  mkdirSync(join(folder, dirname(STOCK)), { recursive: true });
  writeFileSync(join(folder, `${STOCK}.js`), code);
  return folder;
}
