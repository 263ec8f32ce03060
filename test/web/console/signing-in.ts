// Walks: going in and out, with which token, and in which language.
import assert from 'node:assert/strict';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { writtenLog } from './log.js';
import { answering, fault, goIn } from './opening.js';

export async function comingAndGoing(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await writtenLog(server);
  await page.goto(`${server.url}/console/#/integrity`);
  const field = page.getByLabel(say('访问令牌', 'Access token'));
  const signIn = page.getByRole('button', { name: say('登录', 'Sign in'), exact: true });
  await field.waitFor();
  await look('door');
  await field.fill('not a token');
  await signIn.click();
  await page.getByText(say('这不像一个令牌', 'does not look like a token')).waitFor();
  await look('door-no-token');

  const token = await server.token({ role: 'auditor', sub: '王审计' });
  await field.fill(`Bearer ${token}`);
  await signIn.click();
  const title = page.getByRole('heading', { name: say('日志完整性', 'Integrity of the log') });
  await title.waitFor();
  await page.reload();
  await title.waitFor();
  assert.deepEqual(
    await page.evaluate(() => [
      Object.values(sessionStorage).length,
      Object.values(localStorage).join().includes('.'),
    ]),
    [1, false],
  );
  await page.getByRole('button', { name: say('退出', 'Sign out') }).click();
  await field.waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
}

export async function notBeingAllowed(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  await writtenLog(server);
  forgive(/status of 40[13]/);
  const signIn = async (token: string) => {
    await page.getByLabel(say('访问令牌', 'Access token')).fill(token);
    await page.getByRole('button', { name: say('登录', 'Sign in'), exact: true }).click();
  };
  await page.goto(`${server.url}/console/`);
  await signIn(await server.token({ role: 'user' }));
  await page.getByText(say('没有审计权限', 'Not allowed')).waitFor();
  await look('not-allowed');
  await page.getByRole('button', { name: say('换一个令牌', 'Use another token') }).click();

  // The server does not take it any more, in the middle of work.
  await goIn(visit);
  await page.getByRole('grid').waitFor();
  await answering(visit, 'FindProviders', () => fault('UNAUTHENTICATED'));
  await page.getByRole('link', { name: say('服务商', 'Providers') }).click();
  await page.getByText(say('登录已失效', 'Your sign-in has ended')).waitFor();
  await look('door-again');
  await page.unroute('**/graphql');
  await goIn(visit);
  await page.getByRole('heading', { level: 1, name: say('服务商', 'Providers') }).waitFor();

  // Its own time is over.
  const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
  const claims = Buffer.from(JSON.stringify({ sub: 'brief', exp: inAnHour })).toString('base64url');
  await page.evaluate(
    (token) => sessionStorage.setItem('yanzheng:console:token', token),
    `e30.${claims}.AAAA`,
  );
  await answering(visit, 'FindProviders', () => ({ data: { providers: [] } }));
  await page.clock.install();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: say('服务商', 'Providers') }).waitFor();
  await page.clock.fastForward(3_601_000);
  await page.getByText(say('登录已失效', 'Your sign-in has ended')).waitFor();
}

/** A computer whose clock is days ahead: whether a token has ended is for the server to say. */
export async function withAWrongClock(visit: Visit, server: TestServer) {
  const { page } = visit;
  await writtenLog(server);
  await page.clock.install({ time: Date.now() + 10 * 86_400_000 });
  await page.goto(`${server.url}/console/`);
  await goIn(visit);
  await page.getByRole('grid').waitFor();
}

export async function changingTheLanguage(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  await writtenLog(server);
  await page.goto(`${server.url}/console/`);
  await goIn(visit);
  await page.getByRole('grid', { name: say('记录', 'Records') }).waitFor();
  await page.getByRole('button', { name: say('English', '中文') }).click();
  await page.getByRole('grid', { name: say('Records', '记录') }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), say('en', 'zh-CN'));
  await page.getByRole('link', { name: say('Summary', '概览') }).click();
  await page.getByRole('heading', { level: 1, name: say('Summary', '概览') }).waitFor();
}
