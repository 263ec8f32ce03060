// The simulator of makeToken_xzy is as strict as its document, and the client gets along with it over real HTTP.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { qingsongToken } from '../../../src/providers/qingsong-token/index.js';
import { type Bench, configured, formOf, post, startBench } from '../../support/provider-bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench(qingsongToken);
});
afterAll(() => bench.close());

const { issueToken } = qingsongToken.operations;
const PATH = '/api/website/makeToken_xzy.html';
const token = { accepted: { token: expect.stringMatching(/^[0-9a-f]{32}$/) }, providerCode: '0' };
const teacher = (personId: string) => ({ role: 'TEACHER', personId, schoolId: '7' }) as const;
const parent = (personId: string) => ({ role: 'PARENT', personId, schoolId: '7', studentId: '9' }) as const;

describe('the client', () => {
  it.each([
    ['nobody in particular', { partner: '' }],
    ['a teacher', { partner: '', person: teacher('100') }],
    ['a parent', { partner: 'other', person: parent('101') }],
    ['a teacher with a ding_unionid', { partner: 'lygewcms', appSystemId: 'a1', person: teacher('102') }],
  ])('gets a token for %s, by form and by JSON', async (_, wish) => {
    for (const body of ['form', 'json']) {
      expect(await bench.call(issueToken, wish, { QINGSONG_TOKEN_BODY: body })).toEqual(token);
    }
  });

  it('gets another token each time', async () => {
    const wish = { partner: '', person: teacher('103') };
    expect(await bench.call(issueToken, wish)).not.toEqual(await bench.call(issueToken, wish));
    expect(await bench.calls('103')).toHaveLength(2);
  });

  it('is refused without the appSystemId that its partner needs', async () => {
    expect(await bench.call(issueToken, { partner: 'lygewcms' })).toMatchObject({
      refused: 'REFUSED_BY_PROVIDER',
      providerCode: '1',
      text: '参数错误: appsysid',
    });
  });

  it('understands every scenario, by the personId', async () => {
    const play = async (personId: string, deadline = '8000') => {
      const wish = { partner: '', person: teacher(personId) };
      const reply = await bench.call(issueToken, wish, { QINGSONG_TOKEN_DEADLINE_MS: deadline });
      return { reply, calls: (await bench.calls(personId)).length };
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
        providerCode: '1',
        text: expect.stringContaining('9001'),
        tellsExistence: true,
      },
      calls: 0,
    });
    expect(limited).toEqual({
      reply: {
        refused: 'RATE_LIMITED',
        providerCode: '1',
        text: expect.stringContaining('频繁'),
        retryAfterMs: 60_000,
      },
      calls: 0,
    });
    expect(silent).toEqual({ reply: 'DEADLINE', calls: 1 });
    expect(failed).toEqual({ reply: 'HTTP_500', calls: 1 });
    expect(malformed).toEqual({ reply: 'UNREADABLE', calls: 1 });
    expect(late).toEqual({ reply: token, calls: 1 });
    expect(reset.calls).toBe(1);
    expect(reset.reply).toMatch(/^(?!.*UNSENT)(UND_ERR_|ECONNRESET)/);
  });

  it('keeps the token out of what may rest, and may be repeated', () => {
    expect(issueToken.valueFields.token).toBe('secret');
    expect(issueToken.repeatable).toBe(true);
  });
});

describe('the simulator', () => {
  const person = {
    appoint: '1',
    studentid: '9',
    personid: '100',
    fgsid: '7',
    roletype: '1',
    partner: '',
    appsysid: '',
  };
  const refusal = (what: string) => ` { "code": 1, "msg":"参数错误: ${what}", }`;

  it('answers with the comma that the document prints', async () => {
    expect(await post(bench.url + PATH, formOf(person))).toMatch(
      /^ \{ "code": 0, "token":"[0-9a-f]{32}", \}$/,
    );
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['partner', { partner: undefined }],
    ['appsysid', { appsysid: undefined }],
    ['appsysid', { partner: 'lygewcms' }],
    ['appoint', { appoint: '2' }],
    ['appoint', { appoint: '' }],
    ['studentid', { studentid: undefined }],
    ['studentid', { studentid: '' }],
    ['studentid', { studentid: undefined, roletype: '0' }],
    ['personid', { personid: undefined }],
    ['personid', { personid: '' }],
    ['fgsid', { fgsid: undefined }],
    ['fgsid', { fgsid: '' }],
    ['roletype', { roletype: undefined }],
    ['roletype', { roletype: '' }],
    ['roletype', { roletype: '2' }],
  ])('refuses for its %s %j', async (what, change) => {
    expect(await post(bench.url + PATH, formOf(person, change))).toBe(refusal(what));
    const json = JSON.stringify({ ...person, ...change });
    expect(await post(bench.url + PATH, json, 'application/json')).toBe(refusal(what));
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['a teacher without a student', { roletype: '0', studentid: '' }],
    ['nobody, said so', { appoint: '0', studentid: undefined, personid: undefined, fgsid: undefined }],
    ['nobody, by default', { appoint: undefined, roletype: undefined }],
    ['a partner with its appsysid', { partner: 'lygewcms', appsysid: 'a1' }],
  ])('takes %s', async (_, change) => {
    expect(await post(bench.url + PATH, formOf(person, change))).toContain('"code": 0');
  });

  it.each([
    ['text/plain', 'partner=&appsysid='],
    [undefined, 'partner=&partner=&appsysid='],
    ['application/json', '{"partner":"","appsysid":'],
    ['application/json', '{"partner":"","appsysid":1}'],
    ['application/json', 'null'],
  ])('refuses a body of %s that is %s', async (contentType, body) => {
    expect(await post(bench.url + PATH, body, contentType)).toBe(refusal('content type'));
  });
});

describe('its environment', () => {
  it('names every fault', () => {
    const faults = (variables: Record<string, string>, production = false) =>
      configured(qingsongToken, variables, { production }).faults.join('\n');
    expect(faults({ QINGSONG_TOKEN_BODY: 'xml', QINGSONG_TOKEN_PARTNERS_WITH_APP: 'a b' })).toMatch(
      /QINGSONG_TOKEN_BODY.*\n.*QINGSONG_TOKEN_PARTNERS_WITH_APP/,
    );
    const test = { QINGSONG_TOKEN_URL: 'http://www.zhidianbao.cn/qsxxwapdev' };
    expect(faults(test, true)).toMatch(/QINGSONG_TOKEN_URL.*QINGSONG_TOKEN_ALLOW_HTTP/);
    expect(faults({ QINGSONG_TOKEN_URL: 'https://app.qsedus.com' }, true)).toBe('');
  });

  it('says which partners need an appSystemId', () => {
    const around = { sandboxUrl: 'http://127.0.0.1:1' };
    const partners = (variables: Record<string, string>) =>
      configured(qingsongToken, variables, around).settings?.partnersWithApp;
    expect(partners({})).toEqual(['lygewcms']);
    expect(partners({ QINGSONG_TOKEN_PARTNERS_WITH_APP: 'a,b' })).toEqual(['a', 'b']);
  });
});
