// Every operation against servers that misbehave below the provider's own language: nobody there, dripping,
// endless, elsewhere, wrongly labelled, cut off on the way.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { broken, oneOf, randomOf } from '../../support/mutated-answers.js';
import { freePort } from '../../support/server.js';
import { type OfferedOperation, offeredOperations, titled } from './offers.js';
import { deadlines, endOf, newSubject, openStage, prefixOf, type Stage, serve } from './stage.js';

/** In milliseconds. */
const SHORT = 1_000;
const LONG = 20_000;

/** A raw TCP server: what is written is all that is sent. */
async function tcp(
  answer: (socket: Socket) => void,
): Promise<{ url: string; requests(): number; close(): Promise<void> }> {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      requests += 1;
      answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

describe.each(titled(offeredOperations))('%s', (_, offered: OfferedOperation) => {
  const { provider, operation, described } = offered;
  const [first] = described.calls;
  const good = described.answers.find(({ means }) => 'accepted' in means)?.text ?? '';
  const bytes = Buffer.byteLength(good);
  let stage: Stage;
  let input: unknown;
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    stage = await openStage(provider);
    input = await first?.prepare(newSubject(described.subject), stage.talk(first.variables));
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  afterAll(() => stage.close());

  /** One call to another address. */
  const callAt = (url: string, deadlineMs = LONG) =>
    stage.call(operation, input, {
      ...first?.variables,
      ...deadlines(provider, deadlineMs),
      [`${prefixOf(provider)}_URL`]: url,
    });
  const at = async <Opened extends { close(): Promise<void> }>(opening: Promise<Opened>): Promise<Opened> => {
    const opened = await opening;
    closers.push(() => opened.close());
    return opened;
  };
  const serveAlways = (status: number, headers: Record<string, string>, body: string | Buffer = '') =>
    at(serve((_request, response) => response.writeHead(status, headers).end(body)));

  it('was surely not sent where nobody listens', async () => {
    const ended = await callAt(`http://127.0.0.1:${await freePort()}`);
    expect(ended).toEqual({ is: 'FAILED', maybeSent: false, reason: 'ECONNREFUSED' });
  });

  it('was surely not sent where the name leads nowhere', async () => {
    const ended = await callAt('http://nobody.invalid');
    expect(ended).toMatchObject({ is: 'FAILED', maybeSent: false });
  });

  it('ends at its deadline, however the answer drips', async () => {
    const dripping = await at(
      serve((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      }),
    );
    expect(await callAt(dripping.url, SHORT)).toEqual({ is: 'FAILED', maybeSent: true, reason: 'DEADLINE' });
    expect(dripping.requests()).toBe(1);
  });

  it('ends at its deadline where a connection is taken and nothing is said', async () => {
    const silent = await at(tcp(() => {}));
    expect(await callAt(silent.url, SHORT)).toEqual({ is: 'FAILED', maybeSent: true, reason: 'DEADLINE' });
  });

  it.each([['with its length'], ['without']])('does not read an endless answer, %s', async (way) => {
    const body = good + ' '.repeat(400_000);
    const endless = await at(
      serve((_request, response) => {
        const length = way === 'without' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
        response.writeHead(200, { 'content-type': 'application/json', ...length }).end(body);
      }),
    );
    expect(await callAt(endless.url)).toMatchObject({ is: 'FAILED', maybeSent: true });
    expect(endless.requests()).toBe(1);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect (%i)', async (status) => {
    const elsewhere = await serveAlways(200, { 'content-type': 'application/json' }, good);
    const here = await serveAlways(status, { location: `${elsewhere.url}/elsewhere` }, good);
    expect(await callAt(here.url)).toEqual({ is: 'FAILED', maybeSent: true, reason: `HTTP_${status}` });
    expect([here.requests(), elsewhere.requests()]).toEqual([1, 0]);
  });

  it.each([400, 401, 404, 429, 502, 503])(
    'is never a success, and not repeated, with status %i',
    async (status) => {
      const failing = await serveAlways(
        status,
        { 'content-type': 'application/json', 'retry-after': '0' },
        good,
      );
      expect(await callAt(failing.url)).toEqual({ is: 'FAILED', maybeSent: true, reason: `HTTP_${status}` });
      expect(failing.requests()).toBe(1);
    },
  );

  it.each([
    ['none', {}],
    ['HTML', { 'content-type': 'text/html' }],
    ['a picture', { 'content-type': 'image/png' }],
    ['another character set', { 'content-type': 'text/plain;charset=GBK' }],
    ['nonsense', { 'content-type': ';;=,' }],
  ])('does not mind a wrong content type: %s', async (_type, headers) => {
    for (const { text, means } of described.answers) {
      const { url } = await serveAlways(200, headers as Record<string, string>, text);
      expect(await callAt(url)).toMatchObject({ is: 'accepted' in means ? 'ACCEPTED' : 'REFUSED' });
    }
  });

  it.each([
    ['nothing', ''],
    ['a page', '<!DOCTYPE html><html><body>welcome</body></html>'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['an empty list', '[]'],
    ['no text at all', Buffer.from([0xff, 0xfe, 0x00, 0x9f, 0x92, 0x96])],
  ])('cannot read %s', async (_what, body) => {
    const { url } = await serveAlways(200, { 'content-type': 'application/json' }, body);
    expect(await callAt(url)).toMatchObject({ is: 'UNREADABLE' });
  });

  it('never takes an answer that was cut off on the way', async () => {
    const cuts = [0, 1, Math.floor(bytes / 2), bytes - 3].map((length) =>
      Buffer.from(good).subarray(0, length),
    );
    const heads = [`content-length: ${bytes}\r\n`, 'connection: close\r\n', 'transfer-encoding: chunked\r\n'];
    for (const head of heads) {
      for (const cut of cuts) {
        const chunk = head.startsWith('transfer') ? `${cut.length.toString(16)}\r\n` : '';
        const there = await at(
          tcp((socket) => {
            socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${head}\r\n${chunk}`);
            socket.end(cut);
          }),
        );
        const ended = await callAt(there.url);
        expect([head, cut.length, ended.is]).toEqual([
          head,
          cut.length,
          expect.stringMatching(/^(FAILED|UNREADABLE)$/),
        ]);
        if (ended.is === 'FAILED') expect(ended.maybeSent).toBe(true);
        expect(there.requests()).toBe(1);
      }
    }
  });

  it('comes to one typed outcome, whatever bytes are answered in whatever pieces', async () => {
    const random = randomOf(4_000);
    let answer = Buffer.alloc(0);
    let headers = {};
    const { url, requests } = await at(
      serve((_request, response) => {
        response.writeHead(200, headers);
        for (let from = 0; from < answer.length; ) {
          const to = from + 1 + Math.floor(random() * answer.length);
          response.write(answer.subarray(from, to));
          from = to;
        }
        response.end();
      }),
    );
    const line = stage.line({
      ...first?.variables,
      ...deadlines(provider, LONG),
      [`${prefixOf(provider)}_URL`]: url,
    });
    const count = 40;
    for (let run = 0; run < count; run += 1) {
      const { text } = oneOf(random, described.answers);
      answer = Buffer.from(broken(text, random));
      if (answer.length > 0 && random() < 0.5) {
        answer[Math.floor(random() * answer.length)] = Math.floor(random() * 256);
      }
      headers = { 'content-type': oneOf(random, ['text/html', 'application/json', 'x']) };
      const ended = await endOf(line.call(operation, input, { requestId: uuidv7() }));
      expect(['ACCEPTED', 'REFUSED', 'UNREADABLE']).toContain(ended.is);
    }
    expect(requests()).toBe(count);
  });
});
