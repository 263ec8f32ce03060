// What an auditor finds of a conversation: every call by its flow, and everybody it was about.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecords, brokenLinks, faultsOfLog, wholeLog } from '../support/audit.js';
import { readRecord } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation } from './conversation.js';

let server: TestServer;
let conversation: Conversation;
const contacts = [
  { name: '李四', phone: '+8613912340001', relation: 'SPOUSE' },
  { name: '王五', phone: '+862588880001', relation: 'FRIEND' },
];
beforeAll(async () => {
  server = await startServer();
  const token = await server.token({ role: 'user', sub: 'alice' });
  conversation = new Conversation(server, phoneWith('9012'), token);
  await conversation.start({ contacts });
  await conversation.password();
  await conversation.password();
  await conversation.captcha('000001');
  await conversation.resend();
  await conversation.resend();
  await conversation.captcha();
  // Somebody else's, which must not be found.
  const other = new Conversation(server, phoneWith(), token);
  await other.start();
  await other.password();
});
afterAll(() => server?.stop());

describe('the records of a conversation', () => {
  it('are found by its id, each with its purpose, the masked phone and what the provider said', async () => {
    const records = await auditRecords(server, { flow: conversation.id });
    const told = records.map(({ operation, purpose, outcome, providerCode }) => [
      operation,
      purpose,
      outcome,
      providerCode,
    ]);
    expect(told.reverse()).toEqual([
      ['apply', null, 'ACCEPTED', 'success=true'],
      ['collect', 'SUBMIT_PASSWORD', 'REFUSED', '10003'],
      ['collect', 'SUBMIT_PASSWORD', 'ACCEPTED', '10002'],
      ['collect', 'SUBMIT_CAPTCHA', 'REFUSED', '10004'],
      ['collect', 'RESEND_CAPTCHA', 'ACCEPTED', '10002'],
      ['collect', 'RESEND_CAPTCHA', 'REFUSED', 'success=false'],
      ['collect', 'SUBMIT_CAPTCHA', 'ACCEPTED', '10008'],
    ]);
    const phone = conversation.phone.slice(3);
    for (const record of records) {
      expect(record).toMatchObject({
        kind: 'OPERATOR_AUTHENTICATION',
        provider: 'juxinli',
        maskedPhone: `${phone.slice(0, 3)}****${phone.slice(-4)}`,
        actor: 'alice',
        client: 'explorer',
        settledAt: expect.any(String),
        latencyMs: expect.any(Number),
      });
      expect(record.entries.map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME']);
    }
    const auditor = await server.token({ role: 'auditor' });
    for (const { id } of records) {
      const { data } = await server.graphql(readRecord, { id }, { token: auditor });
      expect(data.auditRecord.flow).toBe(conversation.id);
    }
  });

  it('are found by purpose', async () => {
    const found = await auditRecords(server, { flow: conversation.id, purpose: 'RESEND_CAPTCHA' });
    expect(found).toHaveLength(2);
  });

  it("are found by the person's phone, and the start by the phones of the contacts too", async () => {
    expect(await auditRecords(server, { subject: { phone: conversation.phone } })).toHaveLength(7);
    for (const { phone } of contacts) {
      expect(await auditRecords(server, { subject: { phone } })).toMatchObject([
        { id: conversation.id, operation: 'apply' },
      ]);
    }
    expect(await auditRecords(server, { subject: { phone: '+8613912340002' } })).toEqual([]);
  });

  it('stand in chains that verify', async () => {
    const broken = Object.values(brokenLinks(await wholeLog(server)));
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.filter((position) => position !== null)).toEqual([]);
    expect(await faultsOfLog(server)).toEqual([]);
  });
});
