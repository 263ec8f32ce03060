// Probes, and what a start prints.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

describe('a running server', () => {
  it('is alive, and ready while its database answers', async () => {
    const livez = await fetch(`${server.url}/livez`);
    expect([livez.status, await livez.json()]).toEqual([200, { status: 'ok' }]);
    const readyz = await fetch(`${server.url}/readyz`);
    expect([readyz.status, await readyz.json()]).toEqual([200, { status: 'ok', database: 'ok' }]);
  });

  it('has printed where everything is', () => {
    const output = server.output();
    expect(output).toContain(`${server.url}/graphql`);
    expect(output).toContain(`${server.url}/explorer/`);
    expect(output).toContain(`${server.sandboxUrl}/inbox`);
    expect(output).toMatch(/Database\s+(embedded|postgres), /);
  });

  it('has printed a command that works', async () => {
    const body = /-d '(\{.*\})'/.exec(server.output())?.[1] ?? '';
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(await answer.json()).toMatchObject({
      data: { requestVerificationCode: { __typename: 'VerificationCodeSent' } },
    });
  });

  it('names every answer, and lets no page frame or run it', async () => {
    const { headers } = await fetch(`${server.url}/livez`);
    expect(headers.get('x-request-id')).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('does not take a request id from outside', async () => {
    const { headers } = await fetch(`${server.url}/livez`, { headers: { 'x-request-id': 'mine' } });
    expect(headers.get('x-request-id')).not.toBe('mine');
  });
});
