// Walks: nothing there yet, the network gone, a server in trouble.
import assert from 'node:assert/strict';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { answering, fault, openConsole } from './opening.js';

export async function trouble(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  // It never comes.
  await answering(visit, 'FindRecords', () => new Promise(() => {}));
  await openConsole(visit, server);
  await page.getByRole('status', { name: say('加载中', 'Loading') }).waitFor();
  await look('records-loading');
  await page.unroute('**/graphql');
  const meet = async (answer: unknown, zh: string, en: string) => {
    await answering(visit, 'FindRecords', () => answer);
    await page.reload();
    await page.getByText(say(zh, en)).waitFor();
    await page.unroute('**/graphql');
  };
  await meet(
    { data: { auditRecords: { edges: [], pageInfo: { hasNextPage: false, endCursor: null } } } },
    '日志里还没有记录',
    'There are no records yet',
  );
  await look('records-empty');
  await meet(fault('AUDIT_UNAVAILABLE'), '日志暂时不可用', 'The log cannot be written');
  await look('records-unavailable');
  await page.getByRole('button', { name: say('重试', 'Try again') }).click();
  await page.getByRole('grid').waitFor();

  // What was loaded stays.
  forgive(/ERR_INTERNET_DISCONNECTED/);
  await page.context().setOffline(true);
  await page.getByText(say('网络已断开：显示的是', 'You are offline: this is')).waitFor();
  await page.getByRole('button', { name: say('刷新', 'Refresh') }).click();
  await page.getByText(say('已载入的内容仍可查看', 'what was loaded can still be read')).waitFor();
  assert.ok((await page.getByRole('row').count()) > 3);
  await look('records-offline');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: say('重试', 'Try again') }).click();
  await page
    .getByText(say('已载入的内容仍可查看', 'what was loaded can still be read'))
    .waitFor({ state: 'hidden' });
}

/** The second page does not come at first, and can be asked for again; but not while the first is asked for anew. */
export async function halfAList(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const met: string[] = [];
  let waited = Promise.resolve();
  await page.route('**/graphql', async (route) => {
    const { query, variables } = route.request().postDataJSON() as {
      query: string;
      variables: { after: unknown };
    };
    if (!query.includes(' FindRecords')) return route.fallback();
    const isFirst = variables.after === null;
    if (isFirst) await waited;
    met.push(isFirst ? 'FIRST' : 'MORE');
    if (!isFirst && met.length < 4) return route.fulfill({ json: fault('INTERNAL') });
    const answer = await (await route.fetch()).json();
    // So few that the next page is wanted at once.
    answer.data.auditRecords.edges.splice(30);
    answer.data.auditRecords.pageInfo.hasNextPage = isFirst;
    return route.fulfill({ json: answer });
  });
  await openConsole(visit, server);
  const fails = page.getByText(say('出错了', 'Something went wrong'));
  const more = page.getByRole('button', { name: say('载入更多', 'Load more') });
  await fails.waitFor();
  await look('records-half');
  await Promise.all([page.waitForResponse('**/graphql'), more.click()]);
  await fails.waitFor();
  let letGo = () => {};
  waited = new Promise((resolve) => {
    letGo = resolve;
  });
  await page.getByRole('button', { name: say('刷新', 'Refresh') }).click();
  await fails.waitFor({ state: 'hidden' });
  await more.click();
  assert.deepEqual(met, ['FIRST', 'MORE', 'MORE']);
  letGo();
  await page.getByText(say('已到最早一条', 'this is the earliest')).waitFor();
  assert.deepEqual(met, ['FIRST', 'MORE', 'MORE', 'FIRST', 'MORE']);
}

/** The first page is asked for anew and does not come: trying again asks for that, and not for a page that follows. */
export async function noFirstPage(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const met: string[] = [];
  await page.route('**/graphql', async (route) => {
    const { query, variables } = route.request().postDataJSON() as {
      query: string;
      variables: { after: unknown };
    };
    if (!query.includes(' FindRecords')) return route.fallback();
    const isFirst = variables.after === null;
    met.push(isFirst ? 'FIRST' : 'MORE');
    if (isFirst && met.filter((one) => one === 'FIRST').length === 2)
      return route.fulfill({ json: fault('INTERNAL') });
    const pageInfo = { hasNextPage: true, endCursor: 'further' };
    if (!isFirst) return route.fulfill({ json: { data: { auditRecords: { edges: [], pageInfo } } } });
    const answer = await (await route.fetch()).json();
    answer.data.auditRecords.pageInfo.hasNextPage = true;
    return route.fulfill({ json: answer });
  });
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: say('刷新', 'Refresh') }).click();
  const fails = page.getByText(say('出错了', 'Something went wrong'));
  await fails.waitFor();
  const before = met.length;
  await Promise.all([
    page.waitForResponse('**/graphql'),
    page.getByRole('button', { name: say('重试', 'Try again') }).click(),
  ]);
  await fails.waitFor({ state: 'hidden' });
  assert.equal(met[before], 'FIRST');
  await page.unrouteAll({ behavior: 'wait' });
}

/** Offline, or of a version whose files are gone: a part of the page cannot be loaded, and the rest stays. */
export async function halfAPage(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  forgive(/ERR_FAILED|dynamically imported module/);
  const missing = /\/assets\/(summary|subscriptions|draw-chart)-/;
  await page.route(missing, (route) => route.abort());
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).click();
  await page.getByText(say('正在连接', 'Connecting')).waitFor();
  const summary = page.getByRole('link', { name: say('概览', 'Summary') });
  await summary.click();
  const broken = page.getByText(say('这一页没有载入', 'This view was not loaded'));
  await broken.waitFor();
  await look('view-not-loaded');
  await page.getByRole('link', { name: say('记录', 'Records'), exact: true }).click();
  await page.getByRole('grid').waitFor();

  // What is loaded when first needed is asked for again.
  await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).click();
  const failed = page.waitForEvent('requestfailed', (one) => one.url().includes('/subscriptions-'));
  await failed;
  await page.unroute(missing);
  await page.getByText(say('实时更新中', 'Live'), { exact: true }).waitFor();

  await page.route('**/assets/draw-chart-*', (route) => route.abort());
  await summary.click();
  await broken.waitFor();
  await page.getByRole('button', { name: say('重新载入', 'Load the page anew') }).click();
  await page.getByText(say('图没有载入', 'The chart was not loaded')).first().waitFor();
  await look('chart-not-loaded');
}
