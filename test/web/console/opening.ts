// How a person comes to the console, and to a record in it.
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { writtenLog } from './log.js';

export type Role = 'auditor' | 'admin';

/** Opens the door and goes in by one click; at the records unless told otherwise. */
export async function openConsole(visit: Visit, server: TestServer, role: Role = 'auditor', at = '') {
  await writtenLog(server);
  await visit.page.goto(`${server.url}/console/${at}`);
  await goIn(visit, role);
}

export async function goIn({ page, say }: Visit, role: Role = 'auditor') {
  const name =
    role === 'auditor' ? say('以审计员登录', 'Sign in as auditor') : say('以管理员登录', 'Sign in as admin');
  await page.getByRole('button', { name }).click();
  await page.getByText(`dev-${role}`).first().waitFor({ state: 'attached' });
}

export const rows = ({ page }: Visit) => page.getByRole('grid').getByRole('row');

export const row = ({ page }: Visit, id: string) => page.locator(`[id="record-${id}"]`);

/** Opens one record in its drawer, from a list that begins with it. */
export async function openRecord(visit: Visit, id: string) {
  const at = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  const to = new Date(at + 1).toISOString();
  await visit.page.goto(`${new URL(visit.page.url()).origin}/console/#/records?to=${to}`);
  await row(visit, id).click();
  await drawer(visit).getByText(id).waitFor();
  await drawer(visit)
    .getByRole('heading', { name: visit.say('时间线', 'Timeline') })
    .waitFor();
}

export const drawer = ({ page, say }: Visit) => page.getByRole('dialog', { name: say('记录', 'Record') });

/** Where the filters are: beside the list, or in a drawer of their own. */
export async function openFilters({ page, say }: Visit) {
  const button = page.getByRole('button', { name: say('筛选', 'Filters') });
  if (await button.isVisible()) await button.click();
}

export async function closeFilters({ page, say }: Visit) {
  const button = page.getByRole('button', { name: say('查看结果', 'Show the records') });
  if (!(await button.isVisible())) return;
  await button.click();
  await button.waitFor({ state: 'hidden' });
}

/** Answers an operation in the server's place. */
export function answering({ page }: Visit, operation: string, answer: (variables: never) => unknown) {
  return page.route('**/graphql', async (route) => {
    const { query, variables } = route.request().postDataJSON() as { query: string; variables: never };
    if (!query.includes(` ${operation}`)) return route.fallback();
    const data = await answer(variables);
    if (data === null) return route.abort('connectionreset');
    return route.fulfill({ json: data });
  });
}

export const fault = (code: string) => ({
  errors: [{ message: code, extensions: { code, requestId: '01900000-0000-7000-8000-00000000abcd' } }],
});
