// What is kept of a bank code: enough to find it by whatever a complaint brings, and to answer a repeat.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecords } from '../support/audit.js';
import { readRecord } from '../support/operations.js';
import { startServer, type TestServer } from '../support/server.js';
import { askForBankCode, bankCodeWish } from './bank-code.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.token({ role: 'user', sub: 'alice' });
});
afterAll(() => server?.stop());

async function recordOf(id: string) {
  const { data } = await server.graphql(
    readRecord,
    { id },
    { token: await server.token({ role: 'auditor' }) },
  );
  return data.auditRecord;
}

describe('a bank code that was sent', () => {
  it('tells the task of the bank, and until when it is valid', async () => {
    const began = Date.now();
    const sent = await askForBankCode(server, bankCodeWish(), { token });
    expect(sent.taskId).toMatch(/^[\da-f]{32}$/);
    expect(Date.parse(sent.expiresAt) - began).toBeGreaterThanOrEqual(120_000);
    expect(sent.expiresInMs).toBeGreaterThan(0);
    expect(sent.expiresInMs).toBeLessThanOrEqual(120_000);
  });

  it("is kept under the bank's own sequence, by which it is found", async () => {
    const { requestId } = await askForBankCode(server, bankCodeWish(), { token });
    const record = await recordOf(requestId);
    expect(record).toMatchObject({
      kind: 'VERIFICATION_CODE',
      provider: 'qingsong-bank',
      operation: 'sendCode',
      purpose: 'OPEN_ACCOUNT',
      outcome: 'ACCEPTED',
      actor: 'alice',
      providerCode: 'errcode:0',
      providerReference: expect.stringMatching(/^313G0\d{27}$/),
    });
    const found = await auditRecords(server, { providerReference: record.providerReference });
    expect(found.map(({ id }) => id)).toEqual([requestId]);
  });

  it('is found by the person and by the phone, in any writing', async () => {
    const wish = bankCodeWish({ personId: 'person of record' });
    const { requestId } = await askForBankCode(server, wish, { token });
    const digits = wish.phone.replace('+86', '');
    for (const subject of [
      { personId: wish.personId },
      { phone: wish.phone },
      { phone: digits },
      { phone: `0086 ${digits.slice(0, 3)} ${digits.slice(3)}` },
    ]) {
      expect((await auditRecords(server, { subject })).map(({ id }) => id)).toEqual([requestId]);
    }
    expect(await auditRecords(server, { subject: { memberId: wish.personId } })).toEqual([]);
  });

  it('shows neither number nor person in its entries', async () => {
    const wish = bankCodeWish({ personId: 'person-unseen', schoolId: 'school-unseen' });
    const { requestId } = await askForBankCode(server, wish, { token });
    const { entries } = await recordOf(requestId);
    const leaves = entries.map(({ leaf }: { leaf: string }) => Buffer.from(leaf, 'base64').toString());
    expect(leaves).toHaveLength(2);
    for (const value of [wish.phone.slice(3), wish.personId, wish.schoolId]) {
      expect(JSON.stringify([entries, leaves])).not.toContain(value);
    }
  });

  it('is answered to a repeat with its task, without a second SMS', async () => {
    const wish = bankCodeWish();
    const first = await askForBankCode(server, wish, { token, key: 'bank repeat' });
    const again = await askForBankCode(server, wish, { token, key: 'bank repeat' });
    expect(again).toMatchObject({
      requestId: first.requestId,
      replayed: true,
      taskId: first.taskId,
      expiresAt: first.expiresAt,
      maskedPhone: first.maskedPhone,
    });
    expect(await server.calls({ phone: wish.phone })).toHaveLength(1);
  });
});
