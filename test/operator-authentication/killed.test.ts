// kill -9 in the middle of a turn: the record becomes UNKNOWN, and once the call's time is over the conversation
// can be gone on with. Nothing is sent twice by itself.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { auditRecord, auditRecords, faultsOfLog } from '../support/audit.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation } from './conversation.js';

let sandbox: TestServer;
let database: TestDatabase;
let server: TestServer;
const env = { PATIENCE_MS: '500', JUXINLI_COLLECT_DEADLINE_MS: '3000' };
const start = () => startServer({ database, sandboxOf: sandbox, env });

beforeAll(async () => {
  sandbox = await startServer();
  database = await freshDatabase();
  server = await start();
});
afterAll(async () => {
  await server?.stop();
  await sandbox?.stop();
  await database?.drop();
});

/** On Postgres, as if the call's deadline and 15 s of grace had passed; the embedded database is waited for. */
async function passTime(): Promise<void> {
  if (!database.env.DATABASE_URL) return;
  const client = new pg.Client({ connectionString: database.env.DATABASE_OWNER_URL });
  await client.connect();
  try {
    await client.query("UPDATE audit_record SET due_at = now() - interval '1 s' WHERE outcome = 'PENDING'");
    await client.query("UPDATE flow SET running_until = now() - interval '1 s' WHERE running IS NOT NULL");
  } finally {
    await client.end();
  }
}

describe('kill -9 in the middle of a turn', () => {
  it('leaves a conversation that can be gone on with once the time of the call is over', async () => {
    const conversation = new Conversation(server, phoneWith('9203'), await server.token({ role: 'user' }));
    await conversation.next(conversation.start());
    const told = await conversation.password();
    expect(told.step.__typename).toBe('WaitStep');
    await server.kill();

    server = await start();
    conversation.server = server;
    // Nobody knows yet, so nobody sends anything.
    expect((await conversation.seen()).step.__typename).toBe('WaitStep');
    expect((await conversation.password()).step.__typename).toBe('WaitStep');
    expect((await conversation.goOn()).step.__typename).toBe('WaitStep');
    const [pending] = await auditRecords(server, { flow: conversation.id });
    expect(pending).toMatchObject({ operation: 'collect', outcome: 'PENDING' });

    await passTime();
    const next = await conversation.joined();
    expect(next.step).toMatchObject({ __typename: 'ServicePasswordStep', retry: false });
    const record = await eventually(
      () => auditRecord(server, pending?.id ?? ''),
      ({ outcome }) => outcome !== 'PENDING',
    );
    expect(record).toMatchObject({ outcome: 'UNKNOWN', rule: 'IN_DOUBT' });
    expect(record.entries.map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME']);
    expect(record.entries[1]?.detail).toMatchObject({ outcome: 'UNKNOWN', rule: 'IN_DOUBT' });

    conversation.server = sandbox;
    expect(await conversation.turns()).toBe(1);
    conversation.server = server;
    expect((await conversation.next(conversation.password())).step.__typename).toBe('SmsCaptchaStep');
    const [sms] = await sandbox.inbox(conversation.phone);
    expect((await conversation.next(conversation.captcha(sms?.code))).step.__typename).toBe(
      'CollectionStarted',
    );
    expect(await faultsOfLog(server)).toEqual([]);
  });
});

describe('SIGTERM in the middle of a turn that may take minutes', () => {
  it('cuts the call after a while, records it as UNKNOWN, and ends by itself', async () => {
    await server.stop();
    const slow = await startServer({
      database,
      sandboxOf: sandbox,
      env: { ...env, JUXINLI_COLLECT_DEADLINE_MS: '120000' },
    });
    const conversation = new Conversation(slow, phoneWith('9203'), await slow.token({ role: 'user' }));
    await conversation.next(conversation.start());
    expect((await conversation.password()).step.__typename).toBe('WaitStep');
    expect(await slow.stop()).toBe(0);

    server = await start();
    const [turn] = await auditRecords(server, { subject: { phone: conversation.phone } });
    expect(turn).toMatchObject({ operation: 'collect', outcome: 'UNKNOWN' });
    expect(turn?.rule).not.toBe('IN_DOUBT');
    // Nobody runs it any more, so it can be gone on with at once.
    conversation.server = server;
    expect((await conversation.next(conversation.password())).step.__typename).toBe('SmsCaptchaStep');
    expect(await sandbox.calls({ phone: conversation.phone, provider: 'juxinli' })).toHaveLength(3);
  });
});
