// WebSockets in numbers: of one caller, of all, of subscriptions and of messages there are only so many.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Subscriber, subscriber } from '../phone-binding/subscriber.js';
import { type BareServer, startBareServer } from '../support/bare-server.js';
import { eventually } from '../support/eventually.js';
import { postJson } from '../support/raw-request.js';
import { startServer, type TestServer } from '../support/server.js';
import { type Held, hold } from './sockets.js';

let server: BareServer;
const printed = jest.spyOn(console, 'error');
beforeAll(async () => {
  server = await startBareServer();
});
afterAll(async () => {
  await server?.stop();
  expect(printed).not.toHaveBeenCalled();
});

const open: Subscriber[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
  await eventually(
    () => server.app.websocketServer.clients.size,
    (size) => size === 0,
  );
});
const connect = (token: string, headers: Record<string, string> = {}, at = server) => {
  const client = subscriber(at, { token }, headers);
  open.push(client);
  return client;
};
/** Resolves once it has been served. */
const served = async (client: Subscriber) => {
  const { seen } = client.ask('subscription { address }');
  await eventually(
    () => seen,
    ({ length }) => length > 0,
  );
  return client;
};

const upgrade = (more = '') =>
  [
    'GET /graphql HTTP/1.1',
    'host: localhost',
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol: graphql-transport-ws',
    ...(more ? [more] : []),
    '',
    '',
  ].join('\r\n');

/** A text from a client, masked with zeros. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([Buffer.from([0x81]), length, Buffer.alloc(4), payload]);
}

describe('one caller', () => {
  it('has twenty sockets and no more, until one of them ends; others have theirs', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => served(connect('token-a'))));
    expect(await connect('token-a').closed).toMatchObject({ code: 1013, reason: 'too many connections' });
    await served(connect('token-b'));
    await all[0]?.close();
    await eventually(
      async () => {
        const again = connect('token-a');
        const { seen } = again.ask('subscription { address }');
        await Promise.race([again.closed, new Promise((done) => setTimeout(done, 500))]);
        return seen.length;
      },
      (length) => length === 1,
    );
  });

  it('has a hundred subscriptions on them and no more', async () => {
    const five = Array.from({ length: 5 }, () => connect('token-a'));
    for (const client of five) await served(client);
    for (const client of five) for (let n = 0; n < 20; n += 1) client.ask('subscription { never }');
    const sixth = await served(connect('token-b')).then(() => connect('token-a'));
    expect(await sixth.ask('subscription { never }').ended).toMatchObject({
      errors: [{ extensions: { code: 'OVERLOADED' } }],
    });
    await served(connect('token-b'));
  });

  it('that fails again and again keeps his right to succeed', async () => {
    const client = connect('token-a');
    for (let n = 0; n < 60; n += 1) await client.ask('subscription { nothing }').ended;
    await served(client);
  });
});

describe('a socket', () => {
  it('that sends more than 200 messages in ten seconds is closed, and what it sends further is not read', async () => {
    const flood = await hold(server.url, upgrade());
    const init = JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer token-a' } });
    flood.socket.write(frame(init));
    const ping = frame(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(8_000) } }));
    for (let n = 0; n < 3_000; n += 1) flood.socket.write(ping);
    await flood.closed;
    const pongs = flood.said().split('"type":"pong"').length - 1;
    expect(pongs).toBeGreaterThan(0);
    expect(pongs).toBeLessThanOrEqual(200);
    expect(flood.said()).toContain('too many messages');
  });

  it('that reads nothing of its answers is closed', async () => {
    const deaf = await hold(server.url, upgrade());
    deaf.socket.pause();
    await eventually(
      () => server.app.websocketServer.clients.size,
      (size) => size === 1,
    );
    const ping = frame(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(15_000) } }));
    for (let n = 0; n < 3_000; n += 1) deaf.socket.write(ping);
    await eventually(
      () => server.app.websocketServer.clients.size,
      (size) => size === 0,
    );
    deaf.socket.destroy();
  });

  it.each([
    ['a frame that is none', Buffer.from([0xff, 0xff, 0xff])],
    ['a frame without a mask', Buffer.from([0x81, 0x01, 0x78])],
    [
      'a frame that says it is 2^63 long',
      Buffer.from([0x81, 0xff, 0x7f, ...Array(7).fill(0xff), 0, 0, 0, 0]),
    ],
    ['text that is none', frame('\ud800x').fill(0xff, 6)],
    ['what is no JSON', frame('nonsense')],
    ['JSON that is no message', frame('[]')],
    ['a message that there is not', frame('{"type":"drop"}')],
    [
      'a subscription before it introduces itself',
      frame('{"id":"1","type":"subscribe","payload":{"query":"{ a }"}}'),
    ],
  ])('that sends %s is closed', async (_, bytes) => {
    const broken = await hold(server.url, upgrade());
    await eventually(
      () => broken.said(),
      (said) => said.startsWith('HTTP/1.1 101'),
    );
    broken.socket.write(bytes);
    broken.socket.end();
    await broken.closed;
  });

  it.each([
    ['a Host that is malformed', 'host: localhost', 'host: evil/..'],
    ['no Host', 'host: localhost\r\n', ''],
    ['an address that is none', ' /graphql ', ' /graphql%E0%A4%A '],
  ])('that is asked for with %s is refused, and its connection ends', async (_, good, odd) => {
    const refused = await hold(server.url, upgrade().replace(good, odd));
    await refused.closed;
    expect(refused.said()).toMatch(/^HTTP\/1\.1 400 .*BAD_REQUEST/s);
    expect(server.app.websocketServer.clients.size).toBe(0);
  });

  it('that does not introduce itself is closed after three seconds', async () => {
    const mute = await hold(server.url, upgrade());
    const began = performance.now();
    await mute.closed;
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(mute.said()).toContain('Connection initialisation timeout');
  });

  it('that closes while it introduces itself leaves nothing behind', async () => {
    const init = frame(
      JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer token-a' } }),
    );
    for (let n = 0; n < 60; n += 1) {
      const brief = await hold(server.url, upgrade());
      brief.socket.write(init);
      brief.socket.destroy();
    }
    await served(connect('token-a'));
  });
});

describe('all sockets together', () => {
  it('leave room for requests: the next one is refused before it is one', async () => {
    const small = await startBareServer({}, { maxSockets: 5 });
    const five = await Promise.all(Array.from({ length: 5 }, () => hold(small.url, upgrade())));
    await eventually(
      () => five,
      (all) => all.every(({ said }) => said().startsWith('HTTP/1.1 101')),
    );
    const sixth = await hold(small.url, upgrade());
    await eventually(
      () => sixth.said(),
      (said) => said.includes('OVERLOADED'),
    );
    expect(sixth.said()).toMatch(/^HTTP\/1.1 503 .*retry-after: 5\r\n/s);
    await sixth.closed;
    const { text } = await postJson(small.url, '{"query":"{ address }"}');
    expect(JSON.parse(text).data.address).toBe('127.0.0.1');
    for (const { socket } of five) socket.destroy();
    await small.stop();
  });
});

describe('a page', () => {
  let listed: BareServer;
  beforeAll(async () => {
    const origins = ['https://app.example.org', 'capacitor://localhost'];
    listed = await startBareServer({}, { origins, publicUrl: 'https://yanzheng.example.org/' });
  });
  afterAll(() => listed?.stop());

  it.each([
    ['of this server', 'http://localhost', 101],
    ['of its public address', 'https://yanzheng.example.org', 101],
    ['on the list', 'https://app.example.org', 101],
    ['of an app on the list', 'capacitor://localhost', 101],
    ['of somebody else', 'https://evil.example', 403],
    ['of another port', 'http://localhost:81', 403],
    ['of no origin', 'null', 403],
    ['of nonsense', 'nonsense', 403],
    ['of a name that ends alike', 'https://evil-app.example.org', 403],
    ['of a name that begins alike', 'https://app.example.org.evil.example', 403],
  ])('%s: %s is answered %i', async (_, origin, status) => {
    const page = await hold(listed.url, upgrade(`origin: ${origin}`));
    await eventually(() => page.said(), Boolean);
    page.socket.destroy();
    expect(page.said()).toMatch(`HTTP/1.1 ${status} `);
  });
});

describe('sockets of one address that do not say whose they are', () => {
  let behind: TestServer;
  beforeAll(async () => {
    // A tenth of the connections is an address's share, and half of that its share of sockets.
    behind = await startServer({ env: { TRUSTED_PROXIES: '127.0.0.1', MAX_CONNECTIONS: '100' } });
  });
  afterAll(() => behind?.stop());
  const from = (address: string) => `x-forwarded-for: ${address}`;
  const answerTo = async (held: Held) => {
    const said = await eventually(held.said, (text) => text.includes('\r\n\r\n'));
    return said.split(' ', 2)[1];
  };

  it('have a share, which others do not miss, and which a socket leaves once it is known whose it is', async () => {
    const token = await behind.token({ role: 'user' });
    const init = frame(
      JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }),
    );
    const known: Held[] = [];
    for (let n = 0; n < 8; n += 1) {
      const held = await hold(behind.url, upgrade(from('203.0.113.7')));
      expect(await answerTo(held)).toBe('101');
      held.socket.write(init);
      await eventually(held.said, (text) => text.includes('connection_ack'));
      known.push(held);
    }
    const ask = async (address: string) => answerTo(await hold(behind.url, upgrade(from(address))));
    // They are closed after three seconds, so a slow machine sees more than five of them come and go.
    await eventually(
      async () => Promise.all(Array.from({ length: 12 }, () => ask('203.0.113.7'))),
      (answers) => answers.includes('503'),
    );
    expect(await ask('203.0.113.8')).toBe('101');
    for (const { socket } of known) socket.destroy();
  });
});
