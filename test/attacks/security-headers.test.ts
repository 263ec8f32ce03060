// Whatever the server answers, it answers with its security headers, without cookies, and without saying what it is.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RawAnswer, rawBytes } from '../support/raw-request.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let asset: string;
beforeAll(async () => {
  server = await startServer({ env: { CORS_ORIGINS: 'https://app.example.org' } });
  const page = await (await fetch(`${server.url}/explorer/`)).text();
  asset = new URL(/src="([^"]+)"/.exec(page)?.[1] ?? '', `${server.url}/explorer/`).pathname;
});
afterAll(() => server?.stop());

const head = (line: string, ...headers: string[]) =>
  `${[line, 'host: localhost', 'connection: close', ...headers].join('\r\n')}\r\n\r\n`;
const get = (path: string, ...headers: string[]) => head(`GET ${path} HTTP/1.1`, ...headers);
const post = (path: string, body: string, ...headers: string[]) =>
  `${head(`POST ${path} HTTP/1.1`, `content-length: ${body.length}`, ...headers)}${body}`;
const json = 'content-type: application/json';
const upgrade = [
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  'origin: https://evil.example',
];

/** What is served for long says so; everything else is not kept, or asked for again. */
const answers: [what: string, status: number, bytes: () => string, kept?: RegExp][] = [
  ['an answer', 200, () => post('/graphql', '{"query":"{ __typename }"}', json), /no-store/],
  ['a document that is none', 400, () => post('/graphql', '{"query":"{"}', json), /no-store/],
  ['a body that is none', 400, () => post('/graphql', '{', json), /no-store/],
  ['another content type', 400, () => post('/graphql', 'a=b', 'content-type: text/plain'), /no-store/],
  [
    'a bad token',
    401,
    () => post('/graphql', '{"query":"{ a }"}', json, 'authorization: Bearer x'),
    /no-store/,
  ],
  ['a body too large', 413, () => head('POST /graphql HTTP/1.1', json, 'content-length: 70000'), /no-store/],
  ['nothing', 404, () => get('/nothing'), /no-store/],
  ['another method', 404, () => head('DELETE /graphql HTTP/1.1'), /no-store/],
  ['a path that is none', 400, () => get('/%'), /no-store/],
  ['a host that is none', 400, () => get('/livez').replace('localhost', 'a b'), /no-store/],
  [
    'a preflight',
    204,
    () =>
      head(
        'OPTIONS /graphql HTTP/1.1',
        'origin: https://app.example.org',
        'access-control-request-method: POST',
      ),
  ],
  [
    'a refused socket',
    403,
    () => get('/graphql', ...upgrade).replace('connection: close', 'connection: upgrade'),
    /no-store/,
  ],
  ['a browser at /graphql', 302, () => get('/graphql', 'accept: text/html')],
  ['a page', 200, () => get('/explorer/'), /no-cache/],
  ['an asset', 200, () => get(asset), /immutable/],
  ['the way back from signing', 200, () => get('/h5/return/tongqifu?a=b'), /no-store/],
  [
    'a notice',
    400,
    () =>
      post('/webhooks/tongqifu/phone-binding', 'sign=x', 'content-type: application/x-www-form-urlencoded'),
  ],
  ['a development token', 200, () => get('/development/token?role=user'), /no-store/],
  ['/livez', 200, () => get('/livez')],
  ['/readyz', 200, () => get('/readyz')],
  ['headers too large', 431, () => get('/', `x-odd: ${'x'.repeat(20_000)}`), /no-store/],
  ['what is no HTTP', 400, () => 'nonsense\r\n\r\n', /no-store/],
];

/** With a fourth each: where it is missing, jest passes a callback and waits for it. */
const rows = answers.map(([what, status, bytes, kept]) => [what, status, bytes, kept ?? null] as const);

describe('the headers of', () => {
  it.each(rows)('%s (%i)', async (_, status, bytes, kept) => {
    const answer: RawAnswer = await rawBytes(server.url, bytes());
    expect(answer.status).toBe(status);
    const { headers } = answer;
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect({
      sniff: headers.get('x-content-type-options'),
      frame: headers.get('x-frame-options'),
      referrer: headers.get('referrer-policy'),
      opener: headers.get('cross-origin-opener-policy'),
      resource: headers.get('cross-origin-resource-policy'),
      transport: headers.get('strict-transport-security'),
    }).toEqual({
      sniff: 'nosniff',
      frame: 'SAMEORIGIN',
      referrer: 'no-referrer',
      opener: 'same-origin',
      resource: 'same-origin',
      transport: expect.stringMatching(/^max-age=\d{8}/),
    });
    if (kept) expect(headers.get('cache-control')).toMatch(kept);
    for (const name of ['set-cookie', 'server', 'x-powered-by']) expect(headers.get(name)).toBeNull();
  });
});
