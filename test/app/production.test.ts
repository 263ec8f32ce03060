// Production brings its own keys and shows none of a developer's conveniences.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { readRecord, requestCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { productionEnv, productionToken } from '../support/production.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';

let sandbox: TestServer;
let database: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  sandbox = await startServer();
  database = await freshDatabase();
  server = await startServer({ database, sandboxOf: sandbox, env: productionEnv(sandbox) });
});
afterAll(async () => {
  await server?.stop();
  await sandbox?.stop();
  await database?.drop();
});

describe('a server in production', () => {
  it('sends a code, keeps the code to itself, and records the request', async () => {
    const phone = phoneWith();
    const { data } = await server.graphql(requestCode, { phone }, { client: 'app' });
    expect(data.requestVerificationCode).toMatchObject({
      __typename: 'VerificationCodeSent',
      testCode: null,
    });
    expect(await sandbox.inbox(phone)).toHaveLength(1);
    const { requestId: id } = data.requestVerificationCode;
    const read = await server.graphql(
      readRecord,
      { id },
      { client: 'site', token: await productionToken(['auditor']) },
    );
    expect(read.data.auditRecord).toMatchObject({ outcome: 'ACCEPTED', client: 'app' });
  });

  it("does not show a provider's own text", async () => {
    const { data } = await server.graphql(
      requestCode,
      { phone: phoneWith('9001') },
      { client: 'app', language: 'en' },
    );
    expect(data.requestVerificationCode.message).toBe('The provider did not accept the request.');
  });

  it('wants to know the client', async () => {
    expectPublicError(await server.graphql('{ __typename }'), 'INVALID_CLIENT');
    for (const client of ['h5', 'console', 'explorer']) {
      expectPublicError(await server.graphql('{ __typename }', {}, { client }), 'INVALID_CLIENT');
    }
  });

  it('does not take a development token', async () => {
    const development = await sandbox.token({ role: 'admin' });
    expectPublicError(
      await server.graphql('{ __typename }', {}, { client: 'app', token: development }),
      'UNAUTHENTICATED',
    );
  });

  it('hides its schema', async () => {
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }']) {
      expectPublicError(await server.graphql(query, {}, { client: 'app' }), 'GRAPHQL_VALIDATION_FAILED');
    }
    const { text } = await server.graphql('{ provider { id } }', {}, { client: 'app' });
    expect(text).not.toContain('providers');
  });

  it.each([
    '/explorer/',
    '/explorer',
    '/development/token?role=admin',
    '/sandbox/inbox',
    '/playground',
    '/metrics',
    '/',
  ])('has nothing at %s', async (path) => {
    const answer = await fetch(`${server.url}${path}`, {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    });
    expect(answer.status).toBe(404);
    expectPublicError({ headers: answer.headers, text: await answer.text() }, 'NOT_FOUND');
  });

  it('makes no keys in DATA_DIR, and prints neither keys nor a sandbox', () => {
    expect(existsSync(join(database.dataDir, 'keys'))).toBe(false);
    expect(server.output()).toContain('Yanzheng is running\n');
    expect(server.output()).not.toMatch(/sandbox|explorer|curl|BEGIN/i);
  });

  it('counts a provider as configured, and not as the sandbox', async () => {
    const { data } = await server.graphql(
      '{ providers { id configured sandbox breaker } }',
      {},
      { client: 'site', token: await productionToken(['auditor']) },
    );
    expect(data.providers).toContainEqual({
      id: 'usercoin',
      configured: true,
      sandbox: false,
      breaker: 'CLOSED',
    });
  });
});

describe('a server in production without an address of a provider', () => {
  it('is PROVIDER_NOT_CONFIGURED, and records nothing', async () => {
    const other = await freshDatabase();
    const { USERCOIN_URL: _, ...env } = productionEnv(sandbox);
    const bare = await startServer({ database: other, sandboxOf: sandbox, env: { ...env, CLIENTS: 'app' } });
    expectPublicError(
      await bare.graphql(requestCode, { phone: phoneWith() }, { client: 'app' }),
      'PROVIDER_NOT_CONFIGURED',
    );
    const { data } = await bare.graphql(
      '{ providers { id configured } auditRecords { edges { cursor } } }',
      {},
      { client: 'app', token: await productionToken(['admin']) },
    );
    expect(data.providers).toContainEqual({ id: 'usercoin', configured: false });
    expect(data.auditRecords.edges).toEqual([]);
    expect(await bare.stop()).toBe(0);
    await other.drop();
  });
});
