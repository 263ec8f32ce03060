// A server that cannot start says every reason at once, by the variable's name, and ends with 1.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { freePort, runToEnd } from '../support/server.js';

let database: TestDatabase;
let DATA_DIR: string;
beforeAll(async () => {
  database = await freshDatabase();
  DATA_DIR = mkdtempSync(join(tmpdir(), 'yanzheng-config-'));
});
afterAll(async () => {
  await database?.drop();
  rmSync(DATA_DIR, { recursive: true, force: true });
});

/** What each line blames, after "yanzheng cannot start: ". */
async function faultsOf(env: Record<string, string>): Promise<string[]> {
  const { code, output } = await runToEnd({ DATA_DIR, ...env });
  expect(code).toBe(1);
  expect(output).not.toMatch(/^\s+at |node_modules|Error:/m);
  const lines = output.trim().split('\n');
  for (const line of lines) expect(line).toMatch(/^yanzheng cannot start: /);
  return lines.map((line) => line.replace('yanzheng cannot start: ', ''));
}

const namesOf = (faults: readonly string[]) => faults.map((fault) => fault.split(' ')[0]).sort();

describe('a start with bad variables', () => {
  it('names all of them at once', async () => {
    const bad = {
      NODE_ENV: 'staging',
      PORT: 'http',
      SANDBOX_PORT: '70000',
      PUBLIC_URL: 'ftp://example.org',
      DATABASE_URL: 'mysql://localhost/x',
      DATABASE_OWNER_URL: 'x',
      DATABASE_DIRECT_URL: 'x',
      DATABASE_POOL: '0',
      SANDBOX: 'maybe',
      EXPLORER: 'yes',
      CLIENTS: 'a,,b',
      LOG_LEVEL: 'loud',
      AUTH_JWKS_URL: 'not an address',
      DIGEST_KEY: 'short',
      SEAL_KEY: 'short',
      CHECKPOINT_KEY: 'short',
      CHECKPOINT_PUBLIC_KEYS: 'short',
      CHECKPOINTS_URL: 'ftp://example.org',
      CHECKPOINT_MS: '99',
      USERCOIN_URL: 'usercoin',
      USERCOIN_ALLOW_HTTP: 'yes',
      USERCOIN_DEADLINE_MS: '1',
      USERCOIN_FURTHER_TYPES: 'a;b',
    };
    expect(namesOf(await faultsOf(bad))).toEqual(Object.keys(bad).sort());
  });

  it('does not repeat values, which may be secrets', async () => {
    const faults = await faultsOf({
      DIGEST_KEY: 'zq7Xodd',
      SEAL_KEY: 'zq7Xodd',
      CHECKPOINT_KEY: 'zq7Xodd',
      AUTH_PUBLIC_KEY: 'zq7Xodd',
      DATABASE_URL: 'zq7Xodd',
    });
    expect(faults.join()).not.toContain('zq7Xodd');
  });

  it.each([
    ['text', 'no key'],
    ['an empty list of keys', '{"keys":[]}'],
    ['a private key', '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}]}'],
  ])('refuses %s as AUTH_PUBLIC_KEY', async (_, key) => {
    expect(namesOf(await faultsOf({ AUTH_PUBLIC_KEY: key }))).toEqual(['AUTH_PUBLIC_KEY']);
  });

  it('takes only Ed25519 keys for checkpoints, and no private key among the public ones', async () => {
    const other = generateKeyPairSync('x25519');
    const signing = generateKeyPairSync('ed25519');
    const pem = { format: 'pem', type: 'pkcs8' } as const;
    const faults = await faultsOf({
      CHECKPOINT_KEY: other.privateKey.export(pem).toString(),
      CHECKPOINT_PUBLIC_KEYS: signing.privateKey.export(pem).toString(),
    });
    expect(namesOf(faults)).toEqual(['CHECKPOINT_KEY', 'CHECKPOINT_PUBLIC_KEYS']);
  });

  it('refuses the H5 page where its client is not registered', async () => {
    const faults = await faultsOf({ NODE_ENV: 'production', H5: 'on', CLIENTS: 'app' });
    expect(namesOf(faults)).toContain('H5');
    const registered = await faultsOf({ NODE_ENV: 'production', H5: 'on', CLIENTS: 'app,h5' });
    expect(namesOf(registered)).not.toContain('H5');
  });

  it('refuses to be reached from outside without NODE_ENV=production', async () => {
    for (const HOST of ['0.0.0.0', 'example.org']) {
      const [fault, ...more] = await faultsOf({ HOST });
      expect(fault).toMatch(/^HOST .* needs NODE_ENV=production$/);
      expect(more).toEqual([]);
    }
  });
});

describe('a start in production', () => {
  it('names every key and list that it needs', async () => {
    const faults = await faultsOf({ NODE_ENV: 'production' });
    expect(namesOf(faults)).toEqual([
      'AUTH_AUDIENCE',
      'AUTH_ISSUER',
      'AUTH_PUBLIC_KEY',
      'CHECKPOINT_KEY',
      'CLIENTS',
      'DIGEST_KEY',
      'PUBLIC_URL',
      'SEAL_KEY',
    ]);
  });

  it('refuses the sandbox, and what travels in plain http', async () => {
    const faults = await faultsOf({
      NODE_ENV: 'production',
      SANDBOX: 'on',
      AUTH_JWKS_URL: 'http://example.org/jwks',
      CHECKPOINTS_URL: 'http://example.org/heads',
      USERCOIN_URL: 'http://example.org',
    });
    expect(namesOf(faults)).toEqual(
      expect.arrayContaining(['SANDBOX', 'AUTH_JWKS_URL', 'CHECKPOINTS_URL', 'USERCOIN_URL']),
    );
    expect(faults.join()).toContain('USERCOIN_ALLOW_HTTP=true');
  });
});

describe('a start where something is in the way', () => {
  const taken = createServer();
  let port: string;
  beforeAll(async () => {
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const address = taken.address();
    port = String(typeof address === 'object' ? address?.port : '');
  });
  afterAll(() => {
    taken.close();
  });

  it('says that PORT is taken', async () => {
    const faults = await faultsOf({ ...database.env, PORT: port, SANDBOX_PORT: String(await freePort()) });
    expect(faults).toEqual([expect.stringMatching(`^PORT ${port} on 127.0.0.1 is taken`)]);
  });

  it('says that SANDBOX_PORT is taken', async () => {
    const faults = await faultsOf({ ...database.env, PORT: '0', SANDBOX_PORT: port });
    expect(faults).toEqual([expect.stringMatching(`^SANDBOX_PORT ${port} on 127.0.0.1 is taken`)]);
  });

  it('says that the database cannot be reached, without its password', async () => {
    const url = `postgresql://user:zq7Xodd@127.0.0.1:${await freePort()}/nothing`;
    const faults = await faultsOf({ DATABASE_URL: url, PORT: '0' });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^The database at 127\.0\.0\.1:\d+\/nothing could not be made ready/);
    expect(faults.join()).not.toContain('zq7Xodd');
  });
});
