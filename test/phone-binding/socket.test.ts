// The WebSocket serves subscriptions of those who are signed in, for as long as they are, and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importJWK, SignJWT } from 'jose';
import { WebSocket } from 'undici';
import { auditRecords } from '../support/audit.js';
import { eventually } from '../support/eventually.js';
import { bindPhone, readBinding } from '../support/operations.js';
import { startServer, type TestServer } from '../support/server.js';
import { bind, bindingOf, legalPerson } from './binding.js';
import { subscriber } from './subscriber.js';

let server: TestServer;
let token: string;
let id: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.token({ role: 'user', sub: 'alice' });
  ({ id } = await bind(server, legalPerson(), { token }));
});
afterAll(() => server?.stop());

/** A token like a development token, with another end. */
async function tokenUntil(seconds: number): Promise<string> {
  const jwk = JSON.parse(readFileSync(join(server.database.dataDir, 'keys', 'token.jwk'), 'utf8'));
  return new SignJWT({ roles: ['user'], act_for: '*' })
    .setProtectedHeader({ alg: 'EdDSA', kid: jwk.kid })
    .setIssuer('yanzheng-development')
    .setAudience('yanzheng')
    .setSubject('alice')
    .setExpirationTime(Math.floor(Date.now() / 1_000) + seconds)
    .sign(await importJWK(jwk, 'EdDSA'));
}

describe('a connection', () => {
  it.each([
    ['of the anonymous', {}],
    ['with a token that is none', { token: 'nonsense' }],
    ['without a scheme', { authorization: 'nonsense' }],
    ['of an unknown client', { 'x-client-id': 'stranger' }],
  ])('%s is closed with 4403', async (_, params) => {
    const good = 'x-client-id' in params ? { token, ...params } : params;
    const stranger = subscriber(server, good);
    expect((await stranger.closed).code).toBe(4403);
  });

  it('that asks before it introduces itself is closed with 4401', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = new Promise<number>((resolve) => {
      socket.addEventListener('close', ({ code }) => resolve(code));
    });
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } }));
    expect(await closed).toBe(4401);
  });

  it('with a message beyond 16 KiB is closed', async () => {
    const large = subscriber(server, { token });
    large.ask(`subscription { phoneBindingUpdated(id: "${'x'.repeat(17_000)}") { id } }`);
    expect((await large.closed).code).toBe(1009);
  });

  it('ends with its token', async () => {
    const brief = subscriber(server, { token: await tokenUntil(3) });
    const watching = brief.watch(id);
    await eventually(
      () => watching.seen,
      (seen) => seen.length === 1,
    );
    expect(await brief.closed).toMatchObject({ code: 4403, reason: 'the token has ended' });
  });

  it('carries twenty subscriptions and refuses the next, until one of them ends', async () => {
    const busy = subscriber(server, { token });
    const all = Array.from({ length: 20 }, () => busy.watch(id));
    await eventually(
      () => all,
      (each) => each.every(({ seen }) => seen.length === 1),
    );
    const next = busy.watch(id);
    expect(await next.ended).toMatchObject({
      errors: [
        { message: expect.any(String), extensions: { code: 'OVERLOADED', requestId: expect.any(String) } },
      ],
    });
    all[0]?.stop();
    const again = await eventually(
      async () => {
        const attempt = busy.watch(id);
        await Promise.race([
          attempt.ended,
          eventually(
            () => attempt.seen,
            (seen) => seen.length === 1,
          ),
        ]);
        return attempt;
      },
      ({ seen }) => seen.length === 1,
    );
    expect(again.seen[0].id).toBe(id);
    await busy.close();
  });
});

describe('over the socket', () => {
  it('a mutation is refused and not executed', async () => {
    const client = subscriber(server, { token });
    const wish = legalPerson();
    expect(await client.ask(bindPhone, { input: wish }).ended).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
    expect(await server.calls({ phone: wish.phone })).toEqual([]);
    expect(await auditRecords(server, { subject: { memberId: wish.memberId } })).toEqual([]);
    await client.close();
  });

  it.each([
    ['a query', readBinding],
    ['an introspection', '{ __schema { types { name } } }'],
    [
      'a query beside a subscription',
      `query A { __typename } subscription B { phoneBindingUpdated(id: "x") { id } }`,
    ],
  ])('%s is refused', async (_, query) => {
    const client = subscriber(server, { token });
    const asked = client.ask(query, { id });
    expect(await asked.ended).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    expect(asked.seen).toEqual([]);
    await client.close();
  });

  it.each([
    ['what is no document', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    [
      'a field that there is not',
      `subscription { phoneBindingDeleted(id: "x") { id } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'two fields',
      `subscription { a: phoneBindingUpdated(id: "x") { id } b: phoneBindingUpdated(id: "x") { id } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a thousand and one tokens',
      `subscription { phoneBindingUpdated(id: "x") { ${'id '.repeat(1_001)} } }`,
      'GRAPHQL_PARSE_FAILED',
    ],
  ])('%s is refused', async (_, query, code) => {
    const client = subscriber(server, { token });
    const { ended } = client.ask(query);
    expect(await ended).toMatchObject({ errors: [{ extensions: { code, requestId: expect.any(String) } }] });
    await client.close();
  });

  it('a variable of another type is refused without its value', async () => {
    const client = subscriber(server, { token });
    const asked = client.ask('subscription S($id: ID!) { phoneBindingUpdated(id: $id) { id } }', {
      id: { phone: '13812345678' },
    });
    const end = await asked.ended;
    const all = JSON.stringify([end, asked.seen]);
    expect(all).toContain('BAD_USER_INPUT');
    expect(all).not.toContain('13812345678');
    await client.close();
  });

  it('a refusal does not end the connection, nor the server', async () => {
    const client = subscriber(server, { token });
    await client.ask('{ __typename }').ended;
    const watching = client.watch(id);
    await eventually(
      () => watching.seen,
      (seen) => seen.length === 1,
    );
    await client.close();
    expect(await bindingOf(server, id, token)).toHaveProperty('id', id);
  });
});
