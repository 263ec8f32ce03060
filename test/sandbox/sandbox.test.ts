// The sandbox: what was "delivered" and which calls were taken, for people and tests.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const inboxAt = async (url: string) => (await fetch(url)).json();

describe('the sandbox', () => {
  it('keeps messages, newest first, by phone in either spelling of a plus sign', async () => {
    const [one, two] = [phoneWith(), phoneWith()];
    const codes = [];
    for (const phone of [one, two]) codes.unshift((await askForCode(server, { phone })).testCode);
    const all = await server.inbox();
    expect(all.map(({ code }) => code)).toEqual(codes);
    expect(all[0]).toMatchObject({ phone: two, text: expect.stringContaining(codes[0]) });
    for (const phone of [one, encodeURIComponent(one)]) {
      expect(await inboxAt(`${server.sandboxUrl}/inbox?phone=${phone}`)).toHaveLength(1);
    }
  });

  it('shows its inbox on the main port as well', async () => {
    expect(await inboxAt(`${server.url}/sandbox/inbox`)).toEqual(await server.inbox());
  });

  it('lists the calls that it took, by provider and phone', async () => {
    const phone = phoneWith();
    await askForCode(server, { phone });
    expect(await server.calls({ phone })).toEqual([
      {
        provider: 'usercoin',
        operation: 'sendCode',
        subject: phone,
        scenario: 'WELL',
        at: expect.any(String),
      },
    ]);
    expect((await server.calls({ provider: 'usercoin' })).length).toBeGreaterThan(0);
    expect(await server.calls({ provider: 'nobody' })).toEqual([]);
  });

  it('empties its inbox on DELETE', async () => {
    const { status } = await fetch(`${server.sandboxUrl}/inbox`, { method: 'DELETE' });
    expect(status).toBe(204);
    expect(await server.inbox()).toEqual([]);
  });

  it('says what it is', async () => {
    expect(await inboxAt(server.sandboxUrl)).toMatchObject({
      providers: expect.arrayContaining(['usercoin']),
    });
  });

  it('of another process is used by one that has none', async () => {
    const other = await startServer({ sandboxOf: server });
    const phone = phoneWith();
    await askForCode(other, { phone });
    expect(await server.calls({ phone })).toHaveLength(1);
    expect(other.output()).not.toContain('Sandbox  ');
    expect(await other.stop()).toBe(0);
  });
});
