// usercoin's simulator is as strict as its document, and the client gets along with it over real HTTP.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { usercoin } from '../../../src/providers/usercoin/index.js';
import { signatureOf } from '../../../src/providers/usercoin/signature.js';
import { type Bench, configured, formOf, post, startBench } from '../../support/provider-bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench(usercoin);
});
afterAll(() => bench.close());

const { sendCode } = usercoin.operations;
const PATH = '/api/Smssend/doSend';
const sent = {
  accepted: {
    expiresAt: expect.any(String),
    resendAt: expect.any(String),
    testCode: expect.stringMatching(/^\d{6}$/),
  },
  providerCode: '0',
};
let subscriber = 0;
/** A number that nothing else in this file uses, for the scenario of the last four digits. */
const freshPhone = (scenario = '0000') => `+86139${String(++subscriber).padStart(4, '0')}${scenario}`;
const fields = () => ({ mobile: freshPhone(), uuid: '', username: '', type: '1', internationalCode: '+86' });
const refusal = (what: string) => ({ code: 14, msg: `参数错误: ${what}`, data: [] });

describe('the client', () => {
  it('has a code sent, at home and abroad', async () => {
    for (const phone of [freshPhone(), '+85512345678', '+639171234567']) {
      expect(await bench.call(sendCode, { phone, purpose: 'REGISTER' as const })).toEqual(sent);
      expect(await bench.calls(phone)).toHaveLength(1);
      expect(await bench.inbox(phone)).toHaveLength(1);
    }
  });

  it('signs where it is asked to, and not otherwise', async () => {
    const call = { requestId: 'r', now: new Date('2026-01-01T00:00:00.900Z') };
    const wish = { phone: freshPhone(), purpose: 'RESET_PASSWORD' as const, userId: 'u', username: 'n' };
    const formWith = (variables: Record<string, string>) => {
      const { settings } = configured(usercoin, variables, { sandboxUrl: bench.url });
      if (!settings) throw new Error('not configured');
      const { body } = sendCode.request(wish, settings, call);
      return body && 'form' in body ? body.form : undefined;
    };
    const plain = { mobile: wish.phone, uuid: 'u', username: 'n', type: '2', internationalCode: '+86' };
    expect(formWith({})).toEqual(plain);
    const parameters = { lang: 'cn', platform: 'Android', timestamp: '1767225600', ver: '1.0.0' };
    expect(formWith({ USERCOIN_SIGN: 'true', USERCOIN_SIGN_KEY: 'k', USERCOIN_PLATFORM: 'Android' })).toEqual(
      { ...plain, ...parameters, token: '', sign: signatureOf(parameters, 'k') },
    );

    expect(await bench.call(sendCode, wish, { USERCOIN_SIGN: 'true' })).toEqual(sent);
    const wrongKey = { USERCOIN_SIGN: 'true', USERCOIN_SIGN_KEY: 'another' };
    expect(await bench.call(sendCode, { ...wish, phone: freshPhone() }, wrongKey)).toEqual({
      refused: 'REFUSED_BY_PROVIDER',
      providerCode: '14',
      text: '参数错误: sign',
    });
  });

  it('understands every scenario', async () => {
    const play = async (scenario: string, deadline = '8000') => {
      const phone = freshPhone(scenario);
      const reply = await bench.call(
        sendCode,
        { phone, purpose: 'REGISTER' as const },
        { USERCOIN_DEADLINE_MS: deadline },
      );
      return { reply, calls: (await bench.calls(phone)).length };
    };
    const [refused, limited, silent, failed, malformed, late, reset] = await Promise.all([
      play('9001'),
      play('9002'),
      play('9003', '300'),
      play('9004'),
      play('9005'),
      play('9006'),
      play('9007'),
    ]);
    expect(refused).toEqual({
      reply: {
        refused: 'REFUSED_BY_PROVIDER',
        providerCode: '10999',
        text: expect.stringContaining('9001'),
        tellsExistence: true,
      },
      calls: 0,
    });
    expect(limited).toEqual({
      reply: {
        refused: 'RATE_LIMITED',
        providerCode: '10032',
        text: '短信认证过于频繁,请稍后再试',
        retryAfterMs: 120_000,
      },
      calls: 0,
    });
    expect(silent).toEqual({ reply: 'DEADLINE', calls: 1 });
    expect(failed).toEqual({ reply: 'HTTP_500', calls: 1 });
    expect(malformed).toEqual({ reply: 'UNREADABLE', calls: 1 });
    expect(late).toEqual({ reply: sent, calls: 1 });
    expect(reset.calls).toBe(1);
    expect(reset.reply).toMatch(/^(?!.*UNSENT)(UND_ERR_|ECONNRESET)/);
  });
});

describe('the simulator', () => {
  const answerTo = async (form: URLSearchParams, contentType?: string) =>
    JSON.parse(await post(bench.url + PATH, form, contentType));

  it.each(['mobile', 'uuid', 'username', 'type', 'internationalCode'])(
    'wants the key %s, once',
    async (key) => {
      const twice = formOf(fields());
      twice.append(key, 'x');
      for (const form of [formOf(fields(), { [key]: undefined }), twice]) {
        expect(await answerTo(form)).toEqual(refusal(key));
      }
    },
  );

  it.each([
    ['mobile', { mobile: '13800138000' }],
    ['mobile', { mobile: ' 8613800138000' }],
    ['mobile', { mobile: '+85512345678' }],
    ['internationalCode', { internationalCode: '86' }],
    ['internationalCode', { internationalCode: '' }],
    ['type', { type: '' }],
    ['type', { type: 'register' }],
  ])('refuses for its %s %j', async (what, change) => {
    expect(await answerTo(formOf(fields(), change))).toEqual(refusal(what));
  });

  it('wants a form', async () => {
    const json = JSON.stringify(fields());
    expect(JSON.parse(await post(bench.url + PATH, json, 'application/json'))).toEqual(
      refusal('content type'),
    );
    expect(await answerTo(formOf(fields()), 'text/plain')).toEqual(refusal('content type'));
  });

  it('wants the plus of a number encoded', async () => {
    const raw = decodeURIComponent(formOf(fields()).toString());
    expect(JSON.parse(await post(bench.url + PATH, raw))).toMatchObject({ code: 14 });
  });

  it('sends one code in 120 s to a number, whatever the scene', async () => {
    const form = fields();
    expect(await answerTo(formOf(form))).toMatchObject({
      code: 0,
      data: { timeless: 180, nexttime: 120, code: expect.any(Number) },
    });
    const again = { code: 10032, msg: '短信认证过于频繁,请稍后再试', data: [] };
    expect(await answerTo(formOf(form))).toEqual(again);
    expect(await answerTo(formOf(form, { type: '2' }))).toEqual(again);
    expect(await bench.inbox(form.mobile)).toHaveLength(1);
  });

  describe('where the common parameters are sent', () => {
    const common = () => {
      const parameters = {
        lang: 'cn',
        platform: 'H5',
        timestamp: String(Math.floor(Date.now() / 1_000)),
        ver: '1.0.0',
      };
      return { ...parameters, token: '', sign: signatureOf(parameters, 'usercoin-sandbox-key') };
    };

    it('takes them whole and well signed', async () => {
      expect(await answerTo(formOf({ ...fields(), ...common() }))).toMatchObject({ code: 0 });
    });

    it.each(['lang', 'platform', 'timestamp', 'ver', 'token', 'sign'])(
      'wants %s beside the others',
      async (key) => {
        expect(await answerTo(formOf({ ...fields(), ...common() }, { [key]: undefined }))).toEqual(
          refusal(key),
        );
      },
    );

    it.each([
      ['sign', { lang: 'en' }],
      ['sign', { platform: 'Android' }],
      ['sign', { ver: '1.0.1' }],
      ['sign', { sign: '' }],
      ['sign', { sign: '6f056bda52d183987987ffffacc98a31' }],
      ['sign', { sign: common().sign.toUpperCase() }],
      ['timestamp', { timestamp: String(Date.now()) }],
      ['timestamp', { timestamp: '1700000000' }],
      ['timestamp', { timestamp: 'now' }],
    ])('refuses for its %s %j', async (what, change) => {
      expect(await answerTo(formOf({ ...fields(), ...common(), ...change }))).toEqual(refusal(what));
    });
  });
});

describe('the signature', () => {
  it('agrees with a vector made elsewhere', () => {
    const parameters = { lang: 'cn', platform: 'H5', timestamp: '1700000000', ver: '1.0.0' };
    expect(signatureOf(parameters, 'testkey')).toBe('6f056bda52d183987987ffffacc98a31');
    const { ver, timestamp, platform, lang } = parameters;
    expect(signatureOf({ ver, timestamp, platform, lang }, 'testkey')).toBe(
      '6f056bda52d183987987ffffacc98a31',
    );
  });
});

describe('its environment', () => {
  const faults = (variables: Record<string, string>, production = true) =>
    configured(usercoin, { USERCOIN_URL: 'https://example.com', ...variables }, { production }).faults;

  it('asks for the key by name in production, where requests are to be signed', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ USERCOIN_SIGN: 'true' })).toEqual([
      'USERCOIN_SIGN_KEY is needed with USERCOIN_SIGN=true',
    ]);
    expect(faults({ USERCOIN_SIGN: 'true', USERCOIN_SIGN_KEY: 'k' })).toEqual([]);
    expect(faults({ USERCOIN_SIGN: 'true' }, false)).toEqual([]);
  });

  it('names a key that would have no effect', () => {
    expect(faults({ USERCOIN_SIGN_KEY: 'k' })).toEqual([
      'USERCOIN_SIGN_KEY has no effect without USERCOIN_SIGN=true',
    ]);
  });
});
