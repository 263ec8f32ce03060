// The bank gateway's simulator is as strict as its document, and the client gets along with it over real HTTP.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BankCode, qingsongBank } from '../../../src/providers/qingsong-bank/index.js';
import { type BankCodePurpose, bankCodePurposes } from '../../../src/providers/qingsong-bank/purposes.js';
import { type Bench, configured, FORM, formOf, post, startBench } from '../../support/provider-bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench(qingsongBank);
});
afterAll(() => bench.close());

const { sendCode } = qingsongBank.operations;
const PATH = '/qs_wxy/api/canteen/bankAPIGateway.shtml';
let subscriber = 0;
/** A number that nothing else in this file uses, for the scenario of the last four digits. */
const freshMobile = (scenario = '0000') => `138${String(++subscriber).padStart(4, '0')}${scenario}`;
const wish = (mobile: string, more: Partial<BankCode> = {}): BankCode => ({
  phone: `+86${mobile}`,
  bank: 'minsheng',
  schoolId: 'ding0123456789abcdef',
  personId: '100002',
  templateId: 'C01',
  ...more,
});
const fields = (mobile: string) => ({
  chargetype: 'getVerificationCode',
  bank_code: 'minsheng',
  fgsid: '1',
  personid: '2',
  mobile,
  template_id: 'C01',
});

describe('the client', () => {
  it.each([
    ['flat', 'form', '100002'],
    ['flat', 'json', '100002'],
    ['in the envelope', 'form', '100003'],
    ['in the envelope', 'json', '100003'],
  ])('has a code sent and reads the answer %s, asking by %s', async (_, body, personId) => {
    const mobile = freshMobile();
    const before = Date.now();
    const reply = await bench.call(sendCode, wish(mobile, { personId }), { QINGSONG_BANK_BODY: body });
    expect(reply).toEqual({
      accepted: { taskId: expect.stringMatching(/^[0-9a-f]{32}$/), expiresAt: expect.any(String) },
      providerCode: 'errcode:0',
      providerReference: expect.stringMatching(/^313G0\d{27}$/),
    });
    if (typeof reply === 'string' || !('accepted' in reply)) throw new Error('refused');
    const validForMs = Date.parse(reply.accepted.expiresAt ?? '') - before;
    expect(validForMs).toBeGreaterThanOrEqual(120_000);
    expect(validForMs).toBeLessThan(130_000);
    expect(await bench.inbox(`+86${mobile}`)).toEqual([
      expect.objectContaining({
        code: expect.stringMatching(/^\d{6}$/),
        text: expect.stringContaining('开户'),
      }),
    ]);
    expect(await bench.calls(`+86${mobile}`)).toHaveLength(1);
  });

  it('may be sent to another path', async () => {
    const path = { QINGSONG_BANK_PATH: '/qs_wxy/api/canteen/bankAPIGateway.html' };
    expect(await bench.call(sendCode, wish(freshMobile()), path)).toMatchObject({
      providerCode: 'errcode:0',
    });
    expect(await bench.call(sendCode, wish(freshMobile()), { QINGSONG_BANK_PATH: '/elsewhere' })).toBe(
      'HTTP_404',
    );
  });

  it('understands every scenario', async () => {
    const patient = { QINGSONG_BANK_DEADLINE_MS: '8000' };
    const hasty = { QINGSONG_BANK_DEADLINE_MS: '300' };
    const play = async (scenario: string, variables: Record<string, string> = patient, personId = '2') => {
      const mobile = freshMobile(scenario);
      const reply = await bench.call(sendCode, wish(mobile, { personId }), variables);
      return { reply, calls: (await bench.calls(`+86${mobile}`)).length };
    };
    const [refused, limited, silent, failed, malformed, malformedEnvelope, late, reset] = await Promise.all([
      play('9001'),
      play('9002'),
      play('9003', hasty),
      play('9004'),
      play('9005'),
      play('9005', patient, '3'),
      play('9006'),
      play('9007'),
    ]);
    expect(refused).toEqual({
      reply: {
        refused: 'REFUSED_BY_PROVIDER',
        providerCode: 'resp_code:DS00001',
        text: expect.stringContaining('9001'),
        tellsExistence: true,
      },
      calls: 0,
    });
    expect(limited).toEqual({
      reply: {
        refused: 'RATE_LIMITED',
        providerCode: 'errcode:1',
        text: expect.stringContaining('频繁'),
        retryAfterMs: 60_000,
      },
      calls: 0,
    });
    expect(silent).toEqual({ reply: 'DEADLINE', calls: 1 });
    expect(failed).toEqual({ reply: 'HTTP_500', calls: 1 });
    expect(malformed).toEqual({ reply: 'UNREADABLE', calls: 1 });
    expect(malformedEnvelope).toEqual({ reply: 'UNREADABLE', calls: 1 });
    expect(late).toEqual({ reply: expect.objectContaining({ providerCode: 'errcode:0' }), calls: 1 });
    expect(reset.calls).toBe(1);
    expect(reset.reply).toMatch(/^(?!.*UNSENT)(UND_ERR_|ECONNRESET)/);
  });

  it('offers exactly the scenes of the document', () => {
    const templates = Object.values(bankCodePurposes).map(({ templateId }) => templateId);
    const numbered = (letter: string, from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => letter + String(from + i).padStart(2, '0'));
    expect(templates).toEqual([...numbered('C', 1, 5), ...numbered('P', 1, 17), 'P21', 'P22', 'P27']);
    const held = Object.entries(bankCodePurposes).filter(([, purpose]) => 'sendsToHeldNumber' in purpose);
    expect(held.map(([name]) => name as BankCodePurpose)).toEqual([
      'SIGN_BILL_PAYMENT_ACCOUNT_PHONE',
      'SIGN_BILL_PAYMENT_CORE_PHONE',
    ]);
  });
});

describe('the simulator', () => {
  const refusal = (what: string) => JSON.stringify({ errcode: '1', errmsg: `参数错误: ${what}` });

  it.each(['chargetype', 'bank_code', 'fgsid', 'personid', 'mobile', 'template_id'])(
    'wants %s, once and not empty',
    async (key) => {
      const all = fields(freshMobile());
      const twice = formOf(all);
      twice.append(key, '1');
      const { [key as 'mobile']: _, ...without } = all;
      for (const wrong of [formOf(all, { [key]: undefined }), formOf(all, { [key]: '' }), twice]) {
        expect(await post(bench.url + PATH, wrong)).toBe(refusal(key));
      }
      for (const wrong of [without, { ...all, [key]: '' }, { ...all, [key]: 1 }, { ...all, [key]: null }]) {
        expect(await post(bench.url + PATH, JSON.stringify(wrong), 'application/json')).toBe(refusal(key));
      }
    },
  );

  it.each([
    ['chargetype', 'getverificationcode'],
    ['chargetype', 'rechargeWithdrawal'],
    ['bank_code', 'pingan'],
    ['mobile', '+8613800000000'],
    ['mobile', '8613800000000'],
    ['mobile', '1380000000'],
    ['mobile', '138000000000'],
    ['mobile', '23800000000'],
    ['template_id', 'C06'],
    ['template_id', 'P18'],
    ['template_id', 'P23'],
    ['template_id', 'c01'],
  ])('refuses %s %s', async (key, value) => {
    const answer = await post(bench.url + PATH, formOf(fields(freshMobile()), { [key]: value }));
    expect(answer).toBe(refusal(key));
  });

  it.each([
    ['text/plain', 'chargetype=getVerificationCode'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/json', '{"chargetype":'],
    ['application/json', 'null'],
  ])('refuses a body of %s that is %s', async (contentType, body) => {
    expect(await post(bench.url + PATH, body, contentType)).toBe(refusal('content type'));
  });

  it('sends one code a minute for a number, whatever the scene', async () => {
    const mobile = freshMobile();
    expect(await post(bench.url + PATH, formOf(fields(mobile)))).toContain(
      '"response_busi":"{"resp_desc":"success"',
    );
    const second = await post(
      bench.url + PATH,
      formOf(fields(mobile), { template_id: 'P27', personid: '4' }),
    );
    expect(JSON.parse(second)).toEqual({ errcode: '1', errmsg: '获取验证码过于频繁,请稍后再试' });
    expect(await post(bench.url + PATH, formOf(fields(freshMobile())))).toContain('DS00000');
    expect(await bench.inbox(`+86${mobile}`)).toHaveLength(1);
  });

  it('answers as the document prints it, or in the envelope for odd persons', async () => {
    const flat = await post(bench.url + PATH, formOf(fields(freshMobile())));
    expect(() => JSON.parse(flat)).toThrow();
    const enveloped = await post(bench.url + PATH, formOf(fields(freshMobile()), { personid: '3' }));
    expect(JSON.parse(enveloped)).toEqual({
      type: '0',
      title: '',
      content: '',
      data: expect.stringContaining('"response_busi":"{"resp_desc"'),
      trackid: expect.stringMatching(/^\d{19}$/),
    });
  });

  it('takes what it does not know', async () => {
    expect(await post(bench.url + PATH, formOf(fields(freshMobile()), { extra: '1' }), FORM)).toContain(
      'DS00000',
    );
  });
});

describe('its environment', () => {
  it('names every fault', () => {
    const faults = (variables: Record<string, string>, production = false) =>
      configured(qingsongBank, variables, { production }).faults.join('\n');
    expect(
      faults({ QINGSONG_BANK_PATH: 'x', QINGSONG_BANK_BODY: 'xml', QINGSONG_BANK_RESEND_AFTER_MS: '1' }),
    ).toMatch(/QINGSONG_BANK_PATH.*\n.*QINGSONG_BANK_BODY.*\n.*QINGSONG_BANK_RESEND_AFTER_MS/);
    const plain = { QINGSONG_BANK_URL: 'http://www.zhidianbao.cn' };
    expect(faults(plain, true)).toMatch(/QINGSONG_BANK_URL.*QINGSONG_BANK_ALLOW_HTTP/);
    expect(faults({ ...plain, QINGSONG_BANK_ALLOW_HTTP: 'true' }, true)).toBe('');
  });

  it('is not configured in production without an address', () => {
    expect(configured(qingsongBank, {}, { production: true })).toEqual({ settings: null, faults: [] });
  });
});
