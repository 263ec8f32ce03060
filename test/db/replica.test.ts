// With DATABASE_REPLICA_URL the log is searched there, and written and opened where it was. The replica is stood in
// for by a database that nothing is copied to.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecord, wholeLog } from '../support/audit.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

(onPostgres ? describe : describe.skip)('a replica', () => {
  let database: TestDatabase;
  let replica: TestDatabase;
  let server: TestServer;
  beforeAll(async () => {
    database = await freshDatabase();
    replica = await freshDatabase();
    server = await startServer({ database, env: { DATABASE_REPLICA_URL: replica.env.DATABASE_URL ?? '' } });
  });
  afterAll(async () => {
    await server?.stop();
    await replica?.drop();
    await database?.drop();
  });

  it('is what pages are read from, and nothing else', async () => {
    const { requestId } = await askForCode(server, { phone: phoneWith() });
    expect(await wholeLog(server)).toEqual([]);
    expect(await auditRecord(server, requestId)).toMatchObject({ id: requestId, outcome: 'ACCEPTED' });
  });
});
