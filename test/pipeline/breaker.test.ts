// The breaker of a provider: opens where most calls break off, lets one call try, and keeps none waiting for it.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openLine, type ProviderLine } from '../../src/pipeline/call.js';
import { usercoin } from '../../src/providers/usercoin/index.js';

const HALF_OPEN_AFTER_MS = 10_000;

let isBroken = true;
const waiting: ServerResponse[] = [];
const provider = createServer((request, response) => {
  if (isBroken) request.socket.destroy();
  else waiting.push(response);
});
let line: ProviderLine;
beforeAll(async () => {
  await once(provider.listen(0, '127.0.0.1'), 'listening');
  const sandboxUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const settings = usercoin.configure(
    usercoin.environment.parse({ USERCOIN_DEADLINE_MS: '20000' }),
    { production: false, sandboxUrl },
    [],
  );
  line = openLine(usercoin, settings);
});
afterAll(async () => {
  await line?.close();
  provider.closeAllConnections();
  provider.close();
});

const ask = () =>
  line.call(
    usercoin.operations.sendCode,
    { phone: '+8613800138000', purpose: 'REGISTER' },
    { requestId: '01900000-0000-7000-8000-000000000000' },
  );

it('opens, tries again with one call, and turns away the others at once meanwhile', async () => {
  for (let i = 0; i < 70; i += 1) await ask().catch(() => {});
  expect(line.breakerState()).toBe('OPEN');
  await expect(ask()).rejects.toMatchObject({ maybeSent: false, reason: 'BREAKER_OPEN' });

  isBroken = false;
  await sleep(HALF_OPEN_AFTER_MS + 200);
  const trying = ask().catch(() => 'ended');
  while (waiting.length === 0) await sleep(20);
  expect(line.breakerState()).toBe('HALF_OPEN');
  await expect(ask()).rejects.toMatchObject({ maybeSent: false, reason: 'BREAKER_OPEN' });
  expect(waiting).toHaveLength(1);

  waiting[0]?.end('{}');
  await trying;
  expect(line.breakerState()).toBe('CLOSED');
});
