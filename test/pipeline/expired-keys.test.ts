// An idempotency key counts for 24 hours; then it may be used again, and is cleared away.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { askForCode } from '../support/ask.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

const lane = onPostgres ? describe : describe.skip;
const reason = onPostgres ? '' : ' (skipped: nobody else may write into the embedded database)';

let database: TestDatabase;
let server: TestServer;
let client: pg.Client;

lane(`an idempotency key${reason}`, () => {
  beforeAll(async () => {
    database = await freshDatabase();
    server = await startServer({ database });
    client = new pg.Client({ connectionString: database.env.DATABASE_OWNER_URL });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
    await database?.drop();
  });
  const keys = async () => (await client.query('SELECT 1 FROM idempotency_key')).rowCount;
  const aDayPasses = () =>
    client.query("UPDATE idempotency_key SET expires_at = expires_at - interval '25 hours'");

  it('is bound for a day to what it was used for, and is then as good as new', async () => {
    const phone = phoneWith();
    const first = await askForCode(server, { phone, key: 'one day' });
    await aDayPasses();
    // The provider, which minds the number, is asked again.
    expect(await askForCode(server, { phone, key: 'one day' })).toMatchObject({
      __typename: 'Refusal',
      code: 'RATE_LIMITED',
    });
    expect(await askForCode(server, { phone, key: 'one day' })).not.toMatchObject({
      requestId: first.requestId,
    });
  });

  it('is cleared away when it has expired, and only then', async () => {
    await askForCode(server, { phone: phoneWith(), key: 'expires' });
    await aDayPasses();
    await askForCode(server, { phone: phoneWith(), key: 'lives' });
    const before = await keys();
    const another = await startServer({ database, sandboxOf: server });
    await eventually(keys, (left) => left === 1);
    expect(before).toBeGreaterThan(1);
    await another.stop();
  });
});
