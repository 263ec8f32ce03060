// What people do in the explorer: run a ready operation, change the role, read the documentation.
import assert from 'node:assert/strict';
import { decodeJwt } from 'jose';
import { phoneWith } from '../../support/phones.js';
import type { ServerOptions, TestServer } from '../../support/server.js';
import type { Looking, Visit } from '../visit.js';
import type { Walk } from '../walk.js';

export const serverOptions: ServerOptions = {};

export const looking: Looking = {
  forgive: 'MODERATE',
  // Monaco measures with boxes that stick out, and brings its colours; GraphiQL's tabs hold buttons.
  without: ['.monaco-editor', '.graphiql-tabs'],
  // While a menu is open, what is behind it is hidden and keeps its place in the order; the focus stays in the menu.
  withoutRules: ['aria-hidden-focus'],
};

async function open({ page }: Visit, server: TestServer) {
  await page.goto(`${server.url}/explorer/`);
  await page.locator('.graphiql-query-editor .view-lines').first().waitFor();
}

/** Runs what is open, and waits for the answer to be shown: what was sent, by whom, and what came back. */
async function execute({ page }: Visit) {
  const answered = page.waitForResponse(
    (response) => response.url().endsWith('/graphql') && response.request().method() === 'POST',
  );
  await page.getByRole('button', { name: 'Execute query' }).click();
  const response = await answered;
  const { authorization } = response.request().headers();
  const { data, errors } = await response.json();
  await page
    .locator('.result-window .view-line')
    .filter({ hasText: data ? '"data"' : '"errors"' })
    .waitFor();
  return {
    roles: authorization ? decodeJwt(authorization.replace('Bearer ', '')).roles : null,
    variables: response.request().postDataJSON().variables,
    data,
    errors,
  };
}

/** By the menu, as its title says. */
async function choose({ page, say }: Visit, zh: string, en: string) {
  await page.getByRole('button', { name: say('示例', 'Examples') }).click();
  await page.getByRole('menuitem', { name: say(zh, en) }).click();
}

async function runningAnOperation(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await open(visit, server);
  await look('start');
  await page.getByRole('button', { name: say('示例', 'Examples') }).click();
  await page.getByRole('menu').waitFor();
  await look('examples');
  await page.keyboard.press('Escape');

  const phone = phoneWith('8000');
  await page.locator('.graphiql-editor-tool .monaco-editor').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  const variables = { phone, purpose: 'REGISTER', idempotencyKey: phone };
  await page.keyboard.insertText(JSON.stringify(variables));
  // The editor has closed what it thinks is open.
  await page.keyboard.press('ControlOrMeta+Shift+End');
  await page.keyboard.press('Delete');
  const answer = await execute(visit);
  assert.deepEqual(answer.variables, variables);
  assert.equal(answer.data.requestVerificationCode.__typename, 'VerificationCodeSent');
  await look('answered');
  assert.equal((await server.inbox(phone)).length, 1);
}

async function changingTheRole(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  // Chromium tells of every 401.
  forgive(/status of 401/);
  await open(visit, server);
  await server.graphql(
    `mutation { requestVerificationCode(input: {account: {phone: "${phoneWith('8000')}", purpose: REGISTER}}) { __typename } }`,
  );
  await choose(visit, '审计记录（最新在前）', 'Audit records, newest first');
  const asAuditor = await execute(visit);
  assert.deepEqual([asAuditor.roles, asAuditor.errors], [['auditor'], undefined]);
  assert.equal(asAuditor.data.auditRecords.edges[0].node.outcome, 'ACCEPTED');
  await look('records');
  await page.getByLabel(say('身份', 'Role')).selectOption('anonymous');
  const asNobody = await execute(visit);
  assert.equal(asNobody.roles, null);
  assert.equal(asNobody.errors[0].extensions.code, 'UNAUTHENTICATED');
  await look('not-signed-in');
}

/** Nothing is sent under the name of what was open before, however soon one clicks. */
async function executingAtOnce(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  await open(visit, server);
  await page.getByRole('button', { name: say('示例', 'Examples') }).click();
  const chosen = page.getByRole('menuitem', {
    name: say('审计记录（最新在前）', 'Audit records, newest first'),
  });
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().postDataJSON()?.query.includes('auditRecords')),
    chosen.evaluate((item: HTMLElement) => {
      item.click();
      document.querySelector<HTMLElement>('.graphiql-execute-button')?.click();
    }),
  ]);
  assert.equal((await answer.json()).errors, undefined);
}

async function readingTheDocumentation(visit: Visit, server: TestServer) {
  const { page, look } = visit;
  await open(visit, server);
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  const panel = page.locator('.graphiql-doc-explorer');
  await panel.getByRole('link', { name: 'Mutation', exact: true }).click();
  await panel.getByRole('link', { name: 'requestVerificationCode', exact: true }).click();
  await panel.getByText('Has a verification code sent by SMS').waitFor();
  await look('documentation');
}

async function changingTheLanguage(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  await open(visit, server);
  await page.getByRole('button', { name: say('English', '中文'), exact: true }).click();
  await page.getByRole('button', { name: say('Examples', '示例') }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), say('en', 'zh-CN'));
}

export const walks: readonly (readonly [name: string, Walk])[] = [
  ['runs a ready operation', runningAnOperation],
  ['calls as the role that is chosen', changingTheRole],
  ['executes at once what has just been opened', executingAtOnce],
  ['shows the documentation', readingTheDocumentation],
  ['changes the language by a click', changingTheLanguage],
];

export const walksInTheDark = walks.slice(0, 1);
