// Bindings from the application to the notice, the client against the simulator over real HTTP: each kind, the
// signing page, and every scenario.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { TransportFailure, UnreadableAnswer } from '../../../src/providers/provider.js';
import type { BindingApplication, BindingApplied } from '../../../src/providers/tongqifu/index.js';
import { readBrowserReturn } from '../../../src/providers/tongqifu/return-page.js';
import { webhook } from '../../../src/providers/tongqifu/webhook.js';
import { type Bench, signTypes, startBench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

let member = 0;
const wish = (digits = '0000', more: Partial<BindingApplication> = {}): BindingApplication => {
  member += 1;
  return {
    memberId: `M${member}`,
    phone: `+86136${String(member).padStart(4, '0')}${digits}`,
    notifyUrl: bench.notifyUrl,
    jumpUrl: bench.jumpUrl,
    ...more,
  };
};
const person = { name: '张三<b>&"\'', idNumber: '000000190001010000' };
const online = { authorisedPerson: { ...person, authorisation: 'ONLINE' } } as const;
const offline = {
  authorisedPerson: { ...person, authorisation: 'OFFLINE', agreementFileId: 'file-1' },
} as const;
const on = { TONGQIFU_CONFIRM: 'on' };

function acceptedOf(reply: object): BindingApplied {
  if (!('accepted' in reply)) throw new Error('refused');
  return reply.accepted as BindingApplied;
}
async function applied(input: BindingApplication, variables: Record<string, string> = {}, id = uuidv7()) {
  return acceptedOf(await bench.call('applyBinding', input, variables, id));
}
async function confirmed(
  input: BindingApplication,
  { traceNumber }: BindingApplied,
  variables = {},
  id = uuidv7(),
) {
  const [message] = await bench.inbox(input.phone);
  const { memberId, phone } = input;
  const confirmation = { memberId, phone, traceNumber, code: message?.code ?? '' };
  return bench.call('confirmBinding', confirmation, { ...on, ...variables }, id);
}
const verdictOf = ({ body, contentType }: Bench['notices'][number], variables = {}) =>
  webhook.verify(bench.settings(variables), body, contentType);

describe.each(signTypes)('with signatures of %s', (signType) => {
  const variables = { TONGQIFU_SIGN_TYPE: signType };

  it("the legal person's phone is bound by a code, and a notice says so", async () => {
    const [input, id] = [wish(), uuidv7()];
    const binding = await applied(input, variables, id);
    expect(binding).toEqual({
      traceNumber: expect.stringMatching(/^\d{26}$/),
      signingUrl: undefined,
      pendingReview: false,
    });
    expect(await confirmed(input, binding, variables)).toEqual({
      accepted: { traceNumber: binding.traceNumber, signed: true },
      providerCode: '0',
      providerReference: binding.traceNumber,
    });
    const [notice] = await bench.noticesOf(input.memberId);
    expect(notice && verdictOf(notice, variables)).toMatchObject({
      notice: { requestId: id, memberId: input.memberId, result: 'BOUND', phone: input.phone },
    });
    expect((await bench.calls(input.phone)).map(({ operation }) => operation)).toEqual([
      'confirmBinding',
      'applyBinding',
    ]);
  });

  it('an authorised phone is bound by a signature online', async () => {
    const [input, id] = [wish('0000', online), uuidv7()];
    const { signingUrl = '', pendingReview } = await applied(input, variables, id);
    expect(pendingReview).toBe(false);
    expect(signingUrl).toContain(`${bench.base}/sign?`);
    const back = await pressed(signingUrl, 'sign');
    const url = new URL(back);
    expect(url.hash).toBe('#/done');
    expect(url.searchParams.get('from')).toBe('test');
    expect(readBrowserReturn(url.searchParams)).toEqual({
      requestId: id,
      memberId: input.memberId,
      saysBound: true,
      phone: input.phone,
    });
    const [notice] = await bench.noticesOf(input.memberId);
    expect(notice && verdictOf(notice, variables)).toMatchObject({
      notice: { requestId: id, result: 'BOUND' },
    });
  });

  it('an authorised phone is bound by papers, after a review', async () => {
    const [input, id] = [wish('0000', offline), uuidv7()];
    expect(await applied(input, variables, id)).toMatchObject({ pendingReview: true, signingUrl: undefined });
    const [notice] = await bench.noticesOf(input.memberId);
    expect(notice && verdictOf(notice, variables)).toMatchObject({
      notice: { requestId: id, result: 'BOUND' },
    });
    for (const other of signTypes.filter((type) => type !== signType)) {
      expect(notice && verdictOf(notice, { TONGQIFU_SIGN_TYPE: other })).toMatchObject({ refused: 'FORGED' });
    }
  });
});

/** What a browser does with a plain form's button. */
async function pressed(signingUrl: string, decision: string): Promise<string> {
  const page = await (await fetch(signingUrl)).text();
  const action = /<form method="post" action="([^"]+)">/.exec(page)?.[1] ?? '';
  const trace = /name="trace" value="([^"]+)"/.exec(page)?.[1] ?? '';
  expect(page).toContain(`name="decision" value="${decision}"`);
  const response = await fetch(new URL(action, signingUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ trace, decision }),
    redirect: 'manual',
  });
  expect(response.status).toBe(303);
  return response.headers.get('location') ?? '';
}

describe('the signing page', () => {
  it('is plain Chinese HTML for a phone, without script, and escapes what it shows', async () => {
    const input = wish('0000', { ...online, memberId: 'M"><script>x' });
    const { signingUrl = '' } = await applied(input);
    const response = await fetch(signingUrl);
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain('width=device-width');
    expect(page).not.toContain('<script');
    expect(page).toContain('M&#34;&#62;&#60;script&#62;x');
    expect(page).toContain('张***');
    expect(page).not.toContain(input.phone.slice(3));
  });

  it('can be refused, which a notice tells', async () => {
    const input = wish('0000', online);
    const { signingUrl = '' } = await applied(input);
    expect(new URL(await pressed(signingUrl, 'decline')).searchParams.get('bindResult')).toBe('0');
    const [notice] = await bench.noticesOf(input.memberId);
    expect(notice && verdictOf(notice)).toMatchObject({ notice: { result: 'FAILED', bindResult: '0' } });
  });

  it('is used once', async () => {
    const input = wish('0000', online);
    const { signingUrl = '' } = await applied(input);
    await pressed(signingUrl, 'sign');
    expect(await (await fetch(signingUrl)).text()).toContain('无需重复签署');
    const again = await fetch(signingUrl.replace(/\?.*/, ''), {
      method: 'POST',
      body: new URLSearchParams({
        trace: new URL(signingUrl).searchParams.get('trace') ?? '',
        decision: 'decline',
      }),
      redirect: 'manual',
    });
    expect(new URL(again.headers.get('location') ?? '').searchParams.get('bindResult')).toBe('1');
    await bench.noticesOf(input.memberId);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await bench.noticesOf(input.memberId)).toHaveLength(1);
  });

  it('is not there for anybody else', async () => {
    const { traceNumber } = await applied(wish());
    for (const trace of ['', 'x', traceNumber]) {
      const response = await fetch(`${bench.base}/sign?trace=${trace}`);
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('签约链接无效');
    }
  });
});

describe('scenario', () => {
  const quick = { TONGQIFU_DEADLINE_MS: '300' };

  it('9001 refuses, and says which scenario it is', async () => {
    const reply = await bench.call('applyBinding', wish('9001'));
    expect(reply).toMatchObject({
      refused: 'REFUSED_BY_PROVIDER',
      providerCode: '9999',
      text: expect.stringContaining('9001'),
    });
  });

  it("9002 is the provider's own limit", async () => {
    const input = wish('9002');
    expect(await bench.call('applyBinding', input)).toMatchObject({
      refused: 'RATE_LIMITED',
      retryAfterMs: 60_000,
    });
    expect(await bench.calls(input.phone)).toEqual([]);
  });

  it.each([
    ['9003', 'DEADLINE'],
    ['9004', 'HTTP_500'],
    ['9007', 'ECONNRESET'],
  ])('%s breaks off after it was taken: %s', async (digits, reason) => {
    const input = wish(digits);
    const call = bench.call('applyBinding', input, quick);
    await expect(call).rejects.toMatchObject({ maybeSent: true, reason });
    await expect(call).rejects.toBeInstanceOf(TransportFailure);
    expect(await bench.calls(input.phone)).toHaveLength(1);
  });

  it.each(['9005', '9008'])('%s cannot be read', async (digits) => {
    const input = wish(digits);
    await expect(bench.call('applyBinding', input)).rejects.toBeInstanceOf(UnreadableAnswer);
    expect(await bench.calls(input.phone)).toHaveLength(1);
  });

  it.each(signTypes)('9008 is a wrong signature of %s', async (signType) => {
    await expect(
      bench.call('applyBinding', wish('9008'), { TONGQIFU_SIGN_TYPE: signType }),
    ).rejects.toMatchObject({
      reason: 'signature',
    });
  });

  it('9006 is late', async () => {
    const began = Date.now();
    await applied(wish('9006'));
    expect(Date.now() - began).toBeGreaterThanOrEqual(2_900);
  });

  it('9009 brings the notice twice, and late', async () => {
    const input = wish('9009', offline);
    const began = Date.now();
    await applied(input);
    const notices = await bench.noticesOf(input.memberId, 2);
    expect(Math.min(...notices.map(({ at }) => at)) - began).toBeGreaterThanOrEqual(1_400);
    const keys = notices.map((notice) => {
      const verdict = verdictOf(notice);
      return 'notice' in verdict ? verdict.notice.dedupeKey : verdict;
    });
    expect(keys[0]).toEqual(expect.any(String));
    expect(keys[1]).toBe(keys[0]);
  });

  it.each([
    ['9201', { refused: 'REFUSED_BY_PROVIDER' }],
    ['9202', { refused: 'RATE_LIMITED' }],
  ])('%s is for the confirmation', async (digits, meaning) => {
    const input = wish(digits);
    expect(await confirmed(input, await applied(input))).toMatchObject(meaning);
  });

  it.each(['9203', '9204', '9205', '9207', '9208'])('%s leaves the confirmation unknown', async (digits) => {
    const input = wish(digits);
    const binding = await applied(input);
    await expect(confirmed(input, binding, quick)).rejects.toThrow();
    expect(await bench.calls(input.phone)).toHaveLength(2);
  });
});

it('a wrong code is a wrong code, and may be entered again', async () => {
  const input = wish();
  const binding = await applied(input);
  const { memberId, phone } = input;
  const wrong = { memberId, phone, traceNumber: binding.traceNumber, code: '000000' };
  expect(await bench.call('confirmBinding', wrong, on)).toMatchObject({ refused: 'WRONG_CODE' });
  expect(await confirmed(input, binding)).toHaveProperty('accepted');
});
