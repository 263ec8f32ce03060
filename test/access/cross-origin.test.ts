// Pages of other origins may call where CORS_ORIGINS lists them, and nowhere else; by default there are none.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RawAnswer, rawRequest } from '../support/raw-request.js';
import { startServer, type TestServer } from '../support/server.js';

const listed = 'https://app.example.org';
const native = 'capacitor://localhost';
const strangers = [
  'https://evil.example',
  'http://app.example.org',
  'https://app.example.org:8443',
  'https://app.example.org.evil.example',
  'null',
];

let open: TestServer;
let closed: TestServer;
beforeAll(async () => {
  [open, closed] = await Promise.all([
    startServer({ env: { CORS_ORIGINS: `${listed},${native}` } }),
    startServer(),
  ]);
});
afterAll(async () => {
  await open?.stop();
  await closed?.stop();
});

const allowed = (answer: RawAnswer) => answer.headers.get('access-control-allow-origin');
const preflight = ({ url }: TestServer, origin: string, path = '/graphql') =>
  rawRequest(`${url}${path}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,authorization,x-client-id',
    },
  });
const post = ({ url }: TestServer, origin: string, body: string, headers: Record<string, string> = {}) =>
  rawRequest(`${url}/graphql`, { headers: { 'content-type': 'application/json', origin, ...headers }, body });
const ok = '{"query":"{ __typename }"}';

describe('a page on the list', () => {
  it.each([listed, native])('%s may ask, and may post what it asked for', async (origin) => {
    const asked = await preflight(open, origin);
    expect([asked.status, allowed(asked)]).toEqual([204, origin]);
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST');
    for (const header of ['content-type', 'authorization', 'x-client-id', 'accept-language'])
      expect(asked.headers.get('access-control-allow-headers')).toContain(header);
    const answer = await post(open, origin, ok);
    expect([answer.status, allowed(answer), answer.headers.get('vary')]).toEqual([200, origin, 'Origin']);
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id');
  });

  it.each([
    ['a bad token', ok, { authorization: 'Bearer nonsense' }, 401],
    ['an unknown client', ok, { 'x-client-id': 'stranger' }, 400],
    ['what is no document', '{"query":"{"}', {}, 400],
    ['what is no JSON', '{', {}, 400],
    ['too much', JSON.stringify({ query: 'x'.repeat(70_000) }), {}, 413],
  ])('is told what was wrong with %s', async (_, body, headers, status) => {
    const answer = await post(open, listed, body, headers);
    expect([answer.status, allowed(answer)]).toEqual([status, listed]);
  });

  it('never brings cookies', async () => {
    for (const answer of [await preflight(open, listed), await post(open, listed, ok)])
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each(['/development/token?role=admin', '/sandbox/inbox', '/livez', '/explorer/'])(
    'may not read %s',
    async (path) => {
      const answer = await rawRequest(`${open.url}${path}`, { method: 'GET', headers: { origin: listed } });
      expect(allowed(answer)).toBeNull();
    },
  );
});

describe('a page that is not on the list', () => {
  it.each(strangers)('%s may not', async (origin) => {
    expect(allowed(await preflight(open, origin))).toBeNull();
    expect(allowed(await post(open, origin, ok))).toBeNull();
  });

  it('may not where there is no list, whoever it is', async () => {
    for (const origin of [listed, ...strangers]) {
      const asked = await preflight(closed, origin);
      expect([asked.status, allowed(asked)]).toEqual([404, null]);
      expect(allowed(await post(closed, origin, ok))).toBeNull();
    }
  });
});
