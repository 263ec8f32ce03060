// Who may have a bank's code sent, for whom and to which number; what is refused leaves neither call nor record.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecords } from '../support/audit.js';
import { requestBankCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { askForBankCode, bankCodeWish } from './bank-code.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(await auditRecords(server, { outcomes: ['PENDING', 'UNKNOWN', 'REFUSED', 'DENIED'] })).toEqual([]);
  await server?.stop();
});

const mayAct = (act_for: unknown) => server.token({ role: 'user', claims: { act_for } });

describe('a bank code', () => {
  it('is not sent for the anonymous', async () => {
    const wish = bankCodeWish({ personId: 'person-of-nobody', schoolId: 'school-of-nobody' });
    const answer = await server.graphql(requestBankCode, { bank: wish });
    expectPublicError(answer, 'UNAUTHENTICATED', [wish.phone, wish.personId, wish.schoolId]);
    expect(await server.calls({ phone: wish.phone })).toEqual([]);
  });

  it('is sent for the school and the person that the token names', async () => {
    const token = await mayAct({ schoolId: ['S7'], personId: ['P70', 'P72'] });
    const wish = bankCodeWish({ schoolId: 'S7', personId: 'P72' });
    expect(await askForBankCode(server, wish, { token })).toHaveProperty(
      '__typename',
      'VerificationCodeSent',
    );
  });

  it.each([
    ['another school', { schoolId: 'school-8' }, 'schoolId'],
    ['another person', { personId: 'person-80' }, 'personId'],
    ['an id that begins like an allowed one', { personId: 'P7' }, 'personId'],
    ['the word that stands for all', { personId: '*' }, 'personId'],
  ])('is not sent for %s', async (_, foreign, kind) => {
    const token = await mayAct({ schoolId: ['S7-own'], personId: ['P70-own'] });
    const wish = { ...bankCodeWish({ schoolId: 'S7-own', personId: 'P70-own' }), ...foreign };
    const answer = await server.graphql(requestBankCode, { bank: wish }, { token });
    expectPublicError(answer, 'FORBIDDEN', [wish.phone, 'school-8', 'person-80', 'P70-own']);
    expect(answer.errors?.[0].extensions.field).toBe(`input.bank.${kind}`);
    expect(await server.calls({ phone: wish.phone })).toEqual([]);
  });

  it.each([
    ['an empty claim', {}, 'schoolId|personId'],
    ['empty lists', { schoolId: [], personId: [] }, 'schoolId|personId'],
    ['a claim that nobody can read', 'everybody', 'schoolId|personId'],
    ['null', null, 'schoolId|personId'],
    ['a claim of the school alone', { schoolId: '*' }, 'personId'],
  ])('is not sent on %s', async (_, act_for, kinds) => {
    const wish = bankCodeWish({ schoolId: 'school-S9', personId: 'person-P9' });
    const answer = await server.graphql(requestBankCode, { bank: wish }, { token: await mayAct(act_for) });
    expectPublicError(answer, 'FORBIDDEN', [wish.phone, wish.schoolId, wish.personId]);
    expect(answer.errors?.[0].extensions.field).toMatch(new RegExp(`^input\\.bank\\.(${kinds})$`));
  });

  it.each(['+639171234567', '+85261234567', '+8537 6212 3456', '+14155552671', '+861012345678'])(
    'is not sent to %s, which is no mobile of mainland China',
    async (phone) => {
      const token = await server.token({ role: 'user' });
      const wish = bankCodeWish({ phone, personId: 'person-abroad' });
      const answer = await server.graphql(requestBankCode, { bank: wish }, { token });
      expectPublicError(answer, 'BAD_USER_INPUT', [phone, wish.personId]);
      expect(answer.errors?.[0].extensions.field).toMatch(/^(input\.)?bank\.phone$/);
      expect(await auditRecords(server, { subject: { personId: wish.personId } })).toEqual([]);
    },
  );

  it.each([
    ['schoolId', ''],
    ['personId', ''],
    ['personId', 'x'.repeat(65)],
    ['schoolId', 'x'.repeat(65)],
  ])('needs a %s that the gateway can hold', async (kind, value) => {
    const token = await server.token({ role: 'user' });
    const wish = { ...bankCodeWish(), [kind]: value };
    const answer = await server.graphql(requestBankCode, { bank: wish }, { token });
    expectPublicError(answer, 'BAD_USER_INPUT', [wish.phone, 'xxxx']);
    expect(answer.errors?.[0].extensions.field).toBe(`input.bank.${kind}`);
    expect(await server.calls({ phone: wish.phone })).toEqual([]);
  });

  it('is not sent for a purpose that there is not', async () => {
    const token = await server.token({ role: 'user' });
    const wish = bankCodeWish({ purpose: 'ROB_THE_BANK', phone: phoneWith() });
    expectPublicError(await server.graphql(requestBankCode, { bank: wish }, { token }), 'BAD_USER_INPUT', [
      wish.phone,
      'ROB_THE_BANK',
    ]);
  });
});
