// What scanners of GraphQL endpoints look for, tried as they try it on a server in production: they find nothing.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { productionEnv } from '../support/production.js';
import { expectPublicError } from '../support/public-error.js';
import { postJson, type RawAnswer, rawRequest } from '../support/raw-request.js';
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

const app = { 'x-client-id': 'app' };
const post = (body: unknown) => postJson(server.url, JSON.stringify(body), app);
const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

const refused = (answer: RawAnswer, code: string) => {
  expectPublicError(answer, code);
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text).data).toBeUndefined();
};

describe('a scanner', () => {
  it('finds a server that answers', async () => {
    expect(JSON.parse((await post({ query: '{ __typename }' })).text).data).toEqual({ __typename: 'Query' });
  });

  it.each([
    ['101 aliases', `{ ${times(101, (n) => `alias${n}: __typename`)} }`],
    ['a field 500 times', `{ ${'__typename '.repeat(500)} }`],
    ['10 directives that there are not', `{ __typename ${'@aa '.repeat(10)} }`],
    ['500 directives that there are', `{ __typename ${'@include(if: true) '.repeat(140)} }`],
    [
      'a circle of fragments',
      '{ ...A } fragment A on Query { __typename ...B } fragment B on Query { ...A }',
    ],
    [
      'a circle of the introspection',
      `{ __schema { ${'types { fields { type { '.repeat(5)} name ${'} } } '.repeat(5)} } }`,
    ],
    ['the schema', '{ __schema { types { name fields { name } } } }'],
    ['one type of it', '{ __type(name: "Query") { name } }'],
  ])('cannot have %s', async (_, query) => {
    const began = performance.now();
    const answer = await post({ query });
    refused(answer, 'GRAPHQL_VALIDATION_FAILED');
    expect(JSON.parse(answer.text).errors.length).toBeLessThanOrEqual(6);
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('cannot have ten answers for one request', async () => {
    refused(await post(Array(10).fill({ query: '{ __typename }' })), 'BAD_REQUEST');
    refused(await post([{ query: '{ __typename }' }]), 'BAD_REQUEST');
  });

  it.each([
    '{ prviders { id } }',
    '{ __typenam }',
    'mutation { bindPhon }',
    '{ auditRecord(idd: 1) { id } }',
  ])('is not told what it may have meant by %s', async (query) => {
    const answer = await post({ query });
    refused(answer, 'GRAPHQL_VALIDATION_FAILED');
    expect(answer.text).not.toMatch(/did you mean|providers|bindPhone|"id"/i);
  });

  const mutation =
    'mutation { requestVerificationCode(input: { account: { phone: "13800138000", purpose: REGISTER } }) { __typename } }';

  it.each([
    ['a query by GET', 'GET', `query=${encodeURIComponent('{ __typename }')}`, {}],
    ['a mutation by GET', 'GET', `query=${encodeURIComponent(mutation)}`, {}],
  ])('cannot have somebody else send %s', async (_, method, query, headers) => {
    const answer = await rawRequest(`${server.url}/graphql?${query}`, {
      method,
      headers: { ...app, ...headers },
    });
    refused(answer, 'BAD_REQUEST');
  });

  it('cannot send a mutation by GET at all', async () => {
    const headers = { ...app, 'apollo-require-preflight': 'true' };
    const url = `${server.url}/graphql?query=${encodeURIComponent(mutation)}`;
    const answer = await rawRequest(url, { method: 'GET', headers });
    expectPublicError(answer, 'BAD_REQUEST');
    expect(answer.status).toBe(405);
    expect(await sandbox.calls()).toEqual([]);
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', `query=${encodeURIComponent(mutation)}`],
    ['plain text', 'text/plain', JSON.stringify({ query: mutation })],
    [
      'a form of parts',
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: mutation })}\r\n--x--`,
    ],
    ['no type at all', '', JSON.stringify({ query: mutation })],
  ])('cannot have somebody else post it as %s', async (_, type, body) => {
    const headers: Record<string, string> = type ? { ...app, 'content-type': type } : app;
    refused(await rawRequest(`${server.url}/graphql`, { headers, body }), 'BAD_REQUEST');
    expect(await sandbox.calls()).toEqual([]);
  });

  it.each(['/graphiql', '/playground', '/console', '/explorer', '/altair', '/voyager', '/graphql'])(
    'sees no page to play with at %s',
    async (path) => {
      const answer = await rawRequest(`${server.url}${path}`, {
        method: 'GET',
        headers: { ...app, accept: 'text/html' },
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toMatch(/graphiql|playground|<html/i);
    },
  );

  it('sees no trace of how an answer came about', async () => {
    const answer = await postJson(server.url, '{"query":"{ __typename }"}', {
      ...app,
      'apollo-federation-include-trace': 'ftv1',
      'x-apollo-tracing': '1',
    });
    expect(JSON.parse(answer.text)).toEqual({ data: { __typename: 'Query' } });
  });

  it.each(['{', 'query { ', '{ __typename @ }', 'quer { a }', '\u0000', '{ a(b: "\\uD800") }'])(
    'sees no unhandled error at %j',
    async (query) => {
      const answer = await post({ query });
      expectPublicError(answer, JSON.parse(answer.text).errors[0].extensions.code);
      expect(answer.text).not.toMatch(/exception|stacktrace|TypeError|Unexpected/i);
    },
  );

  it('does not learn what serves it', async () => {
    const answer = await post({ query: '{ __typename }' });
    for (const name of ['server', 'x-powered-by', 'via', 'set-cookie'])
      expect(answer.headers.get(name)).toBeNull();
  });
});
