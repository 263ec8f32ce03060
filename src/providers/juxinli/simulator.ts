// Juxinli as its document describes it: JSON over POST, business errors inside a 200, one conversation a token,
// which is forgotten ten minutes after its last use.
import { randomUUID } from 'node:crypto';
import type { Scenario, SimulatedAnswer, SimulatedRequest, SimulatedWorld, Simulator } from '../provider.js';
import { type ApiVersion, applicationsPath, RECEIPT_CODE } from './application.js';
import { COLLECT_PATH } from './collect.js';
import { dataSourcesPath } from './data-source.js';
import { applicationFault, isRecord } from './simulated-application.js';
import { SimulatedDialogue, type SimulatedTurn } from './simulated-dialogue.js';
import { simulatedSources } from './simulated-sources.js';

const TOKEN_REST_MS = 600_000;

export const simulator: Simulator = {
  start(world) {
    const dialogues = new Dialogues();
    const apply = (version: ApiVersion) => ({
      operation: 'apply',
      method: 'POST' as const,
      path: applicationsPath(version, ORG),
      answer: (request: SimulatedRequest) => answerApplication(world, dialogues, version, request),
    });
    return [
      {
        operation: 'listDataSources',
        method: 'GET',
        path: dataSourcesPath(ORG),
        answer: ({ params: { org = '' } }) =>
          isOrg(org)
            ? { ...json({ success: true, data: simulatedSources }), accepted: { subject: org } }
            : no('机构不存在'),
      },
      apply('v2'),
      apply('v3'),
      {
        operation: 'collect',
        method: 'POST',
        path: COLLECT_PATH,
        answer: (request) => answerTurn(world, dialogues, request),
      },
    ];
  },
};

/** The part of the paths that names the customer. */
const ORG = ':org';

function isOrg(org: string): boolean {
  return /^[\w-]{1,64}$/.test(org);
}

function answerApplication(
  world: SimulatedWorld,
  dialogues: Dialogues,
  version: ApiVersion,
  request: SimulatedRequest,
): SimulatedAnswer {
  if (!isOrg(request.params.org ?? '')) return no('机构不存在');
  const form = formOf(request);
  if (!form) return no('请求格式错误');
  const fault = applicationFault(form);
  if (fault) return no(fault.message, 'WELL', version === 'v3' ? fault.code : undefined);

  const { cell_phone_num: phone } = form.basic_info as { cell_phone_num: string };
  const subject = `+86${phone}`;
  const scenario = world.scenario(subject, 1);
  const refused = refusal(world, subject, scenario);
  if (refused) return refused;

  const dialogue = new SimulatedDialogue(phone, (sender) => {
    const code = world.randomDigits(6);
    world.deliver({ phone: subject, code, text: `【${sender}】您的动态密码为 ${code}，2 分钟内有效。` });
    return code;
  });
  const token = randomUUID().replaceAll('-', '');
  dialogues.add(token, dialogue, world.now().getTime());
  const data = { token, cell_phone_num: phone, datasource: dialogue.source };
  const body =
    version === 'v3'
      ? { success: true, message: '生成token成功', code: Number(RECEIPT_CODE), data }
      : { success: true, data };
  return { ...json(body, scenario), accepted: { subject } };
}

function answerTurn(world: SimulatedWorld, dialogues: Dialogues, request: SimulatedRequest): SimulatedAnswer {
  const form = formOf(request);
  if (!form) return no('请求格式错误');
  const read = turnOf(form);
  if (typeof read === 'string') return no(`参数错误: ${read}`);
  const { token, turn } = read;
  if (!token) return no('缺少参数: token');
  if (!turn.website) return no('缺少参数: website');

  const now = world.now().getTime();
  const dialogue = dialogues.use(token, now);
  if (!dialogue || dialogue.failed) return no('token无效或已过期，请重新提交申请');
  const fault = dialogue.faultOf(turn, now);
  if (fault) return no(fault);

  dialogue.calls += 1;
  const subject = `+86${dialogue.phone}`;
  const scenario = world.scenario(subject, dialogue.calls);
  const refused = refusal(world, subject, scenario);
  if (refused) return refused;
  // A server that breaks down does not get as far as the operator.
  const answer =
    scenario === 'HTTP_500'
      ? json({}, scenario)
      : json({ success: true, data: dialogue.answer(turn, now) }, scenario);
  return { ...answer, accepted: { subject } };
}

function refusal(world: SimulatedWorld, subject: string, scenario: Scenario): SimulatedAnswer | undefined {
  if (scenario === 'REFUSED') return no(world.describe(subject), scenario);
  if (scenario === 'RATE_LIMITED')
    return no(`请求过于频繁，请稍后再试: ${world.describe(subject)}`, scenario);
  return undefined;
}

function formOf({ contentType, body }: SimulatedRequest): Record<string, unknown> | undefined {
  if (!/^application\/json\b/i.test(contentType)) return undefined;
  try {
    const form: unknown = JSON.parse(body);
    return isRecord(form) ? form : undefined;
  } catch {
    return undefined;
  }
}

const longest = { token: 64, type: 64, website: 64, account: 64, password: 64, captcha: 16, queryPwd: 64 };

/** The name of the field that is wrong, or the turn; some clients write query_pwd. */
function turnOf(form: Record<string, unknown>): string | { token: string; turn: SimulatedTurn } {
  const values: Record<string, string> = {};
  for (const [key, length] of Object.entries(longest)) {
    const value = form[key] ?? (key === 'queryPwd' ? form.query_pwd : undefined) ?? '';
    if (typeof value !== 'string' || value.length > length) return key;
    values[key] = value;
  }
  const { token = '', type = '', website = '', account = '', password = '', captcha = '' } = values;
  const queryPassword = values.queryPwd ?? '';
  return { token, turn: { type, website, account, password, captcha, queryPassword } };
}

/** Conversations by token, in the order of their last use. */
class Dialogues {
  private readonly byToken = new Map<string, { dialogue: SimulatedDialogue; usedAt: number }>();

  add(token: string, dialogue: SimulatedDialogue, now: number): void {
    this.forget(now);
    this.byToken.set(token, { dialogue, usedAt: now });
  }

  use(token: string, now: number): SimulatedDialogue | undefined {
    this.forget(now);
    const found = this.byToken.get(token);
    this.byToken.delete(token);
    if (!found || now - found.usedAt >= TOKEN_REST_MS) return undefined;
    this.byToken.set(token, { dialogue: found.dialogue, usedAt: now });
    return found.dialogue;
  }

  /** Those in front have rested longest. */
  private forget(now: number): void {
    for (const [token, { usedAt }] of this.byToken) {
      if (now - usedAt < TOKEN_REST_MS) return;
      this.byToken.delete(token);
    }
  }
}

function no(message: string, scenario: Scenario = 'WELL', code?: number): SimulatedAnswer {
  return json({ success: false, message, ...(code === undefined ? {} : { code }) }, scenario);
}

function json(body: unknown, scenario: Scenario = 'WELL'): SimulatedAnswer {
  return { status: 200, contentType: 'application/json;charset=UTF-8', body: JSON.stringify(body), scenario };
}
