// The sandbox's side of one conversation: in which order turns may come, and what is answered to each. The last
// four digits of the phone choose the way it goes (90xx beyond the common scenarios).
import { type SimulatedSource, shop, sourceOfPhone } from './simulated-sources.js';

const CAPTCHA_VALID_MS = 120_000;
const RESEND_AFTER_MS = 60_000;
/** Right for everybody. */
const QUERY_PASSWORD = '123456';
/** Wrong for everybody. */
const WRONG_PASSWORD = '000000';

type Stage =
  | { at: 'PASSWORD' }
  | { at: 'CAPTCHA'; code: string; sentAt: number; bySms: boolean }
  | { at: 'QUERY_PASSWORD' }
  | { at: 'DONE' };

/** One turn, its values as text; "" where absent. */
export interface SimulatedTurn {
  type: string;
  website: string;
  account: string;
  password: string;
  captcha: string;
  queryPassword: string;
}

export interface TurnData {
  type: 'CONTROL' | 'ERROR' | 'RUNNING';
  content: string;
  process_code: number;
  req_msg_tpl?: { type: string; method: 'AUTO' };
  finish: boolean;
  next_datasource?: SimulatedSource;
}

export class SimulatedDialogue {
  /** Calls of this conversation so far; the application was the first. */
  calls = 1;
  /** True once only a new application helps. */
  failed = false;
  readonly source: SimulatedSource;
  private readonly ahead: SimulatedSource[] = [];
  private readonly collected = new Set<string>();
  private current: SimulatedSource;
  private stage: Stage = { at: 'PASSWORD' };
  private lastResentAt = Number.NEGATIVE_INFINITY;
  private readonly way: string;
  /** What this way has already done. */
  private detourTaken = false;
  private weakPassword: string | undefined;

  constructor(
    /** 11 digits. */
    readonly phone: string,
    /** Sends a code to the phone and says which. */
    private readonly sendCode: (sender: string) => string,
  ) {
    this.way = phone.slice(-4);
    this.source = sourceOfPhone(phone);
    this.current = this.source;
    if (this.way === '9017') this.ahead.push(shop);
  }

  /** Why a turn is not taken at all; undefined where it is. */
  faultOf(turn: SimulatedTurn, now: number): string | undefined {
    if (this.isCollected(turn.website)) return undefined;
    if (turn.website !== this.current.website) return 'website 与当前采集的数据源不一致';
    switch (turn.type) {
      case '':
        if (!turn.account) return '缺少参数: account';
        return turn.password ? undefined : '缺少参数: password';
      case 'SUBMIT_CAPTCHA':
        if (this.stage.at !== 'CAPTCHA') return '当前步骤不需要短信验证码，请先提交服务密码';
        return turn.captcha ? undefined : '缺少参数: captcha';
      case 'RESEND_CAPTCHA':
        if (this.stage.at !== 'CAPTCHA') return '当前步骤不需要短信验证码，请先提交服务密码';
        return now - this.lastResentAt < RESEND_AFTER_MS ? '短信验证码发送过于频繁，请稍后再试' : undefined;
      case 'SUBMIT_QUERY_PWD':
        if (this.stage.at !== 'QUERY_PASSWORD') return '当前步骤不需要查询密码';
        return turn.queryPassword ? undefined : '缺少参数: queryPwd';
      default:
        return '参数错误: type';
    }
  }

  /** Takes a turn that has no fault. */
  answer(turn: SimulatedTurn, now: number): TurnData {
    if (this.isCollected(turn.website)) {
      return {
        ...this.error('当前网站已经采集完成,请不要重复采集！'),
        ...(this.stage.at === 'DONE' ? {} : { next_datasource: this.current }),
      };
    }
    switch (turn.type) {
      case 'SUBMIT_CAPTCHA':
        return this.takeCaptcha(turn.captcha, now);
      case 'RESEND_CAPTCHA':
        this.lastResentAt = now;
        return this.askForCaptcha(10002, '短信验证码已重新发送，请输入', now);
      case 'SUBMIT_QUERY_PWD':
        return turn.queryPassword === QUERY_PASSWORD
          ? this.sourceDone()
          : this.control(10023, '查询密码错误，请重新输入', 'SUBMIT_QUERY_PWD');
      default:
        return this.takePassword(turn.password, now);
    }
  }

  private takePassword(password: string, now: number): TurnData {
    const isShop = this.current.category !== 'mobile';
    const known = password !== WRONG_PASSWORD && (isShop || /^\d+$/.test(password));
    if (!known || (this.way === '9012' && this.firstTime())) {
      this.stage = { at: 'PASSWORD' };
      return this.control(10003, '服务密码错误，请重新输入');
    }
    if (isShop) return this.sourceDone();
    switch (this.way) {
      case '9013':
        this.weakPassword ??= password;
        if (password !== this.weakPassword) break;
        return this.control(10007, '服务密码过于简单或为初始密码，请修改后再试');
      case '9014':
        return this.askForCaptcha(10017, '请用本机发送短信 CXXD 到 10001 获取验证码，然后输入', now);
      case '9015':
        this.stage = { at: 'QUERY_PASSWORD' };
        return this.control(10022, '请输入查询密码', 'SUBMIT_QUERY_PWD');
      case '9016':
        if (!this.firstTime()) break;
        return { type: 'RUNNING', content: '正在处理，请稍后重试', process_code: 0, finish: false };
      case '9018':
        this.failed = true;
        return this.error('运营商网络异常，请重新申请');
    }
    return this.askForCaptcha(10002, '输入动态密码', now);
  }

  private takeCaptcha(captcha: string, now: number): TurnData {
    if (this.stage.at !== 'CAPTCHA') throw new Error('a turn with a fault was taken');
    const { code, sentAt, bySms } = this.stage;
    if (now - sentAt >= CAPTCHA_VALID_MS) {
      return bySms
        ? this.askForCaptcha(10018, '验证码已失效，请重新发送短信 CXXD 到 10001', now)
        : this.askForCaptcha(10006, '验证码已失效，新的验证码已发送', now);
    }
    if (captcha !== code) return this.control(10004, '短信验证码错误，请重新输入', 'SUBMIT_CAPTCHA');
    if (this.way === '9011' && this.firstTime()) {
      return this.askForCaptcha(10001, '请再次输入短信验证码', now);
    }
    return this.sourceDone();
  }

  private askForCaptcha(processCode: number, content: string, now: number): TurnData {
    const bySms = processCode === 10017 || processCode === 10018;
    // Where the person has to text first, they have done so at once.
    this.stage = { at: 'CAPTCHA', code: this.sendCode(this.current.name), sentAt: now, bySms };
    return this.control(processCode, content, 'SUBMIT_CAPTCHA');
  }

  private sourceDone(): TurnData {
    this.collected.add(this.current.website);
    const data = this.control(10008, '开始采集行为数据');
    const next = this.ahead.shift();
    if (!next) {
      this.stage = { at: 'DONE' };
      return { ...data, finish: true };
    }
    this.current = next;
    this.stage = { at: 'PASSWORD' };
    return { ...data, next_datasource: next };
  }

  private control(processCode: number, content: string, nextType?: string): TurnData {
    return {
      type: 'CONTROL',
      content,
      process_code: processCode,
      ...(nextType ? { req_msg_tpl: { type: nextType, method: 'AUTO' } } : {}),
      finish: false,
    };
  }

  private error(content: string): TurnData {
    return { type: 'ERROR', content, process_code: 30000, finish: false };
  }

  private isCollected(website: string): boolean {
    return this.collected.has(website);
  }

  private firstTime(): boolean {
    const first = !this.detourTaken;
    this.detourTaken = true;
    return first;
  }
}
