// What an application may say, and for whom; what is refused leaves neither call nor record.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecords } from '../support/audit.js';
import { bindPhone, readBinding } from '../support/operations.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { type BindingWish, bind, bindingOf, legalPerson, signingOnline, withPapers } from './binding.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    env: { RETURN_URLS: 'https://app.example/bound,http://127.0.0.1:8080/h5/,https://bare.example' },
  });
});
afterAll(() => server?.stop());

async function expectRefused(wish: BindingWish, code: string, field: string | undefined, token?: string) {
  const answer = await server.graphql(bindPhone, { input: wish }, { token });
  const { name = '张三丰', idNumber = '' } = wish.authorisedPerson ?? {};
  const sent = [
    wish.phone,
    wish.phone.replace('+86', ''),
    wish.memberId,
    name,
    idNumber,
    wish.returnUrl ?? '',
  ];
  expectPublicError(
    answer,
    code,
    sent.filter((value) => value.length > 3),
  );
  expect(answer.errors?.[0].extensions.field).toBe(field);
  expect(await server.calls({ provider: 'tongqifu', phone: wish.phone })).toEqual([]);
  expect(await auditRecords(server, { subject: { memberId: wish.memberId } })).toEqual([]);
}

describe('for whom', () => {
  it('the anonymous bind nothing', () => expectRefused(legalPerson(), 'UNAUTHENTICATED', undefined));

  it.each([
    ['another member', { memberId: ['member-mine'] }],
    ['nobody', {}],
    ['an empty list', { memberId: [] }],
    ['other kinds of ids', { personId: '*', schoolId: '*' }],
    ['a longer id', { memberId: ['member-'] }],
  ])('a token that allows %s binds nothing', async (_, act_for) => {
    const token = await server.token({ role: 'user', claims: { act_for } });
    await expectRefused(legalPerson(), 'FORBIDDEN', 'input.memberId', token);
  });

  it('a token that allows the member binds', async () => {
    const wish = legalPerson();
    const token = await server.token({ role: 'user', claims: { act_for: { memberId: [wish.memberId] } } });
    expect(await bind(server, wish, { token })).toMatchObject({ status: 'CODE_SENT' });
  });

  it("someone else's binding is null, and so is one that there is not", async () => {
    const [alice, bob] = await Promise.all(
      ['alice', 'bob'].map((sub) => server.token({ role: 'user', sub })),
    );
    const { id } = await bind(server, legalPerson(), { token: alice });
    expect(await bindingOf(server, id, alice ?? '')).toHaveProperty('id', id);
    expect(await bindingOf(server, id, bob ?? '')).toBeNull();
    for (const other of ['0192f0c1-2345-7abc-8def-0123456789ab', 'x', '', `${id} `, "' OR 1=1"]) {
      expect(await bindingOf(server, other, alice ?? '')).toBeNull();
    }
    expectPublicError(await server.graphql(readBinding, { id }), 'UNAUTHENTICATED');
  });
});

describe('what', () => {
  let token: string;
  beforeAll(async () => {
    token = await server.token({ role: 'user' });
  });

  it.each(['+639171234567', '+861012345678', '+85261234567'])('a phone like %s is BAD_USER_INPUT', (phone) =>
    expectRefused({ ...legalPerson(), phone }, 'BAD_USER_INPUT', 'input.phone', token),
  );

  it.each(['', 'x'.repeat(31), 'a&b', 'a=b', 'two words', 'line\nend'])(
    'a memberId like %j is BAD_USER_INPUT',
    (memberId) => expectRefused({ ...legalPerson(), memberId }, 'BAD_USER_INPUT', 'input.memberId', token),
  );

  it.each([
    '1101051949123100',
    '110105194912310021X',
    '11010519491231002Y',
    '１１０１０５１９４９１２３１００２X',
    '11010549123100',
  ])('an idNumber like %s is BAD_USER_INPUT', (idNumber) => {
    const authorisedPerson = { authorisation: 'ONLINE', name: '张三丰', idNumber };
    return expectRefused(
      { ...legalPerson(), authorisedPerson },
      'BAD_USER_INPUT',
      'input.authorisedPerson.idNumber',
      token,
    );
  });

  it.each([
    ['missing with papers', { ...withPapers().authorisedPerson, agreementFileId: undefined }],
    [
      'given with a signature online',
      { ...signingOnline().authorisedPerson, agreementFileId: 'agreement-1' },
    ],
    ['empty', { ...withPapers().authorisedPerson, agreementFileId: '' }],
    ['too long', { ...withPapers().authorisedPerson, agreementFileId: 'f'.repeat(101) }],
  ])('an agreementFileId that is %s is BAD_USER_INPUT', (_, authorisedPerson) =>
    expectRefused(
      { ...legalPerson(), authorisedPerson: authorisedPerson as never },
      'BAD_USER_INPUT',
      'input.authorisedPerson.agreementFileId',
      token,
    ),
  );

  it.each([
    ['name', ''],
    ['name', '名'.repeat(61)],
    ['authorisation', 'BY_MAIL'],
  ])('a %s like %j is BAD_USER_INPUT', async (member, value) => {
    const authorisedPerson = { ...signingOnline().authorisedPerson, [member]: value };
    const wish = { ...legalPerson(), authorisedPerson };
    const answer = await server.graphql(bindPhone, { input: wish }, { token });
    expectPublicError(answer, 'BAD_USER_INPUT', [wish.phone, '名名', 'BY_MAIL']);
    expect(answer.errors?.[0].extensions.field).toBe(`input.authorisedPerson.${member}`);
  });
});

describe('where the browser goes afterwards', () => {
  let token: string;
  beforeAll(async () => {
    token = await server.token({ role: 'user' });
  });

  it.each([
    'https://app.example/bound',
    'https://app.example/bound/done?x=1#y',
    'https://app.example:443/bound',
    'https://APP.example/bound/',
    'http://127.0.0.1:8080/h5',
    'http://127.0.0.1:8080/h5/deep/er',
    'https://bare.example/anything',
  ])('may be %s', async (returnUrl) => {
    expect(await bind(server, { ...signingOnline(), returnUrl }, { token })).toMatchObject({
      status: 'AWAITING_SIGNATURE',
    });
  });

  it.each([
    'https://evil.example/bound',
    'https://app.example@evil.example/bound',
    'https://app.example%2fbound@evil.example/',
    'https://user@app.example/bound',
    'https://user:secret@app.example/bound',
    'https://app.example.evil.example/bound',
    'https://evil.example/https://app.example/bound',
    'https://evil.example?https://app.example/bound',
    'https://evil.example\\@app.example/bound',
    'http://app.example/bound',
    'https://app.example:444/bound',
    'https://app.example/boundless',
    'https://app.example/bound-evil',
    'https://app.example/Bound',
    'https://app.example/',
    'https://app.example/bound/../other',
    'https://app.example/bound/%2e%2e/other',
    'https://app.example/bound/..\\other',
    'http://127.0.0.1:8080/h55',
    '//app.example/bound',
    '/bound',
    'javascript:alert(1)//https://app.example/bound',
    'data:text/html,https://app.example/bound',
    '',
    `https://app.example/bound/${'x'.repeat(250)}`,
  ])('may not be %s', (returnUrl) =>
    expectRefused({ ...signingOnline(), returnUrl }, 'BAD_USER_INPUT', 'input.returnUrl', token),
  );

  it('may be nowhere, where no list is configured, but here', async () => {
    const other = await startServer();
    try {
      const own = await other.token({ role: 'user' });
      const input = { ...signingOnline(), returnUrl: `${other.url}/h5` };
      expectPublicError(await other.graphql(bindPhone, { input }, { token: own }), 'BAD_USER_INPUT');
      expect(await bind(other, signingOnline(), { token: own })).toMatchObject({
        status: 'AWAITING_SIGNATURE',
      });
    } finally {
      await other.stop();
    }
  });
});
