// 通企付 as its document describes it: both calls of a binding, the page where an authorised person signs, and the
// notices. Offline papers are "reviewed" within half a second; a notice follows a signature or a code at once.
import type { Scenario, SimulatedAnswer, SimulatedRequest, SimulatedWorld, Simulator } from '../provider.js';
import { sign } from './signature.js';
import { textToSign } from './signed-text.js';
import { BoundedMap, noticeOf, readApplication, type SimulatedBinding } from './simulated-binding.js';
import {
  type CheckedRequest,
  checkRequest,
  commonTable,
  type Fault,
  type FieldTable,
  refused,
} from './simulated-request.js';
import { onToJumpUrl, signPage, unknownPage } from './simulated-sign-page.js';
import { APPLY_PATH, CONFIRM_PATH } from './wire.js';

const SIGN_PATH = '/sign';

const applyTable: FieldTable = {
  ...commonTable,
  phoneType: 1,
  notifyUrl: 250,
  'jumpUrl?': 250,
  'authPerInfo?': 2_000,
};
const confirmTable: FieldTable = { ...commonTable, applyRespTraceNum: 40, verifyCode: 8 };

const NOTICE_AFTER_MS = 200;
const REVIEW_TAKES_MS = 500;
/** In the scenario of notices that come late, and twice. */
const LATE_NOTICES_MS = [1_500, 1_700];
const CODE_VALID_FOR_MS = 5 * 60_000;
const WRONG_CODES = 5;
const REMEMBERED = 100_000;

export const simulator: Simulator = {
  start(world) {
    const platform = new Platform(world);
    return [
      {
        operation: 'applyBinding',
        method: 'POST',
        path: APPLY_PATH,
        answer: (request) => platform.apply(request),
      },
      {
        operation: 'confirmBinding',
        method: 'POST',
        path: CONFIRM_PATH,
        answer: (request) => platform.confirm(request),
      },
      {
        operation: 'signPage',
        method: 'GET',
        path: SIGN_PATH,
        answer: (request) => platform.showSignPage(request),
      },
      { operation: 'sign', method: 'POST', path: SIGN_PATH, answer: (request) => platform.sign(request) },
    ];
  },
};

class Platform {
  private readonly serials = new BoundedMap<true>(REMEMBERED);
  private readonly bindings = new BoundedMap<SimulatedBinding>(REMEMBERED);

  constructor(private readonly world: SimulatedWorld) {}

  apply(request: SimulatedRequest): SimulatedAnswer {
    const door = checkRequest(request, applyTable, this.world.now());
    if ('fault' in door) return faulty(door.fault);
    const { checked } = door;
    const application = readApplication(checked);
    if ('fault' in application) return faulty(application.fault);
    const { scenario, fault } = this.admit(checked, 1);
    if (fault) return faulty(fault, scenario);

    const binding: SimulatedBinding = {
      ...application,
      trace: this.world.randomDigits(13) + this.world.randomDigits(13),
      serial: checked.field('serialNo'),
      memberId: checked.field('bizUserId'),
      phone: checked.field('phone'),
      keys: checked.keys,
      notifyUrl: checked.field('notifyUrl'),
      jumpUrl: checked.field('jumpUrl'),
      code: application.kind === 'LEGAL_PERSON' ? this.world.randomDigits(6) : '',
      codeValidUntil: this.world.now().getTime() + CODE_VALID_FOR_MS,
      wrongCodes: 0,
    };
    if (scenario !== 'HTTP_500') this.begin(binding);
    const data = {
      bizUserId: binding.memberId,
      applyRespTraceNum: binding.trace,
      ...(binding.kind === 'ONLINE'
        ? { authSignLink: `${request.baseUrl}${SIGN_PATH}?trace=${binding.trace}` }
        : {}),
    };
    return taken(binding.kind === 'OFFLINE' ? '3000' : '0', data, binding, scenario);
  }

  confirm(request: SimulatedRequest): SimulatedAnswer {
    const door = checkRequest(request, confirmTable, this.world.now());
    if ('fault' in door) return faulty(door.fault);
    const { checked } = door;
    const binding = this.bindings.get(checked.field('applyRespTraceNum'));
    if (!binding) return faulty(refused('申请流水不存在').fault);
    if (binding.memberId !== checked.field('bizUserId') || binding.phone !== checked.field('phone')) {
      return faulty(refused('申请信息不一致').fault);
    }
    if (binding.kind !== 'LEGAL_PERSON') return faulty(refused('该绑定类型无需确认').fault);
    if (binding.ended) return faulty(refused('手机号已绑定').fault);
    const { scenario, fault } = this.admit(checked, 2);
    if (fault) return faulty(fault, scenario);
    const wrongCode = this.checkCode(binding, checked.field('verifyCode'));
    if (wrongCode) return faulty(wrongCode, scenario);

    if (scenario !== 'HTTP_500') this.end(binding, '1', NOTICE_AFTER_MS);
    const data = { bizUserId: binding.memberId, applyRespTraceNum: binding.trace, phone: binding.phone };
    return taken('0', data, binding, scenario);
  }

  showSignPage({ query }: SimulatedRequest): SimulatedAnswer {
    const binding = this.toBeSigned(query);
    return binding ? signPage(binding) : unknownPage();
  }

  sign({ body }: SimulatedRequest): SimulatedAnswer {
    const form = new URLSearchParams(body);
    const binding = this.toBeSigned(form);
    if (!binding) return unknownPage();
    if (!binding.ended) this.end(binding, form.get('decision') === 'sign' ? '1' : '0', NOTICE_AFTER_MS);
    return onToJumpUrl(binding);
  }

  /** What comes after the fields: a serial number counts once, then the scenario says how it goes. */
  private admit({ field }: CheckedRequest, step: number): { scenario: Scenario; fault?: Fault } {
    const subject = `+86${field('phone')}`;
    const scenario = this.world.scenario(subject, step);
    if (this.serials.get(field('serialNo'))) return { scenario: 'WELL', ...refused('请求流水号重复') };
    if (scenario === 'REFUSED') return { scenario, ...refused(this.world.describe(subject)) };
    if (scenario === 'RATE_LIMITED') return { scenario, ...refused('操作过于频繁，请稍后再试') };
    this.serials.set(field('serialNo'), true);
    return { scenario };
  }

  private begin(binding: SimulatedBinding): void {
    this.bindings.set(binding.trace, binding);
    if (binding.kind === 'OFFLINE') this.end(binding, '1', REVIEW_TAKES_MS);
    if (binding.kind !== 'LEGAL_PERSON') return;
    const { code, phone } = binding;
    const minutes = CODE_VALID_FOR_MS / 60_000;
    this.world.deliver({
      phone: `+86${phone}`,
      code,
      text: `【通企付】绑定手机号验证码 ${code}，${minutes} 分钟内有效。`,
    });
  }

  private checkCode(binding: SimulatedBinding, code: string): Fault | undefined {
    if (binding.wrongCodes >= WRONG_CODES || this.world.now().getTime() > binding.codeValidUntil) {
      return refused('验证码已失效').fault;
    }
    if (code === binding.code) return undefined;
    binding.wrongCodes += 1;
    return refused('验证码错误').fault;
  }

  private end(binding: SimulatedBinding, bindResult: string, noticeAfterMs: number): void {
    binding.ended = bindResult;
    const fields = noticeOf(binding, bindResult);
    const form = { ...fields, sign: sign(textToSign(Object.entries(fields)), binding.keys) };
    const twice = this.world.scenario(`+86${binding.phone}`) === 'WEBHOOK_TWICE';
    for (const afterMs of twice ? LATE_NOTICES_MS : [noticeAfterMs]) {
      this.world.notify({ url: binding.notifyUrl, form, afterMs });
    }
  }

  private toBeSigned(parameters: URLSearchParams): SimulatedBinding | undefined {
    const binding = this.bindings.get(parameters.get('trace') ?? '');
    return binding?.kind === 'ONLINE' ? binding : undefined;
  }
}

/** Errors have an integer for a code and neither data nor sign; successes have text, as the document says. */
function faulty({ code, msg }: Fault, scenario: Scenario = 'WELL'): SimulatedAnswer {
  return json({ code, msg }, scenario);
}

function taken(
  code: string,
  data: Record<string, string>,
  { keys, phone }: SimulatedBinding,
  scenario: Scenario,
): SimulatedAnswer {
  const text = textToSign(Object.entries(data)) + (scenario === 'WRONG_SIGNATURE' ? '0' : '');
  return {
    ...json({ code, msg: '处理成功', sign: sign(text, keys), data }, scenario),
    accepted: { subject: `+86${phone}` },
  };
}

function json(body: unknown, scenario: Scenario): SimulatedAnswer {
  return { status: 200, contentType: 'application/json;charset=UTF-8', body: JSON.stringify(body), scenario };
}
