// What is no GraphQL request is refused in one shape, whoever refuses it, and the server stays up.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { requestCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { postJson, type RawAnswer, rawBytes, rawRequest } from '../support/raw-request.js';
import { startServer, type TestServer } from '../support/server.js';

/** So odd that it cannot be in an answer by chance. */
const ODD = 'zq7Xodd';
const json = { 'content-type': 'application/json' };
const ok = '{"query":"{ __typename }"}';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  // After all of it, it still does its work.
  expect(await askForCode(server, { phone: phoneWith() })).toMatchObject({
    __typename: 'VerificationCodeSent',
  });
  await server?.stop();
});

const bodies: [what: string, body: string, code: string][] = [
  ['malformed JSON', `{"query": "${ODD}`, 'BAD_REQUEST'],
  ['an empty body', '', 'BAD_REQUEST'],
  ['a batch', `[{"query":"{ ${ODD}: __typename }"}]`, 'BAD_REQUEST'],
  ['null', 'null', 'BAD_REQUEST'],
  ['a text', `"${ODD}"`, 'BAD_REQUEST'],
  ['no query', `{"variables":{"a":"${ODD}"}}`, 'BAD_REQUEST'],
  ['an empty query', '{"query":""}', 'BAD_REQUEST'],
  ['a query that is no text', `{"query":{"a":"${ODD}"}}`, 'BAD_REQUEST'],
  ['variables that are a list', `{"query":"{ __typename }","variables":["${ODD}"]}`, 'BAD_REQUEST'],
  ['variables that are text', `{"query":"{ __typename }","variables":"${ODD}"}`, 'BAD_REQUEST'],
  ['an operationName that is no text', '{"query":"{ __typename }","operationName":7}', 'BAD_REQUEST'],
  ['an unknown operationName', `{"query":"query a { __typename }","operationName":"${ODD}"}`, 'BAD_REQUEST'],
  [
    'variables nested without end',
    `{"query":"query A($a: ID!) { auditRecord(id: $a) { id } }","variables":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`,
    'BAD_USER_INPUT',
  ],
  ['a poisoned prototype', `{"query":"{ __typename }","__proto__":{"${ODD}":1}}`, 'BAD_REQUEST'],
  [
    'a persisted query',
    `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${ODD}"}}}`,
    'BAD_REQUEST',
  ],
  ['a document that is not GraphQL', `{"query":"mutation { ${ODD} ( "}`, 'GRAPHQL_PARSE_FAILED'],
  [
    'a 1 MB variable',
    JSON.stringify({ query: requestCode, variables: { phone: ODD.repeat(150_000) } }),
    'PAYLOAD_TOO_LARGE',
  ],
];

describe('POST /graphql', () => {
  it.each(bodies)('with %s is an error with a code', async (_, body, code) => {
    const answer = await postJson(server.url, body);
    expectPublicError(answer, code, [ODD]);
    expect(answer.status).toBe(code === 'PAYLOAD_TOO_LARGE' ? 413 : 400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  });

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/xml'],
    [''],
  ])('of content type %j is BAD_REQUEST', async (type) => {
    const headers: Record<string, string> = type ? { 'content-type': type } : {};
    const answer = await rawRequest(`${server.url}/graphql`, { headers, body: ok });
    expectPublicError(answer, 'BAD_REQUEST');
    expect(answer.status).toBe(400);
  });

  it.each(['a b', 'evil/..', 'a"b', 'a:99999999'])('with the Host header %j is BAD_REQUEST', async (host) => {
    const answer = await rawRequest(`${server.url}/graphql`, { headers: { ...json, host }, body: ok });
    expectPublicError(answer, 'BAD_REQUEST');
  });

  it.each(['host: \r\n', ''])('with the Host line %j is BAD_REQUEST', async (host) => {
    const head = `POST /graphql HTTP/1.1\r\n${host}connection: close\r\ncontent-type: application/json`;
    const answer = await rawBytes(server.url, `${head}\r\ncontent-length: ${ok.length}\r\n\r\n${ok}`);
    expectPublicError(answer, 'BAD_REQUEST');
  });

  it.each([ODD, '', 'h5,console', 'H5', '__proto__', 'h5\xff\xfe', 'x'.repeat(4_000)])(
    'from the client %j is INVALID_CLIENT',
    async (name) => {
      const answer = await postJson(server.url, ok, { 'x-client-id': name });
      expectPublicError(answer, 'INVALID_CLIENT', [ODD, 'xxxx']);
      expect(answer.status).toBe(400);
    },
  );

  it('from a registered client is answered', async () => {
    for (const client of ['h5', 'console', 'explorer']) {
      expect((await server.graphql('{ __typename }', {}, { client })).data).toEqual({ __typename: 'Query' });
    }
  });
});

describe('other methods and places', () => {
  it.each([
    ['GET', '/graphql?query={__typename}', 'BAD_REQUEST'],
    ['GET', `/${ODD}`, 'NOT_FOUND'],
    ['POST', `/${ODD}`, 'NOT_FOUND'],
    ['PUT', '/graphql', 'NOT_FOUND'],
    ['DELETE', '/graphql', 'NOT_FOUND'],
    ['GET', '/explorer/../../package.json', 'BAD_REQUEST'],
    ['GET', `/explorer/${ODD}`, 'NOT_FOUND'],
    ['GET', '/%', 'BAD_REQUEST'],
  ])('%s %s is %s', async (method, path, code) => {
    const { hostname, port } = new URL(server.url);
    const answer = await rawBytes(
      server.url,
      `${method} ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    );
    expectPublicError(unchunked(answer), code, [ODD]);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['a NUL in a header', `POST /graphql HTTP/1.1\r\nhost: a\r\nx-client-id: ${ODD}\0\r\n\r\n`],
    ['nonsense', `${ODD}\r\n\r\n`],
    [
      'two lengths',
      `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n${ODD}`,
    ],
    ['headers without end', `GET / HTTP/1.1\r\nhost: a\r\nx-odd: ${ODD.repeat(4_000)}\r\n\r\n`],
  ])('such as %s is BAD_REQUEST too', async (_, bytes) => {
    const answer = await rawBytes(server.url, bytes);
    expectPublicError(answer, 'BAD_REQUEST', [ODD]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});

/** The JSON of a body that came in chunks. */
function unchunked(answer: RawAnswer): RawAnswer {
  return { ...answer, text: answer.text.slice(answer.text.indexOf('{'), answer.text.lastIndexOf('}') + 1) };
}
