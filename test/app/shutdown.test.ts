// SIGTERM: what is under way is answered, nothing new is taken, and the process ends by itself with code 0.
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecord } from '../support/audit.js';
import { freshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer } from '../support/server.js';

describe('SIGTERM', () => {
  it('lets the request under way end, refuses new ones, and ends with 0 soon after', async () => {
    const database = await freshDatabase();
    const sandbox = await startServer();
    const server = await startServer({ database, sandboxOf: sandbox });
    const phone = phoneWith('9006');
    const asking = askForCode(server, { phone });
    await eventually(
      () => sandbox.calls({ phone }),
      (calls) => calls.length === 1,
    );

    process.kill(server.pid, 'SIGTERM');
    await eventually(
      () =>
        fetch(`${server.url}/readyz`, { headers: { connection: 'close' } }).then(
          ({ status }) => status,
          () => 'refused',
        ),
      (seen) => seen === 'refused' || seen === 503,
    );
    const answer = await asking;
    const answered = Date.now();
    expect(answer.__typename).toBe('VerificationCodeSent');
    expect(await server.ended).toBe(0);
    expect(Date.now() - answered).toBeLessThan(5_000);
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();

    const next = await startServer({ database, sandboxOf: sandbox });
    expect(await auditRecord(next, answer.requestId)).toMatchObject({ outcome: 'ACCEPTED' });
    expect(await next.stop()).toBe(0);
    expect(await sandbox.stop()).toBe(0);
    await database.drop();
  });

  it('of a server with idle connections ends at once', async () => {
    const server = await startServer();
    await askForCode(server, { phone: phoneWith() });
    const began = Date.now();
    expect(await server.stop()).toBe(0);
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(server.output()).toContain('SIGTERM, ending what is under way');
  });

  it('does not wait for a client that has sent half of a request', async () => {
    const server = await startServer();
    const { port } = new URL(server.url);
    const stalled = connect(Number(port), '127.0.0.1');
    stalled.on('error', () => {});
    stalled.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n{',
    );
    await askForCode(server, { phone: phoneWith() });
    const began = Date.now();
    expect(await server.stop()).toBe(0);
    expect(Date.now() - began).toBeLessThan(20_000);
    stalled.destroy();
  });

  it('twice ends it the hard way', async () => {
    const server = await startServer({ env: { USERCOIN_DEADLINE_MS: '20000' } });
    const phone = phoneWith('9003');
    const asking = askForCode(server, { phone }).catch(() => 'no answer');
    await eventually(
      () => server.calls({ phone }),
      (calls) => calls.length === 1,
    );
    process.kill(server.pid, 'SIGTERM');
    await eventually(server.output, (output) => output.includes('SIGTERM'));
    expect(await server.stop()).toBe(1);
    expect(await asking).toBe('no answer');
  });
});
