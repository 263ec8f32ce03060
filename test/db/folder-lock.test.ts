// One process at a time in an embedded database: the second one says who holds it, and a dead holder is no holder.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecords } from '../support/audit.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { freePort, runToEnd, startServer, type TestServer } from '../support/server.js';

const lane = onPostgres ? describe.skip : describe;
const reason = onPostgres ? ' (skipped: with DATABASE_URL the folder holds keys only and may be shared)' : '';

lane(`a DATA_DIR in use${reason}`, () => {
  let database: TestDatabase;
  let server: TestServer;
  beforeAll(async () => {
    database = await freshDatabase();
    server = await startServer({ database });
  });
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  it('stops a second start, naming the process that holds it', async () => {
    const { code, output } = await runToEnd({
      ...database.env,
      PORT: '0',
      SANDBOX_PORT: String(await freePort()),
    });
    expect(code).toBe(1);
    expect(output).toContain(`is in use by process ${server.pid} since `);
    expect(output).toContain('set DATA_DIR to another folder');
    expect(output.trim().split('\n')).toHaveLength(1);
    expect((await askForCode(server, { phone: phoneWith() })).__typename).toBe('VerificationCodeSent');
  });

  it('is taken over from a process that was killed', async () => {
    await server.kill();
    server = await startServer({ database });
    expect(await auditRecords(server)).toHaveLength(1);
  });

  it('is free after an orderly end', async () => {
    expect(await server.stop()).toBe(0);
    server = await startServer({ database });
    expect(await auditRecords(server)).toHaveLength(1);
  });
});
