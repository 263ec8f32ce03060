// The limits of one phone: across providers, purposes and spellings; and nobody can use them up for somebody else.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForBankCode, bankCodeWish } from '../bank-code/bank-code.js';
import { Conversation } from '../operator-authentication/conversation.js';
import { bind, legalPerson } from '../phone-binding/binding.js';
import { askForCode } from '../support/ask.js';
import { auditRecords } from '../support/audit.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { solveHumanCheck } from '../support/solve-human-check.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  const perPhone = [
    { most: 1, seconds: 4 },
    { most: 2, seconds: 3_600 },
  ];
  const limits = {
    rules: {
      PHONE: perPhone,
      PHONE_ANONYMOUS: perPhone,
      PHONE_CHECKED: perPhone,
      ADDRESS_CHECK: null,
      ACTOR: null,
    },
    humanCheck: { work: 200 },
  };
  server = await startServer({ limits, env: { JUXINLI_RESEND_AFTER_MS: '100' } });
  token = await server.token({ role: 'user' });
});
afterAll(() => server?.stop());

const callsFor = (phone: string) => server.calls({ phone });
const sent = { __typename: 'VerificationCodeSent' };
const tooOften = { __typename: 'Refusal', code: 'RATE_LIMITED', providerCode: null };

describe('one phone', () => {
  it('is the same in whatever writing', async () => {
    const phone = phoneWith();
    const digits = phone.slice(3);
    const spaced = `${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}`;
    const wide = [...digits].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
    const writings = [phone, digits, spaced, `0086${digits}`, `(+86) ${spaced.replaceAll(' ', '-')}`, wide];
    const answers = await Promise.all(writings.map((writing) => askForCode(server, { phone: writing })));
    expect(answers.filter(({ __typename }) => __typename === 'VerificationCodeSent')).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(5);
    expect(await callsFor(phone)).toHaveLength(1);
  });

  it('is denied with the time that is left, as one record that counts', async () => {
    const phone = phoneWith();
    await askForCode(server, { phone });
    const denied = [];
    for (let i = 0; i < 3; i += 1) denied.push(await askForCode(server, { phone }));
    expect(denied).toEqual(Array(3).fill(expect.objectContaining(tooOften)));
    for (const { retryAfterMs } of denied) {
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(4_000);
    }
    expect(new Set(denied.map(({ requestId }) => requestId)).size).toBe(1);
    const records = await auditRecords(server, { subject: { phone } });
    expect(records.map(({ outcome, rule }) => [outcome, rule])).toEqual([
      ['DENIED', 'PHONE_ANONYMOUS'],
      ['ACCEPTED', null],
    ]);
  });

  it('may be asked for again when the window has passed', async () => {
    const phone = phoneWith();
    await askForCode(server, { phone });
    const { retryAfterMs } = await askForCode(server, { phone });
    await sleep(retryAfterMs + 100);
    // The provider minds its own minute by then: our denials name no code of a provider.
    expect(await askForCode(server, { phone })).not.toMatchObject(tooOften);
    expect(await auditRecords(server, { subject: { phone } })).toHaveLength(3);
  });

  it('is counted across providers and purposes', async () => {
    const wish = { ...legalPerson(), phone: phoneWith() };
    expect(await askForBankCode(server, bankCodeWish({ phone: wish.phone }), { token })).toMatchObject(sent);
    expect(
      await askForCode(server, { phone: wish.phone, purpose: 'RESET_PASSWORD' }, { token }),
    ).toMatchObject(tooOften);
    expect(await bind(server, wish, { token })).toMatchObject(tooOften);
    expect(await callsFor(wish.phone)).toHaveLength(1);
  });

  it('is the one that the bank holds where the bank sends to that, whatever number is named', async () => {
    const wish = () => bankCodeWish({ personId: 'P-held', purpose: 'SIGN_BILL_PAYMENT_ACCOUNT_PHONE' });
    expect(await askForBankCode(server, wish(), { token })).toMatchObject(sent);
    expect(await askForBankCode(server, wish(), { token })).toMatchObject(tooOften);
    const other = bankCodeWish({ personId: 'P-other', purpose: 'SIGN_BILL_PAYMENT_ACCOUNT_PHONE' });
    expect(await askForBankCode(server, other, { token })).toMatchObject(sent);
  });

  it('counts a captcha that is sent again in a conversation, which then has not moved', async () => {
    const conversation = new Conversation(server, phoneWith(), token);
    await conversation.start();
    await conversation.password();
    expect(await conversation.resend()).toMatchObject({ step: { reason: 'RESENT' } });
    expect(await conversation.resend()).toMatchObject(tooOften);
    expect(await conversation.turns()).toBe(2);
    expect(await conversation.captcha()).toMatchObject({ step: { __typename: 'CollectionStarted' } });
  });

  it('is not silenced by strangers for whoever is signed in, nor for whoever passes a human check', async () => {
    const phone = phoneWith();
    await askForCode(server, { phone });
    await sleep(4_100);
    await askForCode(server, { phone });
    // Both windows are used up, and the longer one is told. Whoever would wait long may do some work instead.
    const refusal = await askForCode(server, { phone });
    expect(refusal).toMatchObject({ __typename: 'Refusal', code: 'HUMAN_CHECK_REQUIRED' });
    const before = (await auditRecords(server, { subject: { phone } })).length;
    const humanCheck = await solveHumanCheck(refusal.humanCheck.challenge);
    // Past our own limits: what answers is the provider, which minds the number.
    expect((await askForCode(server, { phone, humanCheck })).providerCode).not.toBeNull();
    expect((await askForCode(server, { phone }, { token })).providerCode).not.toBeNull();
    const records = await auditRecords(server, { subject: { phone } });
    expect(records).toHaveLength(before + 2);
    expect(records.slice(0, 2).map(({ outcome }) => outcome)).toEqual(['REFUSED', 'REFUSED']);
    // Each has a count of its own.
    expect(await askForCode(server, { phone }, { token })).toMatchObject(tooOften);
  });
});

describe('an idempotency key', () => {
  it('is answered also where the limit is used up, and is free again where it was denied', async () => {
    const phone = phoneWith();
    const first = await askForCode(server, { phone, key: 'kept' });
    expect(await askForCode(server, { phone, key: 'denied' })).toMatchObject(tooOften);
    expect(await askForCode(server, { phone, key: 'kept' })).toMatchObject({
      ...sent,
      requestId: first.requestId,
      replayed: true,
    });
    await sleep(4_100);
    const { requestId } = await askForCode(server, { phone, key: 'denied' });
    const [newest] = await auditRecords(server, { subject: { phone } });
    expect(newest).toMatchObject({ id: requestId, outcome: 'REFUSED' });
  });
});
