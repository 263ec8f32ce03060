// The legal person's phone: the platform sends a code, which is confirmed here only where that is configured.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecord, auditRecords } from '../support/audit.js';
import { confirmPhoneBinding } from '../support/operations.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { bind, bindingOf, confirm, legalPerson, signingOnline, standing } from './binding.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ env: { TONGQIFU_CONFIRM: 'on', TONGQIFU_DEADLINE_MS: '4000' } });
  token = await server.token({ role: 'user', sub: 'alice' });
});
afterAll(() => server?.stop());

async function applied(lastFour?: string) {
  const wish = legalPerson(lastFour);
  const { id } = await bind(server, wish, { token });
  const [message] = await server.inbox(wish.phone);
  if (!message) throw new Error('no SMS came');
  const wrong = message.code === '123456' ? '654321' : '123456';
  return { ...wish, id: id as string, code: message.code, wrong };
}
const confirmations = (phone: string) =>
  server
    .calls({ provider: 'tongqifu', phone })
    .then((calls) => calls.filter(({ operation }) => operation === 'confirmBinding'));

describe("binding a legal person's phone", () => {
  it('has a code sent, and is in the log under the phone, the member and the trace number', async () => {
    const wish = legalPerson();
    const binding = await bind(server, wish, { token });
    expect(binding).toMatchObject({
      __typename: 'PhoneBinding',
      status: 'CODE_SENT',
      memberId: wish.memberId,
      maskedPhone: `138****${wish.phone.slice(-4)}`,
      traceNumber: expect.stringMatching(/^\d{26}$/),
      signingUrl: null,
      text: '验证码已发送，请输入短信中的验证码。',
      providerCode: '0',
    });
    expect(await server.inbox(wish.phone)).toHaveLength(1);
    expect(await bindingOf(server, binding.id, token)).toEqual({ ...binding, __typename: undefined });
    for (const filter of [
      { subject: { phone: wish.phone } },
      { subject: { memberId: wish.memberId } },
      { providerReference: binding.traceNumber },
      { flow: binding.id },
    ]) {
      expect((await auditRecords(server, filter)).map(({ id }) => id)).toEqual([binding.id]);
    }
    expect(await auditRecord(server, binding.id)).toMatchObject({
      kind: 'PHONE_BINDING',
      operation: 'applyBinding',
      purpose: 'LEGAL_PERSON',
      outcome: 'ACCEPTED',
      actor: 'alice',
    });
  });
});

describe('confirming it', () => {
  it('with the right code binds it, and the notice that follows changes nothing more', async () => {
    const { id, code, phone } = await applied();
    const bound = await confirm(server, { id, code }, { token });
    expect(bound).toMatchObject({ __typename: 'PhoneBinding', id, status: 'BOUND', signingUrl: null });
    expect(await confirmations(phone)).toHaveLength(1);
    const records = await auditRecords(server, { flow: id });
    expect(records.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['confirmBinding', 'ACCEPTED'],
      ['applyBinding', 'ACCEPTED'],
    ]);
    expect(await bindingOf(server, id, token)).toMatchObject({ status: 'BOUND' });
  });

  it('with a wrong code is refused, and may be tried again', async () => {
    const { id, code, wrong } = await applied();
    const refused = await confirm(server, { id, code: wrong }, { token });
    expect(refused).toMatchObject({ __typename: 'Refusal', code: 'WRONG_CODE', providerCode: '9999' });
    expect(await bindingOf(server, id, token)).toMatchObject({ status: 'CODE_SENT' });
    expect(await confirm(server, { id, code }, { token })).toMatchObject({ status: 'BOUND' });
  });

  it('after five wrong codes is CODE_EXPIRED', async () => {
    const { id, code, wrong } = await applied();
    for (let attempt = 0; attempt < 5; attempt += 1) await confirm(server, { id, code: wrong }, { token });
    expect(await confirm(server, { id, code }, { token })).toMatchObject({ code: 'CODE_EXPIRED' });
  });

  it.each([
    ['without a key', undefined],
    ['with one key', 'double tap'],
  ])('by a double tap %s sends one, and nobody is told a failure', async (_, key) => {
    const { id, code, phone } = await applied();
    const taps = await Promise.all(
      [1, 2].map(() =>
        server.graphql(confirmPhoneBinding, { input: { id, code }, key: key && `${key} ${id}` }, { token }),
      ),
    );
    expect(await confirmations(phone)).toHaveLength(1);
    const ends = taps.map(
      ({ data, errors }) => data?.confirmPhoneBinding.status ?? errors?.[0].extensions.code,
    );
    expect(ends).toContain('BOUND');
    expect(['BOUND,BOUND', 'BOUND,REQUEST_IN_PROGRESS']).toContain(ends.sort().join());
    expect(await confirm(server, { id, code }, { token })).toMatchObject({ status: 'BOUND' });
    expect(await confirmations(phone)).toHaveLength(1);
  });

  it('with a key that was used is answered with the present state', async () => {
    const { id, code, wrong, phone } = await applied();
    const first = await confirm(server, { id, code }, { token, key: `once ${id}` });
    const again = await confirm(server, { id, code: wrong }, { token, key: `once ${id}` });
    expect([first, again]).toMatchObject([
      { id, status: 'BOUND' },
      { id, status: 'BOUND' },
    ]);
    expect(await confirmations(phone)).toHaveLength(1);
  });

  it('whose answer is lost becomes BOUND by the notice', async () => {
    const { id, code } = await applied('9203');
    expect(await confirm(server, { id, code }, { token })).toMatchObject({ id, status: 'BOUND' });
    const [record] = await auditRecords(server, { flow: id });
    expect(record).toMatchObject({ operation: 'confirmBinding', outcome: 'UNKNOWN', rule: 'DEADLINE' });
  });

  it('whose answer is an error page is unknown, says when to look again, and may be tried again', async () => {
    const { id, code } = await applied('9204');
    const unknown = await confirm(server, { id, code }, { token });
    expect(unknown).toMatchObject({ __typename: 'OutcomeUnknown', pollAfterMs: expect.any(Number) });
    expect(await bindingOf(server, id, token)).toMatchObject({ status: 'CODE_SENT' });
  });

  it.each([
    ['9201', 'REFUSED_BY_PROVIDER'],
    ['9202', 'RATE_LIMITED'],
  ])('in the scenario %s is refused with %s', async (digits, refusal) => {
    const { id, code } = await applied(digits);
    expect(await confirm(server, { id, code }, { token })).toMatchObject({ code: refusal });
  });

  it.each(['', '1', '123', '123456789', '1234567890123456', '12345678901234567', '12ab56'])(
    'with %j, which is no code, is BAD_USER_INPUT before anybody is asked',
    async (code) => {
      const { id, phone } = await applied();
      const answer = await server.graphql(confirmPhoneBinding, { input: { id, code } }, { token });
      expectPublicError(answer, 'BAD_USER_INPUT', code.length > 3 ? [`"${code}"`, phone] : [phone]);
      expect(answer.errors?.[0].extensions.field).toBe('input.code');
      expect(await auditRecords(server, { flow: id })).toHaveLength(1);
    },
  );

  it("someone else's, or one that there is not, is BAD_USER_INPUT", async () => {
    const { id, code, phone } = await applied();
    const bob = await server.token({ role: 'user', sub: 'bob' });
    for (const [whose, input] of [
      [bob, { id, code }],
      [token, { id: '0192f0c1-2345-7abc-8def-0123456789ab', code }],
      [token, { id: 'no id', code }],
    ] as const) {
      const answer = await server.graphql(confirmPhoneBinding, { input }, { token: whose });
      expectPublicError(answer, 'BAD_USER_INPUT', [code, phone]);
      expect(answer.errors?.[0].extensions.field).toBe('input.id');
    }
    expect(await confirmations(phone)).toEqual([]);
  });

  it('is not for the anonymous', async () => {
    const { id, code } = await applied();
    expectPublicError(await server.graphql(confirmPhoneBinding, { input: { id, code } }), 'UNAUTHENTICATED', [
      code,
    ]);
  });

  it('one that is signed online asks nobody and shows where it stands', async () => {
    const { id } = await bind(server, signingOnline(), { token });
    expect(await confirm(server, { id, code: '123456' }, { token })).toMatchObject({
      status: 'AWAITING_SIGNATURE',
    });
    expect(await standing(server, id, 'AWAITING_SIGNATURE', token)).toHaveProperty('id', id);
  });
});

describe('where confirming is not configured', () => {
  it('it is PROVIDER_NOT_CONFIGURED, and the binding stands as it stood', async () => {
    const other = await startServer();
    try {
      const own = await other.token({ role: 'user' });
      const { id } = await bind(other, legalPerson(), { token: own });
      const answer = await other.graphql(
        confirmPhoneBinding,
        { input: { id, code: '123456' } },
        { token: own },
      );
      expectPublicError(answer, 'PROVIDER_NOT_CONFIGURED', ['123456']);
      expect(await bindingOf(other, id, own)).toMatchObject({ status: 'CODE_SENT' });
    } finally {
      await other.stop();
    }
  });
});
