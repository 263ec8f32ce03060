// kill -9 loses nothing that was acknowledged, and what it cut off becomes UNKNOWN, never a second call.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecord, auditRecords, faultsOfLog } from '../support/audit.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

let sandbox: TestServer;
let database: TestDatabase;
let server: TestServer;
const start = (deadlineMs: number) =>
  startServer({ database, sandboxOf: sandbox, env: { USERCOIN_DEADLINE_MS: String(deadlineMs) } });

beforeAll(async () => {
  sandbox = await startServer();
  database = await freshDatabase();
  server = await start(6_000);
});
afterAll(async () => {
  await server?.stop();
  await Promise.all([sandbox?.stop(), database?.drop()]);
});

describe('kill -9', () => {
  it('keeps every record and entry whose answer had arrived', async () => {
    const answered: { __typename: string; requestId: string }[] = [];
    const asking = Array.from({ length: 60 }, () =>
      askForCode(server, { phone: phoneWith() }).then(
        (answer) => answered.push(answer),
        () => {},
      ),
    );
    // In the middle of the rest.
    await eventually(
      () => answered.length,
      (count) => count >= 20,
    );
    await server.kill();
    await Promise.all(asking);
    server = await start(2_000);
    const records = new Map((await auditRecords(server)).map((record) => [record.id, record]));
    for (const { __typename, requestId } of answered) {
      expect(__typename).toBe('VerificationCodeSent');
      expect(records.get(requestId)).toMatchObject({ outcome: 'ACCEPTED' });
    }
    // No call without a record.
    expect((await sandbox.calls()).length).toBeLessThanOrEqual(records.size);
    expect(await faultsOfLog(server)).toEqual([]);
  });

  it('in the middle of a call makes it UNKNOWN, and its key is never a second call', async () => {
    const wish = { phone: phoneWith('9003'), key: 'cut off' };
    const cutOff = askForCode(server, wish).catch(() => 'no answer');
    await eventually(
      () => sandbox.calls({ phone: wish.phone }),
      (calls) => calls.length === 1,
    );
    await server.kill();
    expect(await cutOff).toBe('no answer');
    server = await start(2_000);

    const [pending] = await auditRecords(server, { subject: { phone: wish.phone } });
    expect(pending).toMatchObject({ outcome: 'PENDING', settledAt: null });
    // Waits with the repeat until the record is found in doubt: deadline and 15 s of grace.
    const repeat = await askForCode(server, wish);
    expect(repeat).toMatchObject({ __typename: 'OutcomeUnknown', requestId: pending?.id });
    expect(await sandbox.calls({ phone: wish.phone })).toHaveLength(1);

    const record = await auditRecord(server, repeat.requestId);
    expect(record).toMatchObject({ outcome: 'UNKNOWN', rule: 'IN_DOUBT', replays: 1 });
    const [intent, repeated, outcome] = record.entries.sort((a, b) => a.kind.localeCompare(b.kind));
    expect([intent, repeated, outcome].map((entry) => entry?.kind)).toEqual(['INTENT', 'INTENT', 'OUTCOME']);
    expect(outcome?.detail).toMatchObject({ outcome: 'UNKNOWN', rule: 'IN_DOUBT' });
    expect(intent?.chain).not.toBe(outcome?.chain);
    const left = await auditRecords(server, { outcomes: ['PENDING'] });
    expect(left.filter(({ id }) => id === record.id)).toEqual([]);
  });

  it('leaves no request without an end', async () => {
    await eventually(
      () => auditRecords(server, { outcomes: ['PENDING'] }),
      (left) => left.length === 0,
    );
    expect(await faultsOfLog(server)).toEqual([]);
  });
});
