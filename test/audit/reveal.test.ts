// An admin sees a record in the clear, once the log says who wanted it, and why; nobody else does.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Conversation } from '../operator-authentication/conversation.js';
import { bind, legalPerson } from '../phone-binding/binding.js';
import { askForCode } from '../support/ask.js';
import { auditRecord, wholeLog } from '../support/audit.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { askToErase, askToReveal, reveal } from './admin.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ env: { USERCOIN_DEADLINE_MS: '2500' } });
});
afterAll(() => server?.stop());

const reveals = async () => (await wholeLog(server)).filter(({ entries }) => entries[0]?.kind === 'REVEAL');

describe('revealAuditRecord', () => {
  it('shows request and result as they were, without what must never rest', async () => {
    const phone = phoneWith();
    const { requestId, testCode } = await askForCode(server, { phone, purpose: 'RESET_PASSWORD' });
    const shown = await reveal(server, requestId);
    expect(shown).toMatchObject({ id: requestId, request: { phone } });
    expect(testCode).toMatch(/\d{4}/);
    expect(JSON.stringify(shown.result)).not.toContain(testCode);
    const masked = (await auditRecord(server, requestId)).entries[0]?.detail.request;
    expect(masked.phone).not.toBe(phone);
  });

  it('shows everybody whom a request names', async () => {
    const token = await server.token({ role: 'user' });
    const contact = { name: '李四光', phone: phoneWith(), relation: 'FRIEND' };
    const flow = new Conversation(server, phoneWith(), token);
    await flow.start({ contacts: [contact] });
    const { request } = await reveal(server, flow.id);
    const text = JSON.stringify(request);
    for (const part of ['张三', '李四光', flow.phone.slice(3), contact.phone.slice(3)]) {
      expect(text).toContain(part);
    }
  });

  it('is in the log first: who, what and why, with numbers hidden', async () => {
    const { requestId } = await askForCode(server, { phone: phoneWith() });
    const reason =
      '客诉 138 0013 8000, １３８００１３８０００, (138) 0013-8000, 138 - 0013 - 8000, 138–0013–8000, case of 2026-11-24';
    await askToReveal(server, requestId.toUpperCase(), { reason });
    const [record] = await reveals();
    expect(record).toMatchObject({
      kind: 'AUDIT_ACCESS',
      operation: 'revealAuditRecord',
      actor: 'the-admin',
      outcome: 'ACCEPTED',
      entries: [
        {
          kind: 'REVEAL',
          actor: 'the-admin',
          detail: {
            target: requestId,
            reason: '客诉 ********, ********, (********, ********, ********, case of 2026-11-24',
          },
        },
      ],
    });
    expect(Buffer.from(record?.entries[0]?.leaf ?? '', 'base64').toString()).not.toContain('客诉');
  });

  it('hides in the reason whom the record names, since erasing them does not come to it', async () => {
    const token = await server.token({ role: 'user', sub: 'user-of-the-flow' });
    const contacts = [{ name: '李四光', phone: phoneWith(), relation: 'FRIEND' }];
    const flow = new Conversation(server, phoneWith(), token);
    await flow.start({ contacts });
    const wish = legalPerson();
    const { id } = await bind(server, wish, { token: await server.token({ role: 'service' }) });
    await askToReveal(server, flow.id, {
      reason: '张三 （11010519491231002x） asks for 李四光 of user-of-the-flow',
    });
    await askToReveal(server, id, { reason: `${wish.memberId} complains` });
    const reasons = (await reveals()).map(({ entries }) => entries[0]?.detail.reason);
    expect(reasons).toEqual(expect.arrayContaining(['*** (***) asks for *** of ***', '*** complains']));
  });

  it('has no result while there is none', async () => {
    const { requestId } = await askForCode(server, { phone: phoneWith('9003') });
    expect(await reveal(server, requestId)).toMatchObject({ request: expect.anything(), result: null });
  });

  it('is refused for what is no record, to others, and without a reason, and leaves no entry then', async () => {
    const { requestId } = await askForCode(server, { phone: phoneWith() });
    const before = (await reveals()).length;
    const refused = async (id: string, how: Parameters<typeof askToReveal>[2]) =>
      (await askToReveal(server, id, how)).errors?.[0]?.extensions;
    for (const id of ['00000000-0000-7000-8000-000000000000', 'nonsense', '']) {
      expect(await refused(id, {})).toMatchObject({ code: 'BAD_USER_INPUT', field: 'id' });
    }
    for (const reason of ['', 'why', `   why${' '.repeat(9)}`, '为'.repeat(501)]) {
      expect(await refused(requestId, { reason })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'reason' });
    }
    for (const role of ['user', 'service', 'auditor']) {
      expect(await refused(requestId, { role })).toMatchObject({ code: 'FORBIDDEN' });
      const erased = await askToErase(server, { phone: phoneWith() }, { role });
      expect(erased.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await reveals()).toHaveLength(before);
  });
});
