// The phone of a person whom the enterprise authorises: by a signature on the platform's page, or by papers.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecord } from '../support/audit.js';
import { startServer, type TestServer } from '../support/server.js';
import { bind, bindingOf, decide, signingOnline, standing, withPapers } from './binding.js';

const RETURN_URL = 'https://app.example/bound';
let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ env: { RETURN_URLS: RETURN_URL, LOG_LEVEL: 'trace' } });
  token = await server.token({ role: 'user', sub: 'alice' });
});
afterAll(() => server?.stop());

const follow = (url: URL | string) => fetch(url, { redirect: 'manual' });

describe('signing online', () => {
  it('goes from the page to the notice and back to the front-end, which learns the id and nothing else', async () => {
    const wish = { ...signingOnline(), returnUrl: `${RETURN_URL}?tab=2#top` };
    const binding = await bind(server, wish, { token });
    expect(binding).toMatchObject({ status: 'AWAITING_SIGNATURE', signingUrl: expect.any(String) });

    const page = await fetch(binding.signingUrl);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain(`138****${wish.phone.slice(-4)}`);
    expect(html).toContain(`name="trace" value="${binding.traceNumber}"`);

    const back = await decide(binding.signingUrl, 'sign');
    expect(back.href.startsWith(`${server.url}/h5/return/tongqifu?`)).toBe(true);
    expect(back.searchParams.get('phone')).toBe(wish.phone.slice(3));
    const on = await follow(back);
    expect(on.status).toBe(302);
    expect(on.headers.get('location')).toBe(`${RETURN_URL}?tab=2&binding=${binding.id}#top`);
    expect(on.headers.get('referrer-policy')).toBe('no-referrer');
    expect(on.headers.get('cache-control')).toBe('no-store');

    const bound = await standing(server, binding.id, 'BOUND', token);
    expect(bound).toMatchObject({ id: binding.id, signingUrl: null, traceNumber: binding.traceNumber });
    const { entries } = await auditRecord(server, binding.id);
    expect(entries.map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME', 'CALLBACK']);
    expect(entries[2]).toMatchObject({
      actor: null,
      detail: { provider: 'tongqifu', result: 'BOUND', providerCode: '1' },
    });
  });

  it('that is declined is FAILED', async () => {
    const { id, signingUrl } = await bind(server, signingOnline(), { token });
    await decide(signingUrl, 'decline');
    expect(await standing(server, id, 'FAILED', token)).toMatchObject({ signingUrl: null });
  });

  it("leads to this server's own page where the front-end named none", async () => {
    const { id, signingUrl } = await bind(server, signingOnline(), { token });
    const on = await follow(await decide(signingUrl, 'sign'));
    expect(on.status).toBe(302);
    const next = on.headers.get('location') ?? '';
    expect(next).toBe(`/h5/return/tongqifu?binding=${id}`);
    const page = await follow(`${server.url}${next}`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8/);
    expect(page.headers.get('cache-control')).toContain('no-store');
    expect(await page.text()).toContain('<script type="module"');
  });

  it('leads to a page without a script where the H5 page is off', async () => {
    const other = await startServer({ env: { H5: 'off' } });
    const page = await follow(`${other.url}/h5/return/tongqifu?binding=0192f0c1-2345-7abc-8def-0123456789ab`);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('签约已提交');
    expect(html).not.toContain('<script');
    expect((await follow(`${other.url}/h5/`)).status).toBe(404);
    await other.stop();
  });

  it('is not believed from what the browser brings', async () => {
    const { id, signingUrl } = await bind(server, signingOnline(), { token });
    const back = new URL(`${server.url}/h5/return/tongqifu`);
    back.search = new URLSearchParams({ reqTraceNum: id.replaceAll('-', ''), bindResult: '1' }).toString();
    expect((await follow(back)).status).toBe(302);
    expect(await bindingOf(server, id, token)).toMatchObject({ status: 'AWAITING_SIGNATURE', signingUrl });
  });

  it.each([
    ['nothing', ''],
    ['a serial number of nobody', 'reqTraceNum=0192f0c123457abc8def0123456789ab'],
    ['no serial number', 'reqTraceNum=%3Cscript%3E&phone=13800000000'],
    [
      'two of them',
      'reqTraceNum=0192f0c123457abc8def0123456789ab&reqTraceNum=0192f0c123457abc8def0123456789ac',
    ],
    ['broken percent-coding', 'reqTraceNum=%E0%A4%A&binding=%'],
    ['a zero byte', 'reqTraceNum=%00&binding=%00'],
    ['a binding that is none', 'binding=%3Cscript%3E13800000000'],
  ])('a return with %s shows the page and repeats none of it', async (_, query) => {
    const page = await follow(`${server.url}/h5/return/tongqifu?${query}`);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('签约已提交');
    expect(html).not.toMatch(/<script|13800000000|0192f0c1/);
  });
});

describe('papers', () => {
  it('are reviewed, and the notice says that the phone is bound', async () => {
    const wish = withPapers();
    const binding = await bind(server, wish, { token, language: 'en' });
    expect(binding).toMatchObject({
      status: 'UNDER_REVIEW',
      signingUrl: null,
      providerCode: '3000',
      text: 'The application is under review.',
    });
    const bound = await standing(server, binding.id, 'BOUND', token);
    expect(Date.parse(bound.updatedAt)).toBeGreaterThan(Date.parse(binding.updatedAt));
    expect(await auditRecord(server, binding.id)).toMatchObject({ purpose: 'OFFLINE', outcome: 'ACCEPTED' });
  });

  it('of a person whose number ends in a small x are taken', async () => {
    const wish = withPapers();
    if (wish.authorisedPerson) wish.authorisedPerson.idNumber = '11010519491231002x';
    expect(await bind(server, wish, { token })).toMatchObject({ status: 'UNDER_REVIEW' });
  });
});

describe('what the server prints', () => {
  it("holds nothing of the browser's query, of the person and of the notice", async () => {
    const wish = signingOnline();
    const { id, signingUrl } = await bind(server, wish, { token });
    const back = await decide(signingUrl, 'sign');
    await follow(back);
    await standing(server, id, 'BOUND', token);
    const output = server.output();
    expect(output).toContain('"level"');
    for (const [name, value] of back.searchParams) {
      if (name !== 'bindResult') expect(output).not.toContain(value);
    }
    expect(output).not.toMatch(/reqTraceNum|signNum|张三丰|11010519491231002/);
  });
});
