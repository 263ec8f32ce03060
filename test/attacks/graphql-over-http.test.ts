// The audits of graphql-http: what a server must, should and may do to speak GraphQL over HTTP as it is specified.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

// They send documents by GET too, which a server may refuse; the header that Apollo wants of those is not at issue.
const fetchFn = (url: string, init?: RequestInit) =>
  fetch(url, { ...init, headers: { 'apollo-require-preflight': 'true', ...init?.headers } });
const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn });

describe('GraphQL over HTTP', () => {
  it('is audited in 61 points', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_, audit) => {
    const { status, ...result } = await audit.fn();
    expect({ status, reason: 'reason' in result ? result.reason : undefined }).toEqual({ status: 'ok' });
  });
});
