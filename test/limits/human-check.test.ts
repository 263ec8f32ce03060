// The human check: demanded by rule, bound to what was asked for, and good for one request on whatever replica.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HumanChecks } from '../../src/limits/human-check.js';
import { askForCode } from '../support/ask.js';
import { auditRecords } from '../support/audit.js';
import { onPostgres } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { solveHumanCheck } from '../support/solve-human-check.js';

const demanded = { __typename: 'Refusal', code: 'HUMAN_CHECK_REQUIRED' };
const sent = { __typename: 'VerificationCodeSent' };

describe('a server that always demands it of the anonymous', () => {
  let server: TestServer;
  beforeAll(async () => {
    const limits = { rules: { ADDRESS_CHECK: [{ most: 0, seconds: 60 }] }, humanCheck: { work: 300 } };
    server = await startServer({ limits, env: { TRUSTED_PROXIES: '127.0.0.1' } });
  });
  afterAll(() => server?.stop());

  it('has one record for all whom it asks, however many addresses they have', async () => {
    const before = (await auditRecords(server)).length;
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        askForCode(server, { phone: phoneWith() }, { headers: { 'x-forwarded-for': `2001:db8:1:${n}::1` } }),
      ),
    );
    for (const answer of answers) expect(answer).toMatchObject(demanded);
    expect((await auditRecords(server)).length - before).toBeLessThanOrEqual(1);
  });

  const challengeFor = async (phone: string) => {
    const refusal = await askForCode(server, { phone });
    expect(refusal).toMatchObject({
      ...demanded,
      retryAfterMs: null,
      humanCheck: { challenge: { parameters: { algorithm: 'SHA-256' } } },
    });
    return refusal.humanCheck.challenge;
  };

  it('sends nothing before it is solved, and sends once it is', async () => {
    const phone = phoneWith();
    const challenge = await challengeFor(phone);
    expect(await server.calls({ phone })).toEqual([]);
    expect(await askForCode(server, { phone, humanCheck: await solveHumanCheck(challenge) })).toMatchObject(
      sent,
    );
  });

  it('goes on with the same idempotency key, and repeats the answer', async () => {
    const phone = phoneWith();
    const { humanCheck } = await askForCode(server, { phone, key: 'checked' });
    const solution = await solveHumanCheck(humanCheck.challenge);
    const first = await askForCode(server, { phone, key: 'checked', humanCheck: solution });
    expect(first).toMatchObject(sent);
    expect(await askForCode(server, { phone, key: 'checked', humanCheck: solution })).toMatchObject({
      requestId: first.requestId,
      replayed: true,
    });
  });

  it('takes a solution once', async () => {
    const phone = phoneWith();
    const humanCheck = await solveHumanCheck(await challengeFor(phone));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => askForCode(server, { phone, humanCheck })),
    );
    expect(answers.filter(({ __typename }) => __typename === 'VerificationCodeSent')).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'HUMAN_CHECK_REQUIRED')).toHaveLength(9);
    expect(await server.calls({ phone })).toHaveLength(1);
  });

  it('takes it for the number that it was made for only', async () => {
    const humanCheck = await solveHumanCheck(await challengeFor(phoneWith()));
    const other = phoneWith();
    expect(await askForCode(server, { phone: other, humanCheck })).toMatchObject(demanded);
    expect(await server.calls({ phone: other })).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['no base64', '***'],
    ['no JSON', Buffer.from('{').toString('base64')],
    ['another JSON', Buffer.from('{"challenge":{"parameters":{}}}').toString('base64')],
    ['a novel', 'A'.repeat(20_000)],
  ])('does not take %s for a solution', async (_, humanCheck) => {
    expect(await askForCode(server, { phone: phoneWith(), humanCheck })).toMatchObject(demanded);
  });

  it('does not ask whoever is signed in', async () => {
    const token = await server.token({ role: 'user' });
    expect(await askForCode(server, { phone: phoneWith() }, { token })).toMatchObject(sent);
  });

  const lane = onPostgres ? it : it.skip;
  const reason = onPostgres ? '' : ' (skipped: the embedded database has one server)';
  lane(`takes it once across replicas${reason}`, async () => {
    const other = await startServer({
      database: server.database,
      sandboxOf: server,
      limits: { rules: { ADDRESS_CHECK: [{ most: 0, seconds: 60 }], PHONE_CHECKED: null } },
    });
    const phone = phoneWith();
    const humanCheck = await solveHumanCheck(await challengeFor(phone));
    const answers = await Promise.all(
      [server, other, server, other].map((one) => askForCode(one, { phone, humanCheck })),
    );
    await other.stop();
    expect(answers.filter(({ __typename }) => __typename === 'VerificationCodeSent')).toHaveLength(1);
    expect(await server.calls({ phone })).toHaveLength(1);
  });
});

describe('after some messages from an address', () => {
  it('it is demanded, from there only', async () => {
    const server = await startServer({
      limits: { rules: { ADDRESS_CHECK: [{ most: 2, seconds: 60 }] }, humanCheck: { work: 10 } },
      env: { TRUSTED_PROXIES: '127.0.0.1' },
    });
    const from = (address: string) =>
      askForCode(server, { phone: phoneWith() }, { headers: { 'x-forwarded-for': address } });
    expect(await from('203.0.113.5')).toMatchObject(sent);
    expect(await from('203.0.113.5')).toMatchObject(sent);
    expect(await from('203.0.113.5')).toMatchObject(demanded);
    expect(await from('203.0.113.6')).toMatchObject(sent);
    // One subscriber of IPv6 has a whole network.
    expect(await from('2001:db8:1:2::1')).toMatchObject(sent);
    expect(await from('2001:db8:1:2:ffff::9')).toMatchObject(sent);
    expect(await from('2001:db8:1:2::3')).toMatchObject(demanded);
    await server.stop();
  });
});

describe('a solution', () => {
  const checks = new HumanChecks('secret', { work: 50, seconds: 60 });
  const solved = async (asked: string, made = checks) => {
    const { challenge } = await made.challenge(asked);
    return solveHumanCheck(challenge as Parameters<typeof solveHumanCheck>[0]);
  };

  it('is right where it was made, for as long as was said', async () => {
    const { expiresAt } = await checks.challenge('ab');
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 50_000);
    const passed = await checks.verify(await solved('ab'), 'ab');
    expect(passed?.id).toMatch(/^[\da-f]{64}$/);
  });

  it('is wrong for something else, from elsewhere, and too late', async () => {
    expect(await checks.verify(await solved('ab'), 'ac')).toBeNull();
    const stranger = new HumanChecks('another secret', { work: 50, seconds: 60 });
    expect(await checks.verify(await solved('ab', stranger), 'ab')).toBeNull();
    const brief = new HumanChecks('secret', { work: 50, seconds: -1 });
    expect(await checks.verify(await solved('ab', brief), 'ab')).toBeNull();
  });

  it('is wrong once anything of it was changed, and never an error', async () => {
    const { challenge, solution } = JSON.parse(Buffer.from(await solved('ab'), 'base64').toString('utf8'));
    const places: [object, string][] = [
      ...Object.keys(challenge.parameters).map((name): [object, string] => [challenge.parameters, name]),
      [challenge, 'signature'],
      [solution, 'counter'],
      [solution, 'derivedKey'],
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.oneof(fc.jsonValue(), fc.integer(), fc.stringMatching(/^[\da-f]{1,64}$/)),
        async ([of, name], value) => {
          const holder = of as Record<string, unknown>;
          const kept = holder[name];
          fc.pre(JSON.stringify(value) !== JSON.stringify(kept));
          holder[name] = value;
          const text = Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
          holder[name] = kept;
          expect(await checks.verify(text, 'ab')).toBeNull();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is never found in noise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.base64String()), async (text) => {
        expect(await checks.verify(text, 'ab')).toBeNull();
        expect(await checks.verify(Buffer.from(text).toString('base64'), 'ab')).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});
