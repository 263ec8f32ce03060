// `npm run -s token`: one token on standard output, for one developer's machine only.
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { developmentKeys } from '../../src/auth/development-keys.js';
import { runCommand } from '../support/command.js';

let DATA_DIR: string;
beforeAll(() => {
  DATA_DIR = mkdtempSync(join(tmpdir(), 'yanzheng-token-'));
});
afterAll(() => rmSync(DATA_DIR, { recursive: true, force: true }));

const token = (args: string[], env: Record<string, string> = {}) =>
  runCommand('dist/auth/token-command.js', args, { DATA_DIR, ...env });

describe('npm run token', () => {
  it('prints one token that the keys in DATA_DIR verify, and nothing else', async () => {
    const { code, stdout, stderr } = await token(['--role', 'auditor']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { jwks } = await developmentKeys(DATA_DIR);
    const { payload } = await jwtVerify(stdout.trim(), createLocalJWKSet(jwks), { audience: 'yanzheng' });
    expect(payload).toMatchObject({ sub: 'dev-auditor', roles: ['auditor'], act_for: '*' });
    expect(stdout).toMatch(/^\S+\n$/);
  });

  it('makes keys that only their owner can read', async () => {
    await token(['--role', 'user']);
    for (const name of ['token.jwk', 'digest.key']) {
      expect(statSync(join(DATA_DIR, 'keys', name)).mode & 0o077).toBe(0);
    }
  });

  it('takes a subject and further claims, as JSON where they are JSON', async () => {
    const { stdout } = await token([
      ...['--role', 'user', '--sub', 'alice'],
      ...['--claim', 'act_for={"memberId":["U1"]}', '--claim', 'note=a=b'],
    ]);
    expect(decodeJwt(stdout.trim())).toMatchObject({
      sub: 'alice',
      act_for: { memberId: ['U1'] },
      note: 'a=b',
    });
  });

  it('explains itself', async () => {
    const { code, stdout } = await token(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('npm run -s token -- --role auditor');
  });

  it.each([
    [['--role', 'king'], /--role must be one of user, service, auditor, admin/],
    [[], /--role must be one of/],
    [['--rol', 'user'], /--rol/],
    [['--role', 'user', '--claim', 'nothing'], /--claim takes name=value/],
  ])('refuses %j in words', async (args, message) => {
    const { code, stdout, stderr } = await token(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('refuses in production, and makes no keys there', async () => {
    const fresh = join(DATA_DIR, 'production');
    const { code, stdout, stderr } = await token(['--role', 'admin'], {
      NODE_ENV: 'production',
      DATA_DIR: fresh,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('not made in production');
    expect(existsSync(fresh)).toBe(false);
  });
});
