// Clients that send or read slowly, or not at all: they are cut, and nobody else waits for them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { type BareServer, startBareServer } from '../support/bare-server.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { postJson } from '../support/raw-request.js';
import { startServer, type TestServer } from '../support/server.js';
import { drip, drop, type Held, headOf, hold, holdMany, memoryOf } from './sockets.js';

const ask = '{"query":"{ address }"}';

describe('a server of little patience', () => {
  let server: BareServer;
  beforeAll(async () => {
    server = await startBareServer({
      patience: { headersMs: 400, requestMs: 800, checkMs: 50, stillMs: 1_500 },
    });
  });
  afterAll(() => server?.stop());

  /** Who is not cut is waited for until the test is given up. */
  const cut = async (held: Held) => {
    await held.closed;
    return held.said();
  };

  it('cuts who says nothing', async () => {
    expect(await cut(await hold(server.url))).toMatch(/^(HTTP\/1.1 408|$)/);
  });

  it('cuts who sends headers without end', async () => {
    const slow = await hold(server.url, 'POST /graphql HTTP/1.1\r\nhost: localhost\r\nx-slow: ');
    drip(slow, 50);
    const said = await cut(slow);
    expect(said).toMatch(/^HTTP\/1.1 408 /);
    expect(said).toMatch(/"code":"BAD_REQUEST"/);
    expect(said).toMatch(/content-security-policy: default-src 'none'/);
  });

  it('cuts who sends a body without end', async () => {
    const slow = await hold(server.url, `${headOf('/graphql', 60_000)}\r\n{"query":"`);
    drip(slow, 50);
    expect(await cut(slow)).toMatch(/^HTTP\/1.1 408 /);
  });

  it('cuts who sends a body in pieces without end', async () => {
    const head = headOf('/graphql', 0).replace('content-length: 0', 'transfer-encoding: chunked');
    const slow = await hold(server.url, `${head}\r\n`);
    const timer = setInterval(() => slow.socket.write('1\r\n \r\n'), 50);
    await cut(slow);
    clearInterval(timer);
  });

  it('cuts who takes nothing of his answers', async () => {
    const large = '{"query":"{ large }"}';
    const request = `${headOf('/graphql', large.length)}\r\n${large}`;
    const greedy = await hold(server.url);
    greedy.socket.pause();
    greedy.socket.write(request.repeat(20));
    await eventually(
      () => new Promise<number>((done) => server.app.server.getConnections((_, count) => done(count))),
      (count) => count === 0,
    );
    greedy.socket.destroy();
  });

  it('cuts who asks for more without waiting for answers', async () => {
    const body = '{"query":"mutation { wait(ms: 20000) }"}';
    const hasty = await hold(server.url, `${headOf('/graphql', body.length)}\r\n${body}`.repeat(2_000));
    await cut(hasty);
    expect(hasty.said()).toBe('');
  });

  it('answers who asks for a little more', async () => {
    const request = `${headOf('/graphql', ask.length)}\r\n${ask}`;
    const quick = await hold(server.url, request.repeat(10));
    await eventually(
      () => quick.said().split('HTTP/1.1 200 OK').length - 1,
      (answers) => answers === 10,
    );
    quick.socket.destroy();
  });

  it('answers who hurries', async () => {
    expect(JSON.parse((await postJson(server.url, ask)).text).data).toEqual({ address: '127.0.0.1' });
  });
});

describe('a server with 2,000 idle and 600 slow connections', () => {
  let server: TestServer;
  let all: Held[] = [];
  beforeAll(async () => {
    server = await startServer();
    await askForCode(server, { phone: phoneWith() });
  });
  afterAll(async () => {
    drop(all);
    await server?.stop();
  });

  it('serves everybody else, and its memory stays what it was', async () => {
    const before = memoryOf(server.pid);
    all = [
      ...(await holdMany(server.url, 2_000)),
      ...(await holdMany(server.url, 300, 'POST /graphql HTTP/1.1\r\nhost: localhost\r\nx-slow: ')),
      ...(await holdMany(server.url, 300, `${headOf('/graphql', 60_000)}\r\n{"query":"${'x'.repeat(2_000)}`)),
    ];
    for (const held of all.slice(2_000)) drip(held, 500);
    const began = performance.now();
    const sent = await Promise.all(
      Array.from({ length: 10 }, () => askForCode(server, { phone: phoneWith() })),
    );
    expect(sent.map(({ __typename }) => __typename)).toEqual(Array(10).fill('VerificationCodeSent'));
    for (const path of ['/livez', '/readyz']) expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(memoryOf(server.pid) - before).toBeLessThan(150);
  });

  it('has cut all of them after a while', async () => {
    const ends = all.slice(0, 2_300).map(({ closed }) => closed);
    await Promise.all(ends);
    expect(await askForCode(server, { phone: phoneWith() })).toHaveProperty(
      '__typename',
      'VerificationCodeSent',
    );
  });
});
