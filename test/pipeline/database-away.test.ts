// No call without a record, whatever happens to the database; and no record is lost or written twice.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode, askInVain } from '../support/ask.js';
import { auditRecord, auditRecords, faultsOfLog } from '../support/audit.js';
import { type ChaosProxy, chaosProxy } from '../support/chaos-proxy.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { requestCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';

const lane = onPostgres ? describe : describe.skip;
const reason = onPostgres ? '' : ' (skipped: the embedded database is in the process and cannot go away)';

let database: TestDatabase;
let proxy: ChaosProxy;
let server: TestServer;

const readyz = async () => (await fetch(`${server.url}/readyz`)).status;
const ready = () => eventually(readyz, (status) => status === 200, 30_000);
/** What it says may be a second old. */
const unready = () => eventually(readyz, (status) => status === 503);

lane(`the database behind a network that fails${reason}`, () => {
  beforeAll(async () => {
    database = await freshDatabase();
    const direct = new URL(database.env.DATABASE_URL ?? '');
    proxy = await chaosProxy({ host: direct.hostname, port: Number(direct.port || 5432) });
    const around = new URL(direct);
    around.port = String(proxy.port);
    server = await startServer({ database, env: { DATABASE_URL: around.href } });
  });
  afterAll(async () => {
    await server?.stop();
    await proxy?.close();
    await database?.drop();
  });
  afterEach(async () => {
    proxy.delay(0);
    proxy.set('pass');
    await ready();
  });

  it.each(['reset', 'blackhole'] as const)(
    'gone (%s): nothing is sent, and the answer says so in time',
    async (mode) => {
      await askForCode(server, { phone: phoneWith() });
      proxy.set(mode);
      const phone = phoneWith();
      const began = Date.now();
      const [answer] = await Promise.all([server.graphql(requestCode, { phone }), unready()]);
      expect(Date.now() - began).toBeLessThan(20_000);
      expectPublicError(answer, 'AUDIT_UNAVAILABLE', [phone]);
      expect((await fetch(`${server.url}/livez`)).status).toBe(200);

      proxy.set('pass');
      await ready();
      expect(await askForCode(server, { phone: phoneWith() })).toMatchObject({
        __typename: 'VerificationCodeSent',
      });
      expect(await server.calls({ phone })).toEqual([]);
      expect(await server.inbox(phone)).toEqual([]);
    },
  );

  it.each(['reset', 'blackhole'] as const)(
    'gone (%s) after the call was made: OutcomeUnknown, and the outcome is written when it is back',
    async (mode) => {
      const wish = { phone: phoneWith('9006'), key: `away after the call ${mode}` };
      const asking = askForCode(server, wish);
      await eventually(
        () => server.calls({ phone: wish.phone }),
        (calls) => calls.length === 1,
      );
      proxy.set(mode);
      const answer = await asking;
      expect(answer.__typename).toBe('OutcomeUnknown');

      proxy.set('pass');
      await ready();
      const record = await eventually(
        () => auditRecord(server, answer.requestId),
        ({ outcome }) => outcome !== 'PENDING',
      );
      expect(record).toMatchObject({ outcome: 'ACCEPTED', providerCode: '0' });
      // By now it is known, and was never called again.
      expect(await askForCode(server, wish)).toMatchObject({
        __typename: 'VerificationCodeSent',
        replayed: true,
        requestId: answer.requestId,
      });
      expect(await server.calls({ phone: wish.phone })).toHaveLength(1);
    },
  );

  it.each([
    ['admissions', 'before'],
    ['admissions', 'after'],
    ['settlements', 'before'],
    ['settlements', 'after'],
  ] as const)(
    'with the connection cut at the commit of %s, %s it was done: one record, one call, one answer',
    async (part, when) => {
      const cut = proxy.cutAt(`"${part}":`, when);
      const phone = phoneWith();
      const answer = await askForCode(server, { phone, key: `cut ${part} ${when}` });
      await cut;
      expect(answer.__typename).toBe('VerificationCodeSent');
      expect(await server.calls({ phone })).toHaveLength(1);
      const records = await auditRecords(server, { subject: { phone } });
      expect(records.map(({ id, outcome }) => ({ id, outcome }))).toEqual([
        { id: answer.requestId, outcome: 'ACCEPTED' },
      ]);
      expect(await faultsOfLog(server)).toEqual([]);
    },
  );

  it('cut again and again under load: every answer is in the log, every call has a record', async () => {
    const phones = Array.from({ length: 80 }, () => phoneWith());
    let asking = true;
    const cutting = (async () => {
      for (const when of ['after', 'before', 'after', 'before', 'after', 'before'] as const) {
        if (asking) await Promise.race([proxy.cutAt('ents":', when), proxy.cutAt('ions":', when)]);
      }
    })();
    const answers = await Promise.all(phones.map((phone) => askForCode(server, { phone })));
    asking = false;
    void cutting;
    const kept = new Map((await auditRecords(server)).map((record) => [record.id, record.outcome]));
    for (const { __typename, requestId } of answers) {
      expect(__typename).toBe('VerificationCodeSent');
      expect(kept.get(requestId)).toBe('ACCEPTED');
    }
    for (const phone of phones) expect(await server.calls({ phone })).toHaveLength(1);
  });

  it('slow (100 ms each way): everything is answered as usual', async () => {
    proxy.delay(100);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => askForCode(server, { phone: phoneWith() })),
    );
    for (const { __typename } of answers) expect(__typename).toBe('VerificationCodeSent');
  });

  it('so slow that the caller was told that nothing is sent: the late record says so too, and frees the key', async () => {
    const wish = { phone: phoneWith(), key: 'late admission' };
    proxy.delay(3_000);
    expect(await askInVain(server, wish)).toBe('AUDIT_UNAVAILABLE');
    proxy.delay(0);
    const [record] = await eventually(
      () => auditRecords(server, { subject: { phone: wish.phone } }),
      ([found]) => found !== undefined && found.outcome !== 'PENDING',
    );
    expect(record).toMatchObject({ outcome: 'DENIED', rule: 'AUDIT_UNAVAILABLE' });
    expect(await server.calls({ phone: wish.phone })).toEqual([]);
    expect(await askForCode(server, wish)).toMatchObject({
      __typename: 'VerificationCodeSent',
      replayed: false,
    });
  });

  it('after all of this: no entry is lost or written twice, and every chain verifies', async () => {
    await eventually(
      () => auditRecords(server, { outcomes: ['PENDING'] }),
      (left) => left.length === 0,
      45_000,
    );
    expect(await faultsOfLog(server)).toEqual([]);
    expect((await server.calls()).length).toBeLessThanOrEqual((await auditRecords(server)).length);
  });
});
