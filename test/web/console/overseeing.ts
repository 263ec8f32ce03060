// Walks: what the log comes to, the providers, and whether the log is intact.
import assert from 'node:assert/strict';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { answering, fault, openConsole } from './opening.js';

interface Span {
  from: string;
  to: string;
  bucket: 'HOUR' | 'DAY';
}

/** A busy day, or months, made up: the same for whoever asks. */
function busy({ from, to, bucket }: Span) {
  const size = bucket === 'HOUR' ? 3_600_000 : 86_400_000;
  const begins: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at += size) begins.push(new Date(at).toISOString());
  const providers = [
    ['usercoin', 'VERIFICATION_CODE', 900, 180],
    ['qingsong-bank', 'VERIFICATION_CODE', 420, 320],
    ['juxinli', 'OPERATOR_AUTHENTICATION', 130, 2_600],
    ['tongqifu', 'PHONE_BINDING', 60, 740],
    ['qingsong-token', 'USER_TOKEN', 300, 90],
  ] as const;
  const wave = (index: number, of: number) => 0.55 + 0.45 * Math.sin((index / begins.length) * 6.28 * 2 + of);
  const auditSummary = begins.flatMap((begin, index) =>
    providers.flatMap(([provider, kind, most, median], of) =>
      (
        [
          ['ACCEPTED', 0.86],
          ['REFUSED', 0.07],
          ['DENIED', 0.05],
          ['UNKNOWN', 0.02],
        ] as const
      ).map(([outcome, part]) => ({
        bucket: begin,
        provider,
        kind,
        outcome,
        count: Math.round(most * part * wave(index, of)),
        p50Ms: outcome === 'DENIED' ? null : Math.round(median * (0.8 + 0.3 * wave(index, of + 1))),
        p99Ms: outcome === 'DENIED' ? null : Math.round(median * (3 + 2 * wave(index, of + 2))),
      })),
    ),
  );
  const rules = [
    'PHONE_ANONYMOUS',
    'ADDRESS',
    'BUDGET_CHECK',
    'GUESSES',
    'FORGED_NOTICE',
    'CALLS',
    'NETWORK',
    'NEW_RULE',
  ];
  const auditDenials = begins.flatMap((begin, index) =>
    rules.map((rule, of) => ({ bucket: begin, rule, count: Math.round((40 * wave(index, of)) / (of + 1)) })),
  );
  return { data: { auditSummary, auditDenials } };
}

export async function theSummary(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await openConsole(visit, server, 'auditor', '#/summary');
  const title = page.getByRole('heading', { level: 1, name: say('概览', 'Summary') });
  const charts = page.locator('.chart svg');
  await title.waitFor();
  await charts.first().waitFor();
  const only = page.getByRole('button', { name: say('只看 usercoin 短信', 'Only usercoin SMS') });
  await only.click();
  assert.match(page.url(), /provider=usercoin/);
  assert.equal(await only.getAttribute('aria-pressed'), 'true');
  await look('summary-of-one');
  await only.click();

  const asked: Span[] = [];
  await answering(visit, 'FindSummary', (span: Span) => {
    asked.push(span);
    return busy(span);
  });
  await page.getByText(say('7 天', '7 d'), { exact: true }).click();
  await page.getByText(say('须人机验证', 'a human check is wanted')).first().waitFor();
  await page.getByText('NEW_RULE').first().waitFor();
  await look('summary-7d');
  await page.getByText(say('24 小时', '24 h'), { exact: true }).first().click();
  await page.waitForFunction(() => location.hash.includes('24h'));
  await charts.nth(2).waitFor();
  await look('summary');
  await page.getByText(say('90 天', '90 d'), { exact: true }).click();
  await page.getByText(say('每天', 'by the day')).waitFor();
  await charts.nth(2).waitFor();
  const days = asked.map(({ from, to, bucket }) => [
    bucket,
    (Date.parse(to) - Date.parse(from)) / 86_400_000,
  ]);
  assert.deepEqual(days, [
    ['HOUR', 7],
    ['HOUR', 1],
    ['DAY', 90],
  ]);
  await page.unroute('**/graphql');

  await answering(visit, 'FindSummary', () => ({ data: { auditSummary: [], auditDenials: [] } }));
  await page.getByText(say('30 天', '30 d'), { exact: true }).click();
  await page.getByText(say('这段时间没有请求', 'No requests in this time')).waitFor();
  await look('summary-empty');
  await page.unroute('**/graphql');
  await answering(visit, 'FindSummary', () => fault('INTERNAL'));
  await page.reload();
  await page.getByText(say('出错了', 'Something went wrong')).waitFor();
  await look('summary-error');
}

export async function theBudgets(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  let spent = 10;
  await answering(visit, 'FindBudgets', () => ({
    data: {
      budgets: [
        {
          scope: '*',
          limit: 100,
          reserved: 0,
          spent,
          resetsAt: new Date(Date.now() + 3_600_000).toISOString(),
        },
      ],
    },
  }));
  await openConsole(visit, server, 'auditor', '#/summary');
  await page.getByText('10 / 100').waitFor();
  spent = 20;
  await page.getByRole('button', { name: say('刷新', 'Refresh') }).click();
  await page.getByText('20 / 100').waitFor();
}

export async function theProviders(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await openConsole(visit, server, 'auditor', '#/providers');
  await page.getByText(say('轻松教育银行网关', 'QingSong bank gateway')).waitFor();
  assert.equal(await page.getByText(say('调用照常放行', 'calls are let through')).count(), 5);
  await look('providers');
  await answering(visit, 'FindProviders', () => ({
    data: {
      providers: [
        { id: 'usercoin', configured: true, sandbox: false, breaker: 'OPEN' },
        { id: 'juxinli', configured: true, sandbox: false, breaker: 'HALF_OPEN' },
        { id: 'tongqifu', configured: false, sandbox: false, breaker: 'CLOSED' },
        { id: 'acme-sms', configured: true, sandbox: true, breaker: 'CLOSED' },
      ],
    },
  }));
  await page.getByRole('button', { name: say('刷新', 'Refresh') }).click();
  await page.getByText(say('近来中断过多', 'too many calls broke off')).waitFor();
  await look('providers-open');
  await page.unroute('**/graphql');
  await answering(visit, 'FindProviders', () => fault('OVERLOADED'));
  const main = page.getByRole('main');
  await main
    .getByRole('link', { name: say('查看记录', 'Records') })
    .first()
    .click();
  await page.getByRole('grid').waitFor();
  assert.match(page.url(), /provider=usercoin/);
}

export async function theIntegrity(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await openConsole(visit, server, 'auditor', '#/integrity');
  await page.getByText(say('尚未验证', 'Never verified')).waitFor();
  await page.getByText('npm run audit:verify').waitFor();
  await look('integrity-never');
  const found = (verifiedAt: Date, intact: boolean) => ({
    data: {
      auditIntegrity: {
        chains: 12,
        entries: 1_234_567,
        verifiedAt: verifiedAt.toISOString(),
        intact,
        firstBroken: intact ? null : '01a22908-3222-77ed-b67f-09b336158631:4711',
      },
    },
  });
  const refresh = () => page.getByRole('button', { name: say('刷新', 'Refresh') }).click();
  const hour = 3_600_000;
  await answering(visit, 'FindIntegrity', () => found(new Date(Date.now() - 3 * hour), true));
  await refresh();
  await page.getByText(say('3 小时前', '3 h ago')).waitFor();
  await page.getByRole('heading', { name: say('完好', 'Intact') }).waitFor();
  await look('integrity-intact');
  await page.unroute('**/graphql');
  await answering(visit, 'FindIntegrity', () => found(new Date(Date.now() - 50 * hour), true));
  await refresh();
  await page.getByText(say('已超过一天', 'More than a day ago')).waitFor();
  await page.unroute('**/graphql');
  await answering(visit, 'FindIntegrity', () => found(new Date(Date.now() - 60_000), false));
  await refresh();
  await page.getByText('01a22908-3222-77ed-b67f-09b336158631:4711').waitFor();
  await look('integrity-broken');
}
