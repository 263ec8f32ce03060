// Providers are called directly: a proxy that the environment names for other programs sees none of what is sent.

import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

let proxy: Server;
let server: TestServer;
let seen = 0;
beforeAll(async () => {
  proxy = createServer((socket) => {
    seen += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
  const env = names.flatMap((name) => [[name, url] as const, [name.toLowerCase(), url] as const]);
  server = await startServer({ env: { ...Object.fromEntries(env), NO_PROXY: '', no_proxy: '' } });
});
afterAll(async () => {
  await server?.stop();
  proxy?.close();
});

it('a code is sent past HTTP_PROXY and HTTPS_PROXY', async () => {
  const phone = phoneWith();
  expect(await askForCode(server, { phone })).toMatchObject({ __typename: 'VerificationCodeSent' });
  expect(await server.calls({ phone })).toHaveLength(1);
  expect(seen).toBe(0);
});
