// Limits fail closed: where their counters cannot be had in time, nothing is sent.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { askForCode, askInVain } from '../support/ask.js';
import { onPostgres } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

const lane = onPostgres ? describe : describe.skip;
const reason = onPostgres ? '' : ' (skipped: nobody else may lock anything in the embedded database)';

lane(`while somebody else holds the counters${reason}`, () => {
  let server: TestServer;
  let other: pg.Client;
  beforeAll(async () => {
    server = await startServer({ limits: 'AS_THEY_ARE' });
    other = new pg.Client({ connectionString: server.database.env.DATABASE_OWNER_URL });
    await other.connect();
  });
  afterAll(async () => {
    await other?.end();
    await server?.stop();
  });

  it('requests are turned away and nothing is sent, and all is well afterwards', async () => {
    const phone = phoneWith();
    await other.query('BEGIN; LOCK TABLE limit_counter IN ACCESS EXCLUSIVE MODE');
    expect(await askInVain(server, { phone })).toBe('OVERLOADED');
    expect(await server.calls({ phone })).toEqual([]);
    await other.query('COMMIT');
    const another = phoneWith();
    expect(await askForCode(server, { phone: another })).toMatchObject({
      __typename: 'VerificationCodeSent',
    });
    expect(await server.calls()).toHaveLength(1);
  });
});
