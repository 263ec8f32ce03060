// The client against the simulator over real HTTP: whole conversations, and every scenario at every call.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLine, type ProviderLine } from '../../../src/pipeline/call.js';
import {
  type Action,
  type Conversation,
  decide,
  next,
  start,
} from '../../../src/providers/juxinli/conversation.js';
import { type JuxinliSettings, juxinli } from '../../../src/providers/juxinli/index.js';
import { type Reply, TransportFailure, UnreadableAnswer } from '../../../src/providers/provider.js';
import { JuxinliSandbox } from './sandbox.js';

const { listDataSources, apply, collect } = juxinli.operations;

let sandbox: JuxinliSandbox;
const lines: ProviderLine[] = [];
let line: ProviderLine;
let v3: ProviderLine;
/** Gives up soon. */
let hasty: ProviderLine;

function open(variables: Record<string, string>): ProviderLine {
  const around = { production: false, sandboxUrl: sandbox.url };
  const settings = juxinli.configure(juxinli.environment.parse(variables), around, []);
  const opened = openLine(juxinli, settings satisfies JuxinliSettings | null);
  lines.push(opened);
  return opened;
}

beforeAll(async () => {
  sandbox = await JuxinliSandbox.open();
  line = open({});
  v3 = open({ JUXINLI_API_VERSION: 'v3' });
  hasty = open({ JUXINLI_DEADLINE_MS: '400', JUXINLI_COLLECT_DEADLINE_MS: '400' });
});
afterAll(async () => {
  await Promise.all(lines.map((opened) => opened.close()));
  await sandbox.close();
});

const call = () => ({ requestId: randomUUID() });
const applicant = (phone: string) => ({ name: '张三', idNumber: '11010119000101123x', phone: `+86${phone}` });

function accepted<Value>(reply: Reply<Value>): Value {
  if (!('accepted' in reply)) throw new Error(`refused: ${JSON.stringify(reply)}`);
  return reply.accepted;
}

/** A front-end that holds what a sealed continuation holds. */
class Talk {
  private last = { captcha: '', queryPwd: '', password: '', account: '' };
  private constructor(
    private readonly over: ProviderLine,
    private readonly phone: string,
    private readonly token: string,
    public state: Conversation,
  ) {}

  static async begin(over: ProviderLine, phone: string): Promise<Talk> {
    const { token, source } = accepted(await over.call(apply, applicant(phone), call()));
    return new Talk(over, phone, token, start(source));
  }

  /** What the provider replied; null where nothing was sent. */
  async act(action: Action, said: Partial<Talk['last']> = {}) {
    this.last = { ...this.last, account: this.phone, ...said };
    const decision = decide(this.state, action);
    if (!decision) throw new Error(`${action} is not legal in ${this.state.kind}`);
    if ('become' in decision) {
      this.state = decision.become;
      return null;
    }
    const { account, password, captcha, queryPwd } = this.last;
    const turn = {
      token: this.token,
      website: this.state.source.website,
      account,
      password,
      ...(decision.send === 'SUBMIT_CAPTCHA' ? { captcha } : {}),
      ...(decision.send === 'SUBMIT_QUERY_PASSWORD' ? { queryPwd } : {}),
      type: decision.type,
    };
    const reply = await this.over.call(collect, turn, call());
    if ('accepted' in reply) this.state = next(this.state, decision.send, reply.accepted.answer);
    return reply;
  }

  password = (password = '112233', account = this.phone) =>
    this.act('SUBMIT_PASSWORD', { password, account });
  captcha = async (captcha?: string) =>
    this.act('SUBMIT_CAPTCHA', { captcha: captcha ?? (await sandbox.code(this.phone)) });
}

describe('a conversation', () => {
  it('goes from the application to the collection, by v2 and v3', async () => {
    for (const [over, phone, providerCode] of [
      [line, '13800000101', 'success=true'],
      [v3, '13300000102', '65557'],
    ] as const) {
      const talk = await Talk.begin(over, phone);
      expect(talk.state).toMatchObject({ kind: 'AWAITING_PASSWORD', retry: false });
      expect(await talk.password()).toMatchObject({ providerCode: '10002' });
      expect(talk.state).toMatchObject({ kind: 'AWAITING_CAPTCHA', reason: 'FIRST', requestBySms: false });
      expect(await talk.captcha('000000')).toMatchObject({ declined: true, providerCode: '10004' });
      expect(talk.state).toMatchObject({ kind: 'AWAITING_CAPTCHA', reason: 'WRONG', retry: true });
      await talk.act('RESEND_CAPTCHA');
      expect(talk.state).toMatchObject({ kind: 'AWAITING_CAPTCHA', reason: 'RESENT', retry: false });
      expect(await talk.act('RESEND_CAPTCHA')).toMatchObject({
        refused: 'RATE_LIMITED',
        retryAfterMs: 60_000,
      });
      expect(talk.state).toMatchObject({ kind: 'AWAITING_CAPTCHA', reason: 'RESENT' });
      expect(await talk.captcha()).toMatchObject({ providerCode: '10008' });
      expect(talk.state.kind).toBe('COLLECTION_STARTED');
      const made = await over.call(apply, applicant(phone), call());
      expect(made).toMatchObject({ providerCode });
      const calls = (await sandbox.calls(phone)).map(({ operation }) => operation).reverse();
      expect(calls).toEqual(['apply', 'collect', 'collect', 'collect', 'collect', 'apply']);
    }
  });

  it('9011: asks for a second code', async () => {
    const talk = await Talk.begin(line, '13800009011');
    await talk.password();
    await talk.captcha();
    expect(talk.state).toMatchObject({ kind: 'AWAITING_CAPTCHA', reason: 'SECOND', retry: false });
    await talk.captcha();
    expect(talk.state.kind).toBe('COLLECTION_STARTED');
  });

  it('9012: asks for the password again', async () => {
    const talk = await Talk.begin(line, '13800009012');
    expect(await talk.password()).toMatchObject({ declined: true, providerCode: '10003' });
    expect(talk.state).toMatchObject({ kind: 'AWAITING_PASSWORD', retry: true });
    await talk.password();
    expect(talk.state.kind).toBe('AWAITING_CAPTCHA');
  });

  it('9013: wants the password changed', async () => {
    const talk = await Talk.begin(line, '13800009013');
    await talk.password('123456');
    expect(talk.state.kind).toBe('PASSWORD_RESET_REQUIRED');
    await talk.password('739164');
    expect(talk.state.kind).toBe('AWAITING_CAPTCHA');
  });

  it('9014: has the person text for the code', async () => {
    const talk = await Talk.begin(line, '13800009014');
    await talk.password();
    expect(talk.state).toMatchObject({ kind: 'AWAITING_CAPTCHA', requestBySms: true });
    await talk.captcha('000000');
    expect(talk.state).toMatchObject({ reason: 'WRONG', requestBySms: true });
    await talk.captcha();
    expect(talk.state.kind).toBe('COLLECTION_STARTED');
  });

  it('9015: asks for the query password', async () => {
    const talk = await Talk.begin(line, '13900009015');
    await talk.password();
    expect(talk.state).toMatchObject({ kind: 'AWAITING_QUERY_PASSWORD', retry: false });
    await talk.act('SUBMIT_QUERY_PASSWORD', { queryPwd: '654321' });
    expect(talk.state).toMatchObject({ kind: 'AWAITING_QUERY_PASSWORD', retry: true });
    await talk.act('SUBMIT_QUERY_PASSWORD', { queryPwd: '123456' });
    expect(talk.state.kind).toBe('COLLECTION_STARTED');
  });

  it('9016: waits, and goes on when asked again', async () => {
    const talk = await Talk.begin(line, '13800009016');
    await talk.password();
    expect(talk.state).toMatchObject({ kind: 'WAITING', repeat: { action: 'SUBMIT_PASSWORD', type: '' } });
    await talk.act('CONTINUE');
    expect(talk.state.kind).toBe('AWAITING_CAPTCHA');
    await talk.captcha();
    expect(talk.state.kind).toBe('COLLECTION_STARTED');
  });

  it('9017: goes on with the next source', async () => {
    const talk = await Talk.begin(line, '13800009017');
    await talk.password();
    await talk.captcha();
    expect(talk.state).toMatchObject({ kind: 'AWAITING_PASSWORD', source: { name: '京东' } });
    await talk.password('geheim', 'zhangsan');
    expect(talk.state).toMatchObject({ kind: 'COLLECTION_STARTED', source: { name: '京东' } });
  });

  it('9018: fails', async () => {
    const talk = await Talk.begin(line, '13800009018');
    expect(await talk.password()).toMatchObject({ declined: true, providerCode: '30000' });
    expect(talk.state).toMatchObject({ kind: 'FAILED', providerCode: '30000' });
  });
});

describe('the list of data sources', () => {
  it('is read', async () => {
    const { sources } = accepted(await line.call(listDataSources, {}, call()));
    expect(sources.map(({ website }) => website)).toContain('chinamobilejs');
    expect(sources[0]).toMatchObject({ createdAt: '2014-07-07T02:49:14.000Z', status: 'ONLINE' });
  });
});

/** Runs a conversation up to its nth call, and gives what that call came to. */
async function nthCall(over: ProviderLine, step: number, phone: string): Promise<unknown> {
  const outcome = (run: Promise<unknown>) => run.catch((error: unknown) => error);
  if (step === 1) return outcome(over.call(apply, applicant(phone), call()));
  const talk = await Talk.begin(over, phone);
  if (step === 2) return outcome(talk.password());
  await talk.password();
  return outcome(talk.captcha());
}

describe.each([
  [1, '90'],
  [2, '92'],
  [3, '93'],
])('scenarios at call %i', (step, prefix) => {
  const phone = (scenario: string) => `1360000${prefix}${scenario}`;

  it('01: is refused, in words that name it', async () => {
    const reply = await nthCall(line, step, phone('01'));
    expect(reply).toMatchObject({
      refused: 'REFUSED_BY_PROVIDER',
      text: expect.stringContaining(`${prefix}01`),
    });
    expect(await sandbox.calls(phone('01'))).toHaveLength(step - 1);
  });

  it('02: is refused as too often', async () => {
    const reply = await nthCall(line, step, phone('02'));
    expect(reply).toMatchObject({ refused: 'RATE_LIMITED', retryAfterMs: 60_000 });
    expect(reply).toMatchObject({ text: expect.stringContaining(`${prefix}02`) });
  });

  it('03: is taken, and never answered', async () => {
    const failure = await nthCall(hasty, step, phone('03'));
    expect(failure).toBeInstanceOf(TransportFailure);
    expect(failure).toMatchObject({ maybeSent: true, reason: 'DEADLINE' });
    expect(await sandbox.calls(phone('03'))).toHaveLength(step);
  });

  it('04: breaks down', async () => {
    expect(await nthCall(line, step, phone('04'))).toMatchObject({ maybeSent: true, reason: 'HTTP_500' });
    expect(await sandbox.calls(phone('04'))).toHaveLength(step);
  });

  it('05: is answered with half an answer', async () => {
    expect(await nthCall(line, step, phone('05'))).toBeInstanceOf(UnreadableAnswer);
    expect(await sandbox.calls(phone('05'))).toHaveLength(step);
  });

  it('07: is taken, then the connection breaks', async () => {
    const failure = await nthCall(line, step, phone('07'));
    expect(failure).toBeInstanceOf(TransportFailure);
    expect(failure).toMatchObject({ maybeSent: true });
    expect(await sandbox.calls(phone('07'))).toHaveLength(step);
  });

  it.each(['08', '09'])('%s: concerns others, and goes well', async (scenario) => {
    expect(await nthCall(line, step, phone(scenario))).toHaveProperty('accepted');
  });
});

describe('a late answer', () => {
  it('is as good as any other, at every call', async () => {
    const phones = ['13600009006', '13600009206', '13600009306'];
    const replies = await Promise.all(phones.map((phone, index) => nthCall(line, index + 1, phone)));
    for (const reply of replies) expect(reply).toHaveProperty('accepted');
  });
});

describe('after a refused turn', () => {
  it('the conversation goes on where it was', async () => {
    const talk = await Talk.begin(line, '13600019201');
    expect(await talk.password()).toHaveProperty('refused');
    expect(talk.state.kind).toBe('AWAITING_PASSWORD');
    await talk.password();
    await talk.captcha();
    expect(talk.state.kind).toBe('COLLECTION_STARTED');
  });
});
