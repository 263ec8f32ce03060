// The bank gateway as its document describes it: six required fields as form or JSON, known templates only, and
// the document's answer with its unescaped response_busi. A personid that ends in an odd digit gets the answer
// in the envelope of the sibling pages. One code a minute for a number.
import { randomBytes } from 'node:crypto';
import type { Scenario, SimulatedAnswer, SimulatedRequest, Simulator } from '../provider.js';
import { purposeOfTemplate } from './purposes.js';
import { ALTERNATIVE_PATH, DEFAULT_PATH } from './wire.js';

const VALID_FOR_S = 120;
const NEXT_AFTER_MS = 60_000;
const required = ['chargetype', 'bank_code', 'fgsid', 'personid', 'mobile', 'template_id'] as const;
type Fields = Record<(typeof required)[number], string>;

export const simulator: Simulator = {
  start(world) {
    const lastSent = new Map<string, number>();

    function answer(request: SimulatedRequest): SimulatedAnswer {
      const fields = fieldsOf(request);
      if (typeof fields === 'string') return reply(false, failed('1', `参数错误: ${fields}`));
      const enveloped = /[13579]$/.test(fields.personid);
      const phone = `+86${fields.mobile}`;
      const scenario = world.scenario(phone);
      if (scenario === 'REFUSED') {
        const business = { resp_desc: world.describe(phone), resp_code: 'DS00001' };
        return reply(enveloped, taken(business), scenario);
      }
      const now = world.now().getTime();
      forget(now);
      if (scenario === 'RATE_LIMITED' || lastSent.has(phone)) {
        return reply(enveloped, failed('1', '获取验证码过于频繁,请稍后再试'), scenario);
      }

      lastSent.set(phone, now);
      const code = world.randomDigits(6);
      if (scenario !== 'HTTP_500') {
        const { zh } = purposeOfTemplate(fields.template_id) ?? { zh: '' };
        world.deliver({
          phone,
          code,
          text: `【民生银行】验证码 ${code}，用于${zh}，${VALID_FOR_S / 60} 分钟内有效。`,
        });
      }
      const business = {
        resp_desc: 'success',
        resp_code: 'DS00000',
        expired_time: String(VALID_FOR_S),
        req_seq: `313G0${dateOf(now)}${world.randomDigits(10)}${world.randomDigits(9)}`,
        message_task_id: randomBytes(16).toString('hex'),
      };
      return { ...reply(enveloped, taken(business), scenario), accepted: { subject: phone } };
    }

    /** Entries stand in the order of their times, so the old ones are in front. */
    function forget(now: number): void {
      for (const [phone, at] of lastSent) {
        if (at + NEXT_AFTER_MS > now) return;
        lastSent.delete(phone);
      }
    }

    return [DEFAULT_PATH, ALTERNATIVE_PATH].map((path) => ({
      operation: 'sendCode',
      method: 'POST' as const,
      path,
      answer,
    }));
  },
};

/** The fields, or the name of what is wrong. */
function fieldsOf(request: SimulatedRequest): Fields | string {
  const all = valuesOf(request);
  if (!all) return 'content type';
  for (const key of required) {
    const values = all(key);
    if (values.length !== 1 || typeof values[0] !== 'string' || values[0] === '') return key;
  }
  const fields = Object.fromEntries(required.map((key) => [key, all(key)[0]])) as Fields;
  if (fields.chargetype !== 'getVerificationCode') return 'chargetype';
  if (fields.bank_code !== 'minsheng') return 'bank_code';
  if (!/^1\d{10}$/.test(fields.mobile)) return 'mobile';
  if (!purposeOfTemplate(fields.template_id)) return 'template_id';
  return fields;
}

function valuesOf({ contentType, body }: SimulatedRequest): ((key: string) => unknown[]) | undefined {
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams(body);
    return (key) => form.getAll(key);
  }
  if (!contentType.startsWith('application/json')) return undefined;
  try {
    const json = new Map(Object.entries(JSON.parse(body) as object));
    return (key) => (json.has(key) ? [json.get(key)] : []);
  } catch {
    return undefined;
  }
}

/** `20220323`, in the bank's time zone, which knows no summer time. */
function dateOf(now: number): string {
  return new Date(now + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Errors of the gateway itself, as on its sibling pages. */
function failed(errcode: string, errmsg: string): string {
  return JSON.stringify({ errcode, errmsg });
}

/** As printed in the document: the bank's answer stands in quotes, and its own quotes are not escaped. */
function taken(business: object): string {
  return `{"errcode":"0", "errmsg":"","return_code":"0000", "return_msg":"", "response_busi":"${JSON.stringify(business)}"}`;
}

function reply(enveloped: boolean, text: string, scenario: Scenario = 'WELL'): SimulatedAnswer {
  const body = enveloped
    ? JSON.stringify({ type: '0', title: '', content: '', data: text, trackid: '1000000000000000001' })
    : text;
  return { status: 200, contentType: 'text/html; charset=utf-8', body, scenario };
}
