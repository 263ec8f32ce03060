// A call that lasts: its caller is told to come back, whoever comes back joins it, and nobody makes a second one
// beside it, from whichever replica.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecords } from '../support/audit.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import type { OperatorMutation } from '../support/operator-operations.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation, outcomeOf, PASSWORD } from './conversation.js';

const DEADLINE_MS = 4_000;
const PATIENCE_MS = 500;

let database: TestDatabase;
let server: TestServer;
let other: TestServer;
let token: string;
const env = { PATIENCE_MS: String(PATIENCE_MS), JUXINLI_COLLECT_DEADLINE_MS: String(DEADLINE_MS) };
beforeAll(async () => {
  database = await freshDatabase();
  server = await startServer({ database, env });
  other = onPostgres ? await startServer({ database, env, sandboxOf: server }) : server;
  token = await server.token({ role: 'user' });
});
afterAll(async () => {
  if (other !== server) await other?.stop();
  await server?.stop();
  await database?.drop();
});

const waits = { __typename: 'WaitStep', pollAfterMs: 1_000 };

async function started(lastFour: string): Promise<Conversation> {
  const conversation = new Conversation(server, phoneWith(lastFour), token);
  await conversation.next(conversation.start());
  return conversation;
}

async function lastRecord({ phone }: Conversation) {
  const [last] = await auditRecords(server, { subject: { phone } });
  return last;
}

describe('a call that outlasts the patience of its caller', () => {
  it('goes on, and gives the next step to whoever joins it: 9206', async () => {
    const conversation = await started('9206');
    const told = await conversation.password();
    expect(told).toMatchObject({ step: waits, continuation: expect.any(String), providerCode: null });
    expect((await conversation.seen()).step).toEqual(waits);

    const next = await conversation.joined();
    expect(next).toMatchObject({ step: { __typename: 'SmsCaptchaStep', reason: 'FIRST' } });
    expect(await conversation.turns()).toBe(1);
    expect(await lastRecord(conversation)).toMatchObject({ outcome: 'ACCEPTED', providerCode: '10002' });
    // The password went along in the continuation that came with the WaitStep.
    const captcha = await conversation.next(conversation.captcha());
    expect(captcha.step.__typename).toBe('CollectionStarted');
  });

  it('is waited for by four at once; those beyond are told at once that it goes on', async () => {
    const patient = await startServer({ sandboxOf: server, env: { JUXINLI_COLLECT_DEADLINE_MS: '20000' } });
    const conversation = new Conversation(patient, phoneWith('9206'), await patient.token({ role: 'user' }));
    await conversation.start();
    const sending = conversation.password();
    await eventually(
      () => conversation.turns(),
      (turns) => turns === 1,
    );
    const steps = await Promise.all(
      Array.from(
        { length: 9 },
        async () => outcomeOf(await conversation.send('continueOperatorAuthentication')).step.__typename,
      ),
    );
    expect(steps.sort()).toEqual([...Array(4).fill('SmsCaptchaStep'), ...Array(5).fill('WaitStep')]);
    expect(await sending).toMatchObject({ step: { __typename: 'SmsCaptchaStep' } });
    await patient.stop();
  });

  it('can be gone on with once its deadline is over, and is UNKNOWN: 9203', async () => {
    const conversation = await started('9203');
    expect((await conversation.password()).step).toEqual(waits);
    expect(await conversation.joined()).toMatchObject({
      step: { __typename: 'ServicePasswordStep', retry: false },
    });
    expect(await conversation.turns()).toBe(1);
    const record = await lastRecord(conversation);
    expect(record).toMatchObject({ outcome: 'UNKNOWN', rule: 'DEADLINE', purpose: 'SUBMIT_PASSWORD' });
    expect(record?.entries.map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME']);
    expect(record?.entries[1]?.detail).toMatchObject({ outcome: 'UNKNOWN', rule: 'DEADLINE' });

    expect((await conversation.next(conversation.password())).step.__typename).toBe('SmsCaptchaStep');
    expect((await conversation.next(conversation.captcha())).step.__typename).toBe('CollectionStarted');
  });

  it('stays the only one, however impatient the fingers and on whichever replica', async () => {
    const conversation = await started('9206');
    const impatient: OperatorMutation[] = [
      'submitServicePassword',
      'continueOperatorAuthentication',
      'resendSmsCaptcha',
      'submitSmsCaptcha',
    ];
    const given: Partial<Record<OperatorMutation, object>> = {
      submitServicePassword: { password: PASSWORD },
      submitSmsCaptcha: { captcha: '000000' },
    };
    // The first may be any of the five submits; the others find it under way.
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, finger) => {
        const mutation = impatient[finger % impatient.length] ?? 'submitServicePassword';
        const replica = new Conversation(finger % 8 < 4 ? server : other, conversation.phone, token);
        replica.id = conversation.id;
        replica.continuation = conversation.continuation;
        return replica.send(mutation, given[mutation]);
      }),
    );
    for (const answer of answers) {
      expect(['WaitStep', 'ServicePasswordStep']).toContain(outcomeOf(answer).step.__typename);
    }
    // Nor while it lasts.
    const waiting = answers.map(outcomeOf).filter(({ step }) => step.__typename === 'WaitStep');
    expect(waiting.length).toBeGreaterThan(0);
    conversation.continuation = waiting[0].continuation;
    expect((await conversation.password()).step).toEqual(waits);
    expect((await conversation.joined()).step.__typename).toBe('SmsCaptchaStep');
    expect(await conversation.turns()).toBe(1);
    expect(await server.inbox(conversation.phone)).toHaveLength(1);
    expect(await auditRecords(server, { flow: conversation.id })).toHaveLength(2);
  });

  it('is answered to a second, impatient submission so that it can be gone on with', async () => {
    const conversation = await started('9206');
    const before = conversation.continuation;
    await conversation.password();
    // The front-end sends it again, as after a reload, and keeps what it got last.
    expect((await conversation.password(PASSWORD, { continuation: before })).step).toEqual(waits);
    expect((await conversation.joined()).step.__typename).toBe('SmsCaptchaStep');
    expect((await conversation.next(conversation.captcha())).step.__typename).toBe('CollectionStarted');
    expect(await conversation.turns()).toBe(2);
  });
});

const lane = onPostgres ? describe : describe.skip;
const reason = onPostgres ? '' : ' (skipped: the embedded database has one process)';

lane(`a call of another process${reason}`, () => {
  it('is joined over the database, and never doubled', async () => {
    const conversation = await started('9206');
    await conversation.password();
    conversation.server = other;
    expect((await conversation.seen()).step).toEqual(waits);
    expect((await conversation.password()).step).toEqual(waits);
    expect((await conversation.joined()).step.__typename).toBe('SmsCaptchaStep');
    conversation.server = server;
    expect(await conversation.turns()).toBe(1);
    const captcha = await conversation.newestCode();
    conversation.server = other;
    expect((await conversation.next(conversation.captcha(captcha))).step.__typename).toBe(
      'CollectionStarted',
    );
  });

  it('can be gone on with elsewhere once its deadline is over', async () => {
    const conversation = await started('9203');
    await conversation.password();
    conversation.server = other;
    expect((await conversation.joined()).step.__typename).toBe('ServicePasswordStep');
    expect((await conversation.next(conversation.password())).step.__typename).toBe('SmsCaptchaStep');
    conversation.server = server;
    expect(await conversation.turns()).toBe(2);
  });
});
