// An intent that a crash could take is no record: a database that acknowledges commits before they are on disk is
// not written to.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { runToEnd, startServer } from '../support/server.js';

const lane = onPostgres ? describe : describe.skip;
const reason = onPostgres ? '' : ' (skipped: the embedded database has no such setting to get wrong)';

lane(`a database with synchronous_commit off${reason}`, () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database?.drop());

  async function set(value: string): Promise<void> {
    const owner = new pg.Client({ connectionString: database.env.DATABASE_OWNER_URL });
    await owner.connect();
    const name = new URL(database.env.DATABASE_OWNER_URL ?? '').pathname.slice(1);
    await owner.query(`ALTER DATABASE ${name} SET synchronous_commit = ${value}`);
    await owner.end();
  }

  it('stops the start and says how to mend it, and serves once it is on', async () => {
    await set('off');
    const { code, output } = await runToEnd({ ...database.env, PORT: '0', SANDBOX: 'off' });
    expect(code).toBe(1);
    expect(output).toMatch(/^yanzheng cannot start: .*synchronous_commit is off; ALTER DATABASE/m);
    await set('on');
    const server = await startServer({ database });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });
});
