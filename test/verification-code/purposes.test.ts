// What a code is for: usercoin numbers its scenes, and further ones need to be configured.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecord } from '../support/audit.js';
import { requestCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ env: { USERCOIN_FURTHER_TYPES: '7,12' } });
});
afterAll(() => server?.stop());

describe('the purpose of a code', () => {
  it.each([
    { purpose: 'REGISTER' as const },
    { purpose: 'RESET_PASSWORD' as const },
    { purpose: 'OTHER' as const, type: '12' },
  ])('may be $purpose, and is in the record', async (wish) => {
    const { __typename, requestId } = await askForCode(server, { phone: phoneWith(), ...wish });
    expect(__typename).toBe('VerificationCodeSent');
    expect((await auditRecord(server, requestId)).purpose).toBe(wish.purpose);
  });

  it.each([
    ['OTHER without a type', { purpose: 'OTHER' }],
    ['OTHER with a type that is not configured', { purpose: 'OTHER', type: '13' }],
    ['REGISTER with a type', { purpose: 'REGISTER', type: '7' }],
  ])('may not be %s', async (_, wish) => {
    const phone = phoneWith();
    const answer = await server.graphql(requestCode, { phone, ...wish });
    expectPublicError(answer, 'BAD_USER_INPUT', [phone]);
    expect(answer.errors?.[0].extensions.field).toBe('input.account.providerType');
    expect(await server.calls({ phone })).toEqual([]);
  });
});

describe('the phone of a code', () => {
  it.each([
    '138 0000 9999',
    '+86-138-0000-9999',
    '008613800009999',
    '１３８００００９９９９',
    '(+86) 138 0000 9999',
  ])('written as %s is the same number', async (spelling) => {
    const { maskedPhone } = await askForCode(server, { phone: spelling, key: 'spelt' });
    expect(maskedPhone).toBe('138****9999');
    expect(await server.calls({ phone: '+8613800009999' })).toHaveLength(1);
  });

  it('may be of another country, whose calling code the provider is told', async () => {
    const answer = await askForCode(server, { phone: '+63 917 123 4567' });
    expect(answer).toMatchObject({ __typename: 'VerificationCodeSent', maskedPhone: '+639****4567' });
    expect(await server.inbox('+639171234567')).toHaveLength(1);
  });
});
