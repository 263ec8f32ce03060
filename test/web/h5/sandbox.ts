// Walks: the sandbox's sheet, and the GraphQL that a screen shows.
import assert from 'node:assert/strict';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';

export async function lookingIntoTheSandbox(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await page.goto(`${server.url}/h5/#/register`);
  await page.getByText(say('这一页用到的 GraphQL', 'The GraphQL of this screen')).click();
  await page.getByText('mutation RequestAccountCode').waitFor();
  await look('operations-shown');
  const open = page.getByRole('button', { name: say('沙箱', 'Sandbox') });
  await page.route('**/sandbox/inbox', (route) => route.fulfill({ json: [] }));
  await open.click();
  await page.getByText(say('还没有短信', 'No SMS yet')).waitFor();
  await look('sandbox-empty');
  await page.getByRole('button', { name: '9001' }).click();
  assert.equal(
    await page.getByLabel(say('手机号', 'Phone number'), { exact: true }).inputValue(),
    '13800139001',
  );
  await page.unroute('**/sandbox/inbox');
  await server.graphql(
    'mutation { requestVerificationCode(input: {account: {phone: "13800130000", purpose: REGISTER}}) { __typename } }',
  );
  await open.click();
  await page
    .getByRole('button', { name: say('填入', 'Fill in') })
    .first()
    .waitFor();
  await look('sandbox');
}

/** The other language is a click away, and stays. */
export async function changingTheLanguage({ page, say }: Visit, server: TestServer) {
  await page.goto(`${server.url}/h5/#/operator`);
  const other = page.getByRole('button', { name: say('English', '中文') });
  await other.click();
  const title = page.getByRole('heading', { level: 1, name: say('Operator authentication', '运营商认证') });
  await title.waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), say('en', 'zh-CN'));
  assert.ok((await page.title()).includes(say('Operator authentication', '运营商认证')));
}
