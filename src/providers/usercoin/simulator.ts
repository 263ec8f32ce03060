// usercoin as its document describes it: form-urlencoded, every key required, 120 s between two codes for a
// number (10032 before that), a code of six digits that is valid for 180 s, and `data: []` on errors. Who sends
// any of the web client's common parameters has to send all, freshly and well signed.
import type { Scenario, SimulatedAnswer, SimulatedRequest, Simulator } from '../provider.js';
import { commonParameterNames, isSignatureOf } from './signature.js';
import { SANDBOX_SIGN_KEY, SEND_PATH } from './wire.js';

const VALID_FOR_S = 180;
const NEXT_AFTER_S = 120;
/** How far a client's clock may be off. */
const CLOCK_MAY_DIFFER_S = 600;
const required = ['mobile', 'uuid', 'username', 'type', 'internationalCode'] as const;

export const simulator: Simulator = {
  start(world) {
    const lastSent = new Map<string, number>();

    function answer(request: SimulatedRequest): SimulatedAnswer {
      const form = new URLSearchParams(request.body);
      const fault = faultOf(request, form) ?? faultOfCommon(form, world.now());
      if (fault) return json({ code: 14, msg: `参数错误: ${fault}`, data: [] });

      const mobile = form.get('mobile') ?? '';
      const scenario = world.scenario(mobile);
      if (scenario === 'REFUSED')
        return json({ code: 10999, msg: world.describe(mobile), data: [] }, scenario);
      const now = world.now().getTime();
      forget(now);
      if (scenario === 'RATE_LIMITED' || lastSent.has(mobile)) {
        return json({ code: 10032, msg: '短信认证过于频繁,请稍后再试', data: [] }, scenario);
      }

      lastSent.set(mobile, now);
      const code = world.randomDigits(6);
      if (scenario !== 'HTTP_500') {
        world.deliver({
          phone: mobile,
          code,
          text: `【usercoin】验证码 ${code}，${VALID_FOR_S / 60} 分钟内有效。`,
        });
      }
      const data = { timeless: VALID_FOR_S, nexttime: NEXT_AFTER_S, code: Number(code) };
      return { ...json({ code: 0, msg: '成功', data }, scenario), accepted: { subject: mobile } };
    }

    /** Entries stand in the order of their times, so the old ones are in front. */
    function forget(now: number): void {
      for (const [mobile, at] of lastSent) {
        if (at + NEXT_AFTER_S * 1_000 > now) return;
        lastSent.delete(mobile);
      }
    }

    return [{ operation: 'sendCode', method: 'POST', path: SEND_PATH, answer }];
  },
};

function faultOf(request: SimulatedRequest, form: URLSearchParams): string | undefined {
  if (!request.contentType.startsWith('application/x-www-form-urlencoded')) return 'content type';
  for (const key of required) {
    if (form.getAll(key).length !== 1) return key;
  }
  const dialling = form.get('internationalCode') ?? '';
  if (!/^\+\d{1,4}$/.test(dialling)) return 'internationalCode';
  const mobile = form.get('mobile') ?? '';
  if (!/^\+\d{7,15}$/.test(mobile) || !mobile.startsWith(dialling)) return 'mobile';
  if (!/^\d{1,6}$/.test(form.get('type') ?? '')) return 'type';
  return undefined;
}

function faultOfCommon(form: URLSearchParams, now: Date): string | undefined {
  const names = [...commonParameterNames, 'token', 'sign'] as const;
  if (!names.some((name) => form.has(name))) return undefined;
  for (const name of names) {
    if (form.getAll(name).length !== 1) return name;
  }
  const value = (name: string) => form.get(name) ?? '';
  const [lang, platform, timestamp, ver] = commonParameterNames.map(value) as [
    string,
    string,
    string,
    string,
  ];
  if (!/^\d{10}$/.test(timestamp)) return 'timestamp';
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > CLOCK_MAY_DIFFER_S) return 'timestamp';
  const parameters = { lang, platform, timestamp, ver };
  return isSignatureOf(value('sign'), parameters, SANDBOX_SIGN_KEY) ? undefined : 'sign';
}

function json(body: unknown, scenario: Scenario = 'WELL'): SimulatedAnswer {
  return { status: 200, contentType: 'text/html; charset=utf-8', body: JSON.stringify(body), scenario };
}
