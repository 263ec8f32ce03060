// The README's six steps, done for real: a copy of this project gets an invented sixth provider, builds, passes
// the contract suite and sends a code, and of all that was there before, one line of src has changed.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
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
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../../support/database.js';
import { freePort } from '../../support/server.js';

const here = resolve('.');
const vendor = resolve('test/providers/sixth-provider/acme-sms');
let copy: string;
/** The copy's src as it was. */
let before: Map<string, string>;
let server: ChildProcess | undefined;
let database: TestDatabase;
let built: Promise<Ran>;
let contract: Promise<Ran>;

beforeAll(async () => {
  database = await freshDatabase();
  copy = mkdtempSync(join(tmpdir(), 'yanzheng-sixth-'));
  for (const name of ['src', 'prisma', 'test/support', 'test/providers']) {
    cpSync(name, join(copy, name), {
      recursive: true,
      // Of the pages only what the server itself reads.
      filter: (source) => !/src\/web\/(explorer|console|h5|pictures)|sixth-provider/.test(source),
    });
  }
  for (const name of ['package.json', 'tsconfig.json', 'jest.config.js', 'test/tsconfig.json']) {
    cpSync(name, join(copy, name));
  }
  symlinkSync(join(here, 'node_modules'), join(copy, 'node_modules'));
  before = filesBelow(join(copy, 'src'));
  addProvider();
  // Side by side, since a test waits for each.
  built = run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']);
  contract = runContract();
});
afterAll(async () => {
  if (server && server.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  await Promise.all([built, contract]);
  rmSync(copy, { recursive: true, force: true });
  await database.drop();
});

/** Steps 1 to 4 are files of its own, step 5 the list, step 6 its offer. */
function addProvider(): void {
  const folder = join(copy, 'src/providers/acme-sms');
  const tests = join(copy, 'test/providers/acme-sms');
  mkdirSync(folder);
  mkdirSync(tests);
  for (const name of ['wire.ts', 'index.ts', 'simulator.ts']) {
    const text = readFileSync(join(vendor, name), 'utf8');
    writeFileSync(join(folder, name), text.replaceAll('../../../../src/providers/', '../'));
  }
  const offer = readFileSync(join(vendor, 'offer.ts'), 'utf8');
  writeFileSync(
    join(tests, 'offer.ts'),
    offer
      .replace('../../contract/', '../contract/')
      .replace('./index.js', '../../../src/providers/acme-sms/index.js'),
  );
  const list = join(copy, 'src/providers/index.ts');
  const before = readFileSync(list, 'utf8');
  const after = before.replace(/(providers: readonly Provider\[\] = \[[^\]]*?),?(\s*\])/, '$1, acmeSms$2');
  writeFileSync(list, after.replace('\nimport', "\nimport { acmeSms } from './acme-sms/index.js';\nimport"));
}

interface Ran {
  code: number;
  output: string;
}

function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      args,
      { cwd: copy, env: { PATH: process.env.PATH ?? '', ...env } },
      (error, stdout, stderr) => done({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr }),
    );
  });
}

function filesBelow(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

describe('a sixth provider', () => {
  it('changes one existing line of src, and adds its folder and one line', () => {
    const after = filesBelow(join(copy, 'src'));
    const changed = [...after].filter(([path, text]) => before.has(path) && before.get(path) !== text);
    expect(changed.map(([path]) => path)).toEqual(['providers/index.ts']);
    const added = [...after.keys()].filter((path) => !before.has(path));
    expect(added.every((path) => path.startsWith('providers/acme-sms/'))).toBe(true);

    const linesBefore = (before.get('providers/index.ts') ?? '').split('\n');
    const linesAfter = (after.get('providers/index.ts') ?? '').split('\n');
    expect(linesBefore.filter((line) => !linesAfter.includes(line))).toHaveLength(1);
    expect(linesAfter).toHaveLength(linesBefore.length + 1);
  });

  it('builds', async () => {
    expect(await built).toEqual({ code: 0, output: '' });
  });

  it('sends account codes where it is chosen to, and has a sandbox and a line among the providers', async () => {
    await built;
    const sandboxPort = await freePort();
    const url = await start({ ACCOUNT_CODE_PROVIDER: 'acme-sms', SANDBOX_PORT: String(sandboxPort) });
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `mutation {
          requestVerificationCode(input: { account: { phone: "13800138000", purpose: REGISTER } }) {
            __typename ... on VerificationCodeSent { maskedPhone expiresAt }
          }
        }`,
      }),
    });
    expect(await answer.json()).toEqual({
      data: {
        requestVerificationCode: {
          __typename: 'VerificationCodeSent',
          maskedPhone: '138****8000',
          expiresAt: expect.any(String),
        },
      },
    });
    const atSandbox = async (path: string) => (await fetch(`http://127.0.0.1:${sandboxPort}${path}`)).json();
    expect(await atSandbox('/calls')).toMatchObject([
      { provider: 'acme-sms', operation: 'send', subject: '+8613800138000' },
    ]);
    expect(await atSandbox('/inbox')).toMatchObject([{ text: expect.stringContaining('[Acme]') }]);
    expect(await atSandbox('/')).toMatchObject({ providers: expect.arrayContaining(['acme-sms']) });
  });

  it('passes the contract suite', async () => {
    const { code, output } = await contract;
    expect([code, code === 0 ? '' : output]).toEqual([0, '']);
    expect(output).toContain(`${suites.length} passed, ${suites.length} total`);
  });
});

/** Those that need no database: with one of its own, the copy would take half a minute. */
const suites = ['configuration', 'answers', 'declared-fields', 'scenarios', 'transport'];

function runContract(): Promise<Ran> {
  writeFileSync(
    join(copy, 'jest.contract.js'),
    `import all from './jest.config.js';
     const { globalSetup, globalTeardown, ...config } = all;
     export default { ...config, cacheDirectory: '${join(copy, 'cache')}' };`,
  );
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--runInBand'];
  const files = suites.map((name) => `contract/${name}.test`);
  return run([...jest, '--config', 'jest.contract.js', ...files], { CONTRACT_OF: 'acme-sms' });
}

async function start(env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: copy,
    env: { PATH: process.env.PATH ?? '', PORT: '0', EXPLORER: 'off', ...database.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server = child;
  let output = '';
  return new Promise((started, failed) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const url = /GraphQL\s+(http:\S+)\/graphql/.exec(output)?.[1];
      if (url) started(url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => failed(new Error(`the server ended with ${code}:\n${output}`)));
  });
}
