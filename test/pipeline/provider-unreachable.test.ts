// A provider that refuses the connection has surely not been asked: nothing is bound, and it may be tried again.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode, askInVain } from '../support/ask.js';
import { auditRecords, faultsOfLog } from '../support/audit.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { requestCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { freePort, startServer, type TestServer } from '../support/server.js';

let database: TestDatabase;
let server: TestServer;
beforeAll(async () => {
  database = await freshDatabase();
  server = await startServer({ database, env: { USERCOIN_URL: `http://127.0.0.1:${await freePort()}` } });
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
});

describe('a provider that refuses the connection', () => {
  it('is PROVIDER_UNAVAILABLE, recorded as DENIED with the reason', async () => {
    const phone = phoneWith();
    expectPublicError(await server.graphql(requestCode, { phone }), 'PROVIDER_UNAVAILABLE', [phone]);
    const [record] = await auditRecords(server, { subject: { phone } });
    expect(record).toMatchObject({ outcome: 'DENIED', rule: 'ECONNREFUSED', providerCode: null });
    expect(record?.entries.map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME']);
  });

  it('is tried again for the same key, and for the same key with another input', async () => {
    const wish = { phone: phoneWith(), key: 'freed' };
    expect(await askInVain(server, wish)).toBe('PROVIDER_UNAVAILABLE');
    expect(await askInVain(server, wish)).toBe('PROVIDER_UNAVAILABLE');
    expect(await askInVain(server, { ...wish, purpose: 'RESET_PASSWORD' })).toBe('PROVIDER_UNAVAILABLE');
    expect(await auditRecords(server, { subject: { phone: wish.phone } })).toHaveLength(3);
  });

  it('once it is back, gets the request whose key was freed', async () => {
    const wish = { phone: phoneWith(), key: 'freed for later' };
    expect(await askInVain(server, wish)).toBe('PROVIDER_UNAVAILABLE');
    await server.stop();
    server = await startServer({ database });
    const sent = await askForCode(server, wish);
    expect(sent).toMatchObject({ __typename: 'VerificationCodeSent', replayed: false });
    expect(await askForCode(server, wish)).toMatchObject({ replayed: true, requestId: sent.requestId });
    expect(await server.calls({ phone: wish.phone })).toHaveLength(1);
    expect(await faultsOfLog(server)).toEqual([]);
  });
});
