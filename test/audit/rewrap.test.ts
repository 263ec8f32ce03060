// The key-encryption key changes: records that were sealed under the old one stay readable, and after audit:rewrap
// without it. Entries are not touched.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { type AuditedRecord, auditRecord, faultsOfLog } from '../support/audit.js';
import { runCommand } from '../support/command.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer } from '../support/server.js';
import { openLogSession } from './log-session.js';

const [old, current] = [1, 2].map(() => randomBytes(32).toString('base64')) as [string, string];

let database: TestDatabase;
let id: string;
let before: AuditedRecord;
beforeAll(async () => {
  database = await freshDatabase();
  const server = await startServer({ database, env: { SEAL_KEY: old } });
  ({ requestId: id } = await askForCode(server, { phone: phoneWith(), key: 'one' }));
  before = await auditRecord(server, id);
  await server.stop();
});
afterAll(() => database?.drop());

describe('a changed SEAL_KEY', () => {
  it('leaves old records readable while the old key is given', async () => {
    const server = await startServer({ database, env: { SEAL_KEY: current, OLD_SEAL_KEYS: old } });
    expect(await auditRecord(server, id)).toEqual(before);
    expect(before.entries[0]?.detail.request.phone).toMatch(/^\d{3}\*{4}\d{4}$/);
    await server.stop();
  });

  it('needs the old key no more after audit:rewrap', async () => {
    const env = { ...database.env, HOME: process.env.HOME ?? '', SEAL_KEY: current };
    const rewrap = () =>
      runCommand('dist/bundled/commands.js', ['audit:rewrap'], { ...env, OLD_SEAL_KEYS: old });
    const first = await rewrap();
    expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(/^[1-9]\d* keys are sealed/) });
    expect(await rewrap()).toMatchObject({ code: 0, stderr: expect.stringMatching(/^0 keys are sealed/) });
    const verified = await runCommand('dist/bundled/commands.js', ['audit:verify'], env);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('INTACT') });

    const server = await startServer({ database, env: { SEAL_KEY: current } });
    expect(await auditRecord(server, id)).toEqual(before);
    expect(await faultsOfLog(server)).toEqual([]);
    await server.stop();
  });

  it('finds an old key behind any number of others', async () => {
    const session = await openLogSession(database);
    const others = await session.query(`
      INSERT INTO audit_record (id, kind, operation, outcome, created_at, due_at, data_key, key_id)
      SELECT overlay(id::text PLACING lpad(to_hex(n), 12, '0') FROM 25)::uuid, kind, operation, 'REFUSED', created_at,
        due_at, data_key, key_id
      FROM audit_record, generate_series(1, 2500) AS n WHERE id = '${id}' RETURNING id`);
    expect(others).toHaveLength(2_500);
    await session.close();
    const server = await startServer({ database, env: { SEAL_KEY: old, OLD_SEAL_KEYS: current } });
    await askForCode(server, { phone: phoneWith() });
    await server.stop();
    const env = { ...database.env, SEAL_KEY: current, OLD_SEAL_KEYS: old };
    const rewrapped = await runCommand('dist/bundled/commands.js', ['audit:rewrap'], env);
    expect(rewrapped).toMatchObject({ code: 0, stderr: expect.stringMatching(/^1 keys are sealed/) });
  });
});
