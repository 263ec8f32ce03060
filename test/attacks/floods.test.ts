// More than there is room for is sent away at once with 503 and Retry-After; what is inside goes on, and the server
// still says that it lives.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { serveHealth } from '../../src/health.js';
import { createHttpServer } from '../../src/http-server.js';
import { Room } from '../../src/limits/room.js';
import { type BareServer, startBareServer } from '../support/bare-server.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { requestCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { postJson, type RawAnswer, rawRequest } from '../support/raw-request.js';
import { startServer, type TestServer } from '../support/server.js';
import { drop, headOf, hold, holdMany, memoryOf } from './sockets.js';

const waiting = (ms: number) => JSON.stringify({ query: `mutation { wait(ms: ${ms}) }` });
const served = ({ text }: RawAnswer) => JSON.parse(text).data?.wait === true;
const expectSentAway = (answer: RawAnswer) => {
  expectPublicError(answer, 'OVERLOADED');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
};

describe('a server with room for 20', () => {
  let server: BareServer;
  beforeAll(async () => {
    server = await startBareServer({}, { room: new Room(20) });
  });
  afterAll(() => server?.stop());

  it('serves 20 of 200 and sends the others away at once', async () => {
    let lastSentAway = 0;
    let firstServed = Number.POSITIVE_INFINITY;
    const answers = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const answer = await postJson(server.url, waiting(5_000));
        if (!served(answer)) lastSentAway = performance.now();
        else firstServed = Math.min(firstServed, performance.now());
        return answer;
      }),
    );
    expect(answers.filter(served)).toHaveLength(20);
    for (const answer of answers.filter((one) => !served(one))) expectSentAway(answer);
    expect(lastSentAway).toBeLessThan(firstServed);
    expect(served(await postJson(server.url, waiting(1)))).toBe(true);
  });

  it('says that it lives meanwhile', async () => {
    const all = Array.from({ length: 20 }, () => postJson(server.url, waiting(3_000)));
    await eventually(
      () => postJson(server.url, waiting(1)),
      ({ status }) => status === 503,
    );
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    await Promise.all(all);
  });

  it('counts what it works on for those who have gone', async () => {
    const body = waiting(6_000);
    const gone = await holdMany(server.url, 20, `${headOf('/graphql', body.length)}\r\n${body}`);
    await eventually(
      () => postJson(server.url, waiting(1)),
      ({ status }) => status === 503,
    );
    drop(gone);
    await new Promise((done) => setTimeout(done, 100));
    expectSentAway(await postJson(server.url, waiting(1)));
    await eventually(() => postJson(server.url, waiting(1)), served);
  });

  it('gives no room to bodies that are on their way', async () => {
    const slow = await holdMany(server.url, 200, `${headOf('/graphql', 60_000)}\r\n{"query":`);
    expect(served(await postJson(server.url, waiting(1)))).toBe(true);
    drop(slow);
  });
});

/** A server learns of an end a little later than its client. */
const opensAgain = ({ url }: BareServer) =>
  eventually(
    () =>
      fetch(`${url}/livez`, { headers: { connection: 'close' } }).then(
        ({ status }) => status,
        () => 'closed',
      ),
    (seen) => seen === 200,
  );

describe('a server with room for 50 connections', () => {
  it('closes the next ones, and opens again once the first are cut', async () => {
    const patience = { headersMs: 600, requestMs: 1_000, checkMs: 50, stillMs: 10_000 };
    const server = await startBareServer({ maxConnections: 50, patience });
    const all = await holdMany(server.url, 50);
    const next = await hold(server.url, 'GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await next.closed;
    expect(next.said()).toBe('');
    await Promise.all(all.map(({ closed }) => closed));
    await opensAgain(server);
    await server.stop();
  });
});

describe('a server of which one address may hold 20 connections', () => {
  it('closes what it opens beyond them, and opens again once one of them ends', async () => {
    const server = await startBareServer({ connectionShare: { most: 20, isExempt: () => false } });
    const all = await holdMany(server.url, 20);
    const next = await hold(server.url, 'GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await next.closed;
    expect(next.said()).toBe('');
    drop(all.splice(0, 1));
    await opensAgain(server);
    drop(all);
    await server.stop();
  });

  it('does not count what a proxy opens, which speaks for many', async () => {
    const isExempt = (address: string) => address === '127.0.0.1';
    const server = await startBareServer({ connectionShare: { most: 20, isExempt } });
    const all = await holdMany(server.url, 50);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    drop(all);
    await server.stop();
  });
});

describe('readiness', () => {
  it('is asked of the database once for all who ask, and anew after a while', async () => {
    const app = createHttpServer(pino({ level: 'silent' }));
    let asked = 0;
    let arrived = 0;
    let answer = () => {};
    const answered = new Promise<void>((done) => {
      answer = done;
    });
    app.addHook('onRequest', async () => {
      arrived += 1;
    });
    serveHealth(app, () => {
      asked += 1;
      return answered;
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const ask = () => rawRequest(`${url}/readyz`, { method: 'GET' });
    const all = Array.from({ length: 200 }, ask);
    await eventually(
      () => arrived,
      (count) => count === 200,
    );
    expect(asked).toBe(1);
    answer();
    expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([200]));
    await eventually(ask, () => asked === 2);
    await app.close();
  });
});

describe('MAX_IN_FLIGHT', () => {
  let database: TestDatabase;
  let server: TestServer;
  beforeAll(async () => {
    database = await freshDatabase();
    server = await startServer({ database, env: { MAX_IN_FLIGHT: '40', USERCOIN_DEADLINE_MS: '6000' } });
  });
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
  });

  it('holds while a provider is silent: the rest costs no memory, and notices are to come again', async () => {
    const full = () => server.graphql('{ __typename }').then(({ status }) => status === 503);
    const ask = () =>
      postJson(
        server.url,
        JSON.stringify({
          query: `${requestCode} # ${'x'.repeat(50_000)}`,
          variables: { phone: phoneWith('9003') },
        }),
      );
    const inside = Array.from({ length: 40 }, ask);
    await eventually(full, Boolean);
    const before = memoryOf(server.pid);
    const notice = await fetch(`${server.url}/webhooks/tongqifu/phone-binding`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'sign=forged',
    });
    expect(notice.status).toBe(503);
    const signed = 'reqTraceNum=0192f0c123457abc8def0123456789ab';
    expectSentAway(await rawRequest(`${server.url}/h5/return/tongqifu?${signed}`, { method: 'GET' }));
    for (const path of ['/livez', '/readyz']) expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    const sentAway = await Promise.all(Array.from({ length: 300 }, ask));
    for (const answer of sentAway) expectSentAway(answer);
    expect(await full()).toBe(true);
    expect(memoryOf(server.pid) - before).toBeLessThan(100);
    const outcomes = (await Promise.all(inside)).map(
      ({ text }) => JSON.parse(text).data.requestVerificationCode,
    );
    expect(new Set(outcomes.map(({ __typename }) => __typename))).toEqual(new Set(['OutcomeUnknown']));
    expect(await full()).toBe(false);
  });
});
