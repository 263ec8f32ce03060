// A user token is handed on and kept nowhere: not in the database, not in a file, not in what the server prints.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { filesOf, rowsOf, secretsIn } from '../support/at-rest.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startServer } from '../support/server.js';
import { parent, tokenOf } from './user-token.js';

/** What the provider may send, with a token in it; not all of it can be read. */
const answers: ((token: string) => string)[] = [
  (token) => ` { "code": 0, "token":"${token}", }`,
  (token) => JSON.stringify({ type: '0', data: JSON.stringify({ errcode: '0', token }), trackid: '1' }),
  (token) => `{"code": 0, "token":"${token}"`,
  (token) => `{"code": 1, "msg":"not for you", "token":"${token}"}`,
  (token) => `<html><body>${token}</body></html>`,
  (token) => JSON.stringify({ code: 0, token: [token] }),
  (token) => JSON.stringify({ code: { token } }),
  (token) => `${token}`,
];

const tokens = answers.map(() => randomBytes(16).toString('hex'));
let provider: Server;
let database: TestDatabase;
let rested: { rows: string; files: Buffer; output: string };
let outcomes: string[];
let given: (string | undefined)[];

beforeAll(async () => {
  provider = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const index = Number(new URLSearchParams(body).get('personid'));
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'x-token': tokens[index] });
    response.end(answers[index]?.(tokens[index] ?? ''));
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  const address = provider.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  database = await freshDatabase();
  const server = await startServer({
    database,
    env: { QINGSONG_TOKEN_URL: `http://127.0.0.1:${address.port}`, LOG_LEVEL: 'trace' },
  });
  const token = await server.token({ role: 'service' });
  const ends = [];
  for (const index of answers.keys()) {
    const wish = { person: { ...parent, personId: String(index) } };
    ends.push(await tokenOf(server, wish, { token, key: `key ${index}` }));
    await tokenOf(server, wish, { token, key: `key ${index}` });
  }
  outcomes = ends.map(({ __typename }) => __typename);
  given = ends.map((end) => end.token);
  await server.stop();
  rested = { rows: await rowsOf(database), files: filesOf(database.dataDir), output: server.output() };
}, 120_000);
afterAll(async () => {
  provider?.close();
  await database?.drop();
});

describe('a user token', () => {
  it('reached the service where the answer could be read', () => {
    expect(given.slice(0, 2)).toEqual(tokens.slice(0, 2));
    expect(outcomes.slice(0, 2)).toEqual(['UserTokenIssued', 'UserTokenIssued']);
    expect(outcomes.slice(3)).not.toContain('UserTokenIssued');
    expect(rested.rows).toContain('issueToken');
    expect(rested.output).toContain('"level"');
  });

  it.each(['rows', 'files', 'output'] as const)('rests nowhere, in any spelling: %s', (where) => {
    expect(secretsIn(rested[where], tokens)).toEqual([]);
  });

  it.each(['rows', 'output'] as const)('does not rest in part either: %s', (where) => {
    const parts = tokens.flatMap((token) => [token.slice(0, 12), token.slice(-12)]);
    expect(parts.filter((part) => rested[where].includes(part))).toEqual([]);
  });

  it('would be found if it did: one that was planted is', async () => {
    const [planted = ''] = tokens;
    const other = await freshDatabase();
    const server = await startServer({ database: other });
    await tokenOf(
      server,
      { person: parent },
      { token: await server.token({ role: 'service', sub: planted }) },
    );
    await server.stop();
    expect(secretsIn(await rowsOf(other), [planted])).toEqual([planted]);
    if (!other.env.DATABASE_URL) expect(secretsIn(filesOf(other.dataDir), [planted])).toEqual([planted]);
    await other.drop();
  });
});
