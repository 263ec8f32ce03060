// Guesses of captchas, passwords and codes: so many of a phone and a purpose, which a new code does not begin anew.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Conversation } from '../operator-authentication/conversation.js';
import {
  isBusy,
  isDone,
  type ScriptedJuxinli,
  scriptedJuxinli,
  shop,
} from '../operator-authentication/scripted-juxinli.js';
import { bind, confirm, legalPerson } from '../phone-binding/binding.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

const WRONG = '000000';
const tooOften = { __typename: 'Refusal', code: 'RATE_LIMITED', providerCode: null };

let server: TestServer;
let token: string;
beforeAll(async () => {
  const limits = { rules: { GUESSES: [{ most: 2, seconds: 3_600 }], PHONE: null, ACTOR: null } };
  server = await startServer({ limits, env: { TONGQIFU_CONFIRM: 'on', JUXINLI_RESEND_AFTER_MS: '100' } });
  token = await server.token({ role: 'user' });
});
afterAll(() => server?.stop());

async function atTheCaptcha(phone: string, as = token): Promise<Conversation> {
  const conversation = new Conversation(server, phone, as);
  await conversation.start();
  expect(await conversation.password()).toMatchObject({ step: { __typename: 'SmsCaptchaStep' } });
  return conversation;
}

describe('captchas of an operator', () => {
  it('may be guessed so often, whatever comes between', async () => {
    const conversation = await atTheCaptcha(phoneWith());
    expect(await conversation.captcha(WRONG)).toMatchObject({ step: { reason: 'WRONG' } });
    expect(await conversation.resend()).toMatchObject({ step: { reason: 'RESENT' } });
    expect(await conversation.captcha(WRONG)).toMatchObject({ step: { reason: 'WRONG' } });
    const turns = await conversation.turns();
    // Not even the right one.
    expect(await conversation.captcha()).toMatchObject(tooOften);
    expect(await conversation.turns()).toBe(turns);
    // Nothing has moved: the conversation waits where it was.
    expect(await conversation.seen()).toMatchObject({ step: { __typename: 'SmsCaptchaStep' } });
  });

  it('are counted for the phone, also in another conversation and for another caller', async () => {
    const phone = phoneWith();
    const first = await atTheCaptcha(phone);
    await first.captcha(WRONG);
    await first.captcha(WRONG);
    const other = await server.token({ role: 'user', sub: 'another-caller' });
    const conversation = await atTheCaptcha(phone, other);
    expect(await conversation.captcha()).toMatchObject(tooOften);
  });
});

describe('service passwords', () => {
  it('have a count of their own', async () => {
    const conversation = new Conversation(server, phoneWith(), token);
    await conversation.start();
    for (let i = 0; i < 2; i += 1) {
      expect(await conversation.password(WRONG)).toMatchObject({
        step: { __typename: 'ServicePasswordStep', retry: true },
      });
    }
    expect(await conversation.password()).toMatchObject(tooOften);
    expect(await conversation.turns()).toBe(2);
  });
});

describe('an operator that is busy', () => {
  it('may be asked on with what was counted once, and with nothing else', async () => {
    const provider = await scriptedJuxinli();
    const limits = { rules: { GUESSES: [{ most: 1, seconds: 3_600 }] } };
    const strict = await startServer({ limits, env: { JUXINLI_URL: provider.url } });
    const user = await strict.token({ role: 'user' });
    const one = new Conversation(strict, phoneWith(), user);
    await one.start();
    const other = Object.assign(new Conversation(strict, one.phone, user), one);

    let answer: (busy: object) => void = () => {};
    provider.willAnswer(
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    const sending = one.password('11111111');
    await eventually(
      () => provider.turns,
      (turns) => turns.length === 1,
    );
    // Beside a call that is under way nothing is sent, and so nothing is counted.
    expect(await other.password('22222222')).toMatchObject({ step: { __typename: 'WaitStep' } });
    answer(isBusy);
    expect(await sending).toMatchObject({ step: { __typename: 'WaitStep' } });

    provider.willAnswer(isBusy, isBusy, isBusy);
    for (let i = 0; i < 3; i += 1) {
      expect(await one.goOn()).toMatchObject({ step: { __typename: 'WaitStep' } });
    }
    expect(await other.goOn()).toMatchObject(tooOften);
    expect(provider.turns.map(({ password }) => password)).toEqual(Array(4).fill('11111111'));
    await strict.stop();
    await provider.close();
  });
});

describe('an account at a shop', () => {
  let provider: ScriptedJuxinli;
  let strict: TestServer;
  beforeAll(async () => {
    // What kind of source it is, its answer may leave out.
    provider = await scriptedJuxinli({ ...shop, category: undefined });
    const limits = { rules: { GUESSES_ACCOUNT: [{ most: 2, seconds: 3_600 }] } };
    strict = await startServer({ limits, env: { JUXINLI_URL: provider.url } });
  });
  afterAll(async () => {
    await strict?.stop();
    await provider?.close();
  });
  const guess = async (sub: string, account: string, password = WRONG) => {
    const conversation = new Conversation(strict, phoneWith(), await strict.token({ role: 'user', sub }));
    await conversation.start();
    provider.willAnswer(isDone);
    return conversation.password(password, { account });
  };

  it('may be guessed so often, by whoever and with whatever phone, and others are not kept from theirs', async () => {
    const finished = { step: { __typename: 'CollectionStarted' } };
    expect(await guess('mallory', 'victim@shop.example')).toMatchObject(finished);
    expect(await guess('mallory-too', 'Victim@Shop.Example')).toMatchObject(finished);
    const turns = provider.turns.length;
    expect(await guess('mallory-three', 'ｖictim@shop.example')).toMatchObject(tooOften);
    expect(provider.turns).toHaveLength(turns);
    expect(await guess('alice', 'alice@shop.example')).toMatchObject(finished);
  });

  it("is nobody else's phone, however it is written", async () => {
    const turns = provider.turns.length;
    for (const account of ['13912345678', '+86 139-1234-5678', '００８６１３９１２３４５６７８']) {
      await expect(guess('mallory', account)).rejects.toThrow(/BAD_USER_INPUT.*input\.account/s);
    }
    expect(provider.turns).toHaveLength(turns);
  });
});

describe('codes of a binding', () => {
  it('may be guessed so often, also for a binding that was begun anew', async () => {
    const wish = legalPerson();
    const { id } = await bind(server, wish, { token });
    for (let i = 0; i < 2; i += 1) {
      expect(await confirm(server, { id, code: WRONG }, { token })).toMatchObject({ code: 'WRONG_CODE' });
    }
    expect(await confirm(server, { id, code: WRONG }, { token })).toMatchObject(tooOften);
    const again = await bind(server, { ...wish, memberId: 'member-anew' }, { token });
    const id2 = again.id ?? id;
    expect(await confirm(server, { id: id2, code: WRONG }, { token })).toMatchObject(tooOften);
    expect(
      (await server.calls({ provider: 'tongqifu' })).filter(({ operation }) => /confirm/i.test(operation)),
    ).toEqual([]);
  });
});

describe('a caller', () => {
  it('may guess little of many phones', async () => {
    const strict = await startServer({ limits: { rules: { GUESSES_ACTOR: [{ most: 3, seconds: 3_600 }] } } });
    const one = await strict.token({ role: 'user' });
    const ends = [];
    for (let i = 0; i < 5; i += 1) {
      const conversation = new Conversation(strict, phoneWith(), one);
      await conversation.start();
      const { code, step } = await conversation.password(WRONG);
      ends.push(code ?? step.__typename);
    }
    expect(ends).toEqual([...Array(3).fill('ServicePasswordStep'), 'RATE_LIMITED', 'RATE_LIMITED']);
    await strict.stop();
  });
});
