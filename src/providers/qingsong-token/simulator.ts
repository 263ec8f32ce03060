// makeToken_xzy as its document describes it: partner and appsysid have to be there, lygewcms needs an appsysid,
// a named person needs all that describes one, and answers end in the document's superfluous comma.
import { randomBytes } from 'node:crypto';
import type { Scenario, SimulatedAnswer, SimulatedRequest, Simulator } from '../provider.js';
import { DING_PARTNER, MAKE_TOKEN_PATH, roleTypes } from './wire.js';

const always = ['partner', 'appsysid'] as const;
const ofPerson = ['studentid', 'personid', 'fgsid', 'roletype'] as const;

export const simulator: Simulator = {
  start: (world) => [
    {
      operation: 'issueToken',
      method: 'POST',
      path: MAKE_TOKEN_PATH,
      answer(request) {
        const fields = fieldsOf(request);
        if (!fields) return refuse('参数错误: content type');
        const fault = faultOf(fields);
        if (fault) return refuse(`参数错误: ${fault}`);

        const subject = fields.get('personid') ?? '';
        const scenario = world.scenario(subject);
        if (scenario === 'REFUSED') return refuse(world.describe(subject), scenario);
        if (scenario === 'RATE_LIMITED') return refuse('操作过于频繁,请稍后再试', scenario);
        const token = JSON.stringify(randomBytes(16).toString('hex'));
        return { ...reply(`"code": 0, "token":${token},`, scenario), accepted: { subject } };
      },
    },
  ],
};

/** Undefined where they come neither as a form nor as an object of strings, or one comes twice. */
function fieldsOf({ contentType, body }: SimulatedRequest): Map<string, string> | undefined {
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    const pairs = [...new URLSearchParams(body)];
    const fields = new Map(pairs);
    return fields.size === pairs.length ? fields : undefined;
  }
  if (!contentType.startsWith('application/json')) return undefined;
  try {
    const entries = Object.entries(JSON.parse(body) as object);
    return entries.every(([, value]) => typeof value === 'string') ? new Map(entries) : undefined;
  } catch {
    return undefined;
  }
}

/** The name of what is wrong. */
function faultOf(fields: ReadonlyMap<string, string>): string | undefined {
  const missing = always.find((key) => !fields.has(key));
  if (missing) return missing;
  if (fields.get('partner') === DING_PARTNER && !fields.get('appsysid')) return 'appsysid';
  const appoint = fields.get('appoint') ?? '0';
  if (appoint === '0') return undefined;
  if (appoint !== '1') return 'appoint';
  const absent = ofPerson.find((key) => !fields.has(key));
  if (absent) return absent;
  const roletype = fields.get('roletype');
  if (roletype !== roleTypes.TEACHER && roletype !== roleTypes.PARENT) return 'roletype';
  return ofPerson.find((key) => !fields.get(key) && !(key === 'studentid' && roletype === roleTypes.TEACHER));
}

function refuse(text: string, scenario?: Scenario): SimulatedAnswer {
  return reply(`"code": 1, "msg":${JSON.stringify(text)},`, scenario);
}

function reply(members: string, scenario: Scenario = 'WELL'): SimulatedAnswer {
  return { status: 200, contentType: 'text/html; charset=utf-8', body: ` { ${members} }`, scenario };
}
