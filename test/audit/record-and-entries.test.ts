// What an auditor reads of one request: the record, its two entries, and a chain that proves them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecord, brokenLinks, faultsOfLog, wholeLog } from '../support/audit.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

const DEADLINE_MS = 2_500;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ env: { USERCOIN_DEADLINE_MS: String(DEADLINE_MS) } });
});
afterAll(() => server?.stop());

describe('the record of a request', () => {
  it('says who asked, from where, what for and how it ended, and hides the number', async () => {
    const token = await server.token({ role: 'user', sub: 'alice' });
    const began = Date.now();
    const { requestId } = await askForCode(
      server,
      { phone: phoneWith('4321'), purpose: 'RESET_PASSWORD' },
      { token, client: 'h5' },
    );
    const record = await auditRecord(server, requestId);
    expect(record).toMatchObject({
      id: requestId,
      kind: 'VERIFICATION_CODE',
      provider: 'usercoin',
      operation: 'sendCode',
      purpose: 'RESET_PASSWORD',
      outcome: 'ACCEPTED',
      maskedPhone: '138****4321',
      actor: 'alice',
      client: 'h5',
      providerCode: '0',
      rule: null,
      retryAfterMs: null,
      replays: 0,
      latencyMs: expect.any(Number),
    });
    for (const time of [record.createdAt, record.settledAt ?? '']) {
      expect(Math.abs(Date.parse(time) - began)).toBeLessThan(30_000);
    }
  });

  it('has an INTENT and an OUTCOME that say what the record says', async () => {
    const { requestId } = await askForCode(server, { phone: phoneWith('9003') }, { client: 'console' });
    const record = await auditRecord(server, requestId);
    const [intent, outcome] = record.entries;
    expect(record.entries).toHaveLength(2);
    expect(intent).toMatchObject({
      kind: 'INTENT',
      actor: null,
      detail: {
        requestKind: record.kind,
        provider: record.provider,
        operation: record.operation,
        purpose: record.purpose,
        client: 'console',
        request: { phone: record.maskedPhone },
      },
    });
    expect(outcome).toMatchObject({
      kind: 'OUTCOME',
      detail: { outcome: 'UNKNOWN', rule: 'DEADLINE', retryAfterMs: 120_000, latencyMs: record.latencyMs },
    });
    expect(record).toMatchObject({ outcome: 'UNKNOWN', rule: 'DEADLINE', retryAfterMs: 120_000 });
    expect(record.latencyMs).toBeGreaterThanOrEqual(DEADLINE_MS);
  });

  it('counts the repeats of its idempotency key', async () => {
    const wish = { phone: phoneWith(), key: 'counted' };
    const { requestId } = await askForCode(server, wish);
    await askForCode(server, wish);
    await askForCode(server, wish);
    expect((await auditRecord(server, requestId)).replays).toBe(2);
  });

  it('holds of an entry, in its leaf, what is shown, and about a person only what is sealed', async () => {
    const phone = phoneWith();
    const { requestId } = await askForCode(server, { phone });
    const { maskedPhone, entries } = await auditRecord(server, requestId);
    for (const entry of entries) {
      const leaf = Buffer.from(entry.leaf, 'base64').toString();
      const { kind, record, at, commitment, sealed, ...clear } = JSON.parse(leaf);
      expect({ kind, record, at }).toEqual({ kind: entry.kind, record: requestId, at: entry.at });
      const { request: _, result: __, ...shown } = entry.detail;
      expect(clear).toEqual(shown);
      expect(sealed).toMatch(/^[A-Za-z0-9+/]{40,}=*$/);
      expect(leaf).not.toContain(phone.slice(-8));
      expect(leaf).not.toContain(maskedPhone);
    }
    expect(entries[0]?.detail.request).toEqual({ phone: maskedPhone, purpose: 'REGISTER' });
  });
});

describe('the log as a whole', () => {
  it('is one chain a process that verifies from its first entry to its last', async () => {
    await Promise.all(Array.from({ length: 40 }, () => askForCode(server, { phone: phoneWith() })));
    expect(await faultsOfLog(server)).toEqual([]);
    expect(Object.keys(brokenLinks(await wholeLog(server)))).toHaveLength(1);
  });
});
