// npm run audit:verify over a log that a real server writes: it passes while the server goes on, through the server
// where that holds the database, and says what is wrong with the heads that were published.
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { genesisHash } from '../../src/audit/chain.js';
import { signCheckpoint } from '../../src/audit/checkpoint.js';
import { signingKeys } from '../../src/audit/signing-keys.js';
import { signRun } from '../../src/audit/verification-run.js';
import { askForCode } from '../support/ask.js';
import { type CommandResult, runCommand } from '../support/command.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { openLogSession } from './log-session.js';
import { everyKindOfTraffic, startForTraffic } from './traffic.js';

let database: TestDatabase;
let server: TestServer;
const heads = () => join(database.dataDir, 'checkpoints.ndjson');
const verify = (...args: string[]): Promise<CommandResult> =>
  runCommand('dist/bundled/commands.js', ['audit:verify', ...args], database.env);
const verified = async (...args: string[]) => JSON.parse((await verify('--json', ...args)).stdout);

beforeAll(async () => {
  database = await freshDatabase();
  server = await startForTraffic(database);
  await everyKindOfTraffic(server);
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
});

const readIntegrity = '{ auditIntegrity { chains entries verifiedAt intact firstBroken } }';

async function integrity() {
  const token = await server.token({ role: 'auditor' });
  return (await server.graphql(readIntegrity, {}, { token })).data.auditIntegrity;
}

describe('npm run audit:verify', () => {
  it('tells auditors nothing before it has run', async () => {
    expect(await integrity()).toMatchObject({ chains: 1, verifiedAt: null, intact: null, firstBroken: null });
  });

  it('finds a log intact with something of everything, and says what it checked and at what speed', async () => {
    const { code, stdout, stderr } = await verify();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 chain, \d+ entries, \d+ checkpoints?, \d+ published heads?\n/);
    expect(stdout).toMatch(/\d+ records, \d+ subject rows, \d+ rollups, 1 erasure, \d+ functions\n/);
    expect(stdout).toMatch(/s, [\d,]+ entries a second; not covered by a checkpoint yet: \d+ entr(y|ies)\n/);
    expect(stdout).toContain('INTACT');
  });

  it('is what auditIntegrity tells auditors of', async () => {
    const before = Date.now();
    const { entries } = await verified();
    const told = await integrity();
    expect(told).toMatchObject({ chains: 1, intact: true, firstBroken: null });
    expect(told.entries).toBeGreaterThanOrEqual(entries);
    expect(Math.abs(Date.parse(told.verifiedAt) - before)).toBeLessThan(30_000);
    const token = await server.token({ role: 'user' });
    expect((await server.graphql(readIntegrity, {}, { token })).errors?.[0].extensions.code).toBe(
      'FORBIDDEN',
    );
  });

  it('raises no alarm while the log grows, and the server goes on answering', async () => {
    let asked = 0;
    let going = true;
    const traffic = Array.from({ length: 8 }, async () => {
      while (going) {
        await askForCode(server, { phone: phoneWith(), ...(asked % 5 ? {} : { key: `grows ${asked}` }) });
        asked += 1;
      }
    });
    const seen: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      const before = asked;
      const { listed, entries } = await verified();
      expect(listed).toEqual([]);
      expect(asked).toBeGreaterThan(before);
      seen.push(entries);
    }
    going = false;
    await Promise.all(traffic);
    expect([...seen].sort((one, other) => one - other)).toEqual(seen);
  });

  it('explains itself, and names options that it does not know', async () => {
    const help = await verify('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--published FILE');
    expect(help.stdout).toContain('Not protected');
    const unknown = await verify('--fast');
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain('--fast');
    const missing = await verify('--published', 'not-there');
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain('not-there is not there');
  });
});

describe('the published heads', () => {
  const changed = async (change: (lines: string[]) => string[]) => {
    const kept = `${heads()}.kept`;
    copyFileSync(heads(), kept);
    const lines = readFileSync(heads(), 'utf8').trimEnd().split('\n');
    writeFileSync(heads(), `${change(lines).join('\n')}\n`);
    try {
      return await verify();
    } finally {
      copyFileSync(kept, heads());
      rmSync(kept);
    }
  };

  // Nothing is published any more once everything is covered.
  beforeAll(() =>
    eventually(
      () => verified(),
      ({ uncovered }) => uncovered === 0,
    ),
  );

  it('are intact as they are', async () => {
    expect(await verify()).toMatchObject({ code: 0, stderr: '' });
  });

  it('are not, once a line was changed', async () => {
    const { code, stdout } = await changed(([first = '', ...others]) => [
      first.replace(/"hash":"./, '"hash":"_'.replace('_', first.includes('"hash":"0') ? '1' : '0')),
      ...others,
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('checkpoints.ndjson line 1: it was changed since it was signed');
  });

  it('are not, once their end was cut off', async () => {
    const { code, stdout } = await changed((lines) => lines.slice(0, -1));
    expect(code).toBe(1);
    expect(stdout).toMatch(/published files [\w-]+ \d+: this checkpoint is stored, and its line is gone/);
  });

  it('are not, once a line in the middle is gone', async () => {
    const { code } = await changed(([first = '', , ...others]) => [first, ...others]);
    expect(code).toBe(1);
  });

  it('may end in half a line, whose writer was killed', async () => {
    const { code, stdout } = await changed((lines) => [...lines, (lines.at(-1) ?? '').slice(0, 100)]);
    expect(code).toBe(0);
    expect(stdout).toContain('note: 1 published lines were cut off');
  });

  it('are not, where they are signed with a key that is not trusted', async () => {
    const keys = signingKeys(generateKeyPairSync('ed25519').privateKey);
    const chain = uuidv7();
    const hash = genesisHash(chain).toString('hex');
    const at = new Date().toISOString();
    const line = signCheckpoint({ chain, serial: 0, position: 0, hash, at, state: 'ANNOUNCED' }, keys);
    const elsewhere = join(database.dataDir, 'elsewhere.ndjson');
    writeFileSync(elsewhere, `${line}\n`);
    const { listed } = await verified('--published', elsewhere);
    expect(listed).toEqual([
      { where: `${elsewhere} line 1`, what: expect.stringContaining('CHECKPOINT_PUBLIC_KEYS') },
    ]);
  });

  it('are said to be missing where there are none', async () => {
    const kept = `${heads()}.kept`;
    copyFileSync(heads(), kept);
    rmSync(heads());
    const { code, stdout } = await verify();
    copyFileSync(kept, heads());
    rmSync(kept);
    expect(code).toBe(0);
    expect(stdout).toContain('note: no file of published heads');
  });
});

(onPostgres ? describe.skip : describe)('the socket for commands', () => {
  it('is for the server alone, and takes the place of one that a killed server left', async () => {
    const path = join(database.dataDir, 'control.sock');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await server.kill();
    expect(statSync(path).isSocket()).toBe(true);
    // Nobody listens, and nobody holds the folder: the command opens the database itself.
    expect(await verify()).toMatchObject({ code: 0, stderr: '' });
    server = await startServer({ database });
    expect(await verify()).toMatchObject({ code: 0, stderr: '' });
  });

  it('is not needed where there is no database yet', async () => {
    const { code, stderr } = await runCommand('dist/bundled/commands.js', ['audit:verify'], {
      DATA_DIR: 'no-such-folder',
    });
    expect(code).toBe(2);
    expect(stderr).toContain('there is no database in');
  });
});

describe('a run that the verifier never made', () => {
  const forgery = signRun(
    {
      serial: 1_000,
      startedAt: new Date().toISOString(),
      chains: 1,
      entries: 1,
      records: 1,
      intact: true,
      faults: 0,
      firstBroken: null,
    },
    signingKeys(generateKeyPairSync('ed25519').privateKey),
  );

  it('tells auditors that something is wrong, and the verifier what', async () => {
    await server.stop();
    const session = await openLogSession(database);
    await session.query(`INSERT INTO audit_integrity (serial, statement) VALUES (1000, '${forgery}')`);
    await session.close();
    server = await startServer({ database });
    const firstBroken = 'audit_integrity 1000';
    expect(await integrity()).toMatchObject({ verifiedAt: null, intact: false, firstBroken });
    const { intact, listed } = await verified();
    expect(intact).toBe(false);
    expect(listed).toContainEqual({
      where: firstBroken,
      what: expect.stringContaining('a key that is not trusted'),
    });
    // What was found is kept all the same.
    expect(await integrity()).toMatchObject({
      intact: false,
      firstBroken: expect.stringMatching(/^audit_integrity \d+$/),
    });
  });
});
