// The client's subscriptions against the server's WebSocket: which ends are final, and which are not.
import { afterEach, expect, it } from '@jest/globals';
import { WebSocket } from 'undici';
import type { Caller } from '../../../src/auth/caller.js';
import { Fault } from '../../../src/errors.js';
import { openSubscriptions } from '../../../src/web/client/subscriptions.js';
import type { TypedDocument } from '../../../src/web/client/typed-document.js';
import { type BareServer, startBareServer } from '../../support/bare-server.js';

let server: BareServer;
let stop = () => {};
afterEach(async () => {
  stop();
  await server?.stop();
});

const ADDRESS = { query: 'subscription { address }' } as TypedDocument<{ address: string }, object>;
const NEVER = { query: 'subscription { never }' } as TypedDocument<object, object>;

const caller = (expiresAt = new Date(Date.now() + 60_000)): Caller => ({
  actor: 'token-1',
  roles: new Set(['user']),
  actFor: '*',
  expiresAt,
});

/** Resolves with the end that was told, or with what came. */
function listen(document: TypedDocument<object, object>, token = () => 'token-1') {
  const client = openSubscriptions({
    url: `${server.url}/graphql`,
    clientId: 'app',
    token,
    webSocket: WebSocket,
  });
  return new Promise<unknown>((resolve) => {
    stop = client.subscribe(document, {}, { next: resolve, error: ({ code }) => resolve(code) });
  });
}

it('tells that a token was refused, and asks no more', async () => {
  let asked = 0;
  const verify = async () => {
    asked += 1;
    throw new Fault('UNAUTHENTICATED');
  };
  server = await startBareServer({}, { verify });
  expect(await listen(ADDRESS)).toBe('UNAUTHENTICATED');
  expect(asked).toBe(1);
});

it('connects again with the next token where one has ended', async () => {
  const given: string[] = [];
  const verify = async (token: string) => {
    given.push(token);
    if (given.length > 2) throw new Fault('UNAUTHENTICATED');
    return caller(new Date(Date.now() + 50));
  };
  server = await startBareServer({}, { verify });
  let made = 0;
  const end = listen(NEVER, () => {
    made += 1;
    return `token-${made}`;
  });
  expect(await end).toBe('UNAUTHENTICATED');
  expect(given).toEqual(['token-1', 'token-2', 'token-3']);
});

it("takes a fault of the server's for none of the token", async () => {
  let asked = 0;
  const verify = async () => {
    asked += 1;
    if (asked === 1) throw new TypeError('a bug');
    return caller();
  };
  server = await startBareServer({}, { verify });
  expect(await listen(ADDRESS)).toMatchObject({ address: expect.any(String) });
  expect(asked).toBe(2);
});
