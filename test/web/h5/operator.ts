// Walks: authenticating at an operator, by each of its steps.
import assert from 'node:assert/strict';
import { phoneWith } from '../../support/phones.js';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { signIn } from './signing-in.js';

interface Walk {
  phone: string;
  apply(): Promise<void>;
  password(password?: string): Promise<void>;
  captcha(code?: string): Promise<void>;
  title(zh: string, en: string): Promise<void>;
}

async function walk(visit: Visit, server: TestServer, lastFour: string): Promise<Walk> {
  const { page, say } = visit;
  const phone = phoneWith(lastFour);
  const next = () => page.getByRole('button', { name: say('下一步', 'Next') }).click();
  await page.goto(`${server.url}/h5/#/operator`);
  await signIn(visit);
  return {
    phone,
    async apply() {
      await page.locator('[name=phone]').fill(phone);
      await page.getByRole('button', { name: say('提交申请', 'Apply'), exact: true }).click();
    },
    async password(password = '24681357') {
      await page.getByLabel(say('服务密码', 'Service password')).fill(password);
      await next();
    },
    async captcha(code) {
      const field = page.getByLabel(say('短信验证码', 'Code from the SMS'));
      await field.waitFor();
      const [message] = await server.inbox(phone);
      await field.fill(code ?? message?.code ?? '');
      await next();
    },
    title: (zh, en) => page.getByRole('heading', { name: say(zh, en) }).waitFor(),
  };
}

export async function throughToTheEnd(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { apply, password, captcha, title } = await walk(visit, server, '8000');
  await page.getByRole('button', { name: say('提交申请', 'Apply'), exact: true }).waitFor();
  await page.getByText(say('支持哪些运营商？', 'Which operators can be asked?')).click();
  await page.getByText('江苏移动').waitFor();
  await look('operator-sources');
  await page.getByText(say('补充信息（选填）', 'Further details (optional)')).click();
  await page.getByRole('button', { name: say('添加联系人', 'Add a contact') }).click();
  await page.getByText(say('联系人 1', 'Contact 1')).waitFor();
  await look('operator-further');
  await apply();
  await page.getByLabel(say('服务密码', 'Service password')).waitFor();
  await look('operator-password');
  // Tapped twice, it is answered once, and nothing else is asked.
  const asked: string[] = [];
  page.on('request', (request) => asked.push(...(request.postData()?.match(/(?:mutation|query) \w+/) ?? [])));
  await page.getByLabel(say('服务密码', 'Service password')).fill('000000');
  await page.getByRole('button', { name: say('下一步', 'Next') }).evaluate((button: HTMLElement) => {
    button.click();
    button.click();
  });
  await page.getByText(say('服务密码错误', 'is wrong')).waitFor();
  assert.deepEqual(asked, ['mutation SubmitServicePassword']);
  await look('operator-password-wrong');
  await password();
  await page.getByLabel(say('短信验证码', 'Code from the SMS')).waitFor();
  await look('operator-captcha');
  await captcha('1');
  await page.getByText(say('短信验证码错误', 'The code is wrong')).waitFor();
  await look('operator-captcha-wrong');
  await captcha();
  await title('认证成功', 'Authenticated');
  await look('operator-done');
}

export async function bySecondCode(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { apply, password, captcha, title } = await walk(visit, server, '9011');
  await apply();
  await password();
  await captcha();
  await page.getByText(say('请再次输入', 'from the second SMS')).waitFor();
  await look('operator-second-captcha');
  await captcha();
  await title('认证成功', 'Authenticated');
}

export async function changingThePassword(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { apply, password, captcha, title } = await walk(visit, server, '9013');
  await apply();
  await password('111111');
  await page.getByLabel(say('新的服务密码', 'New service password')).waitFor();
  await look('operator-password-reset');
  await page.getByLabel(say('新的服务密码', 'New service password')).fill('24681357');
  await page.getByRole('button', { name: say('已修改，继续', 'Changed, go on') }).click();
  await captcha();
  await title('认证成功', 'Authenticated');
}

export async function textingForTheCode(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { apply, password, captcha, title } = await walk(visit, server, '9014');
  await apply();
  await password();
  await page.getByRole('link', { name: say('发送短信 CXXD 到 10001', 'Text CXXD to 10001') }).waitFor();
  await look('operator-text-for-captcha');
  await captcha();
  await title('认证成功', 'Authenticated');
}

export async function byQueryPassword(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { apply, password, title } = await walk(visit, server, '9015');
  const query = page.getByLabel(say('查询密码', 'Query password'));
  const next = page.getByRole('button', { name: say('下一步', 'Next') });
  await apply();
  await password();
  await query.waitFor();
  await look('operator-query-password');
  await query.fill('654321');
  await next.click();
  await page.getByText(say('查询密码错误', 'The query password is wrong')).waitFor();
  await query.fill('123456');
  await next.click();
  await title('认证成功', 'Authenticated');
}

export async function afterWaiting(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { apply, password, captcha, title } = await walk(visit, server, '9016');
  await apply();
  await password();
  await page.getByText(say('运营商正在处理', 'The operator is working on it')).waitFor();
  await look('operator-wait');
  await captcha();
  await title('认证成功', 'Authenticated');
}

/** What passes is asked again by itself; what may not pass, when a person wants it. */
export async function waitingInTrouble(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { apply, password, captcha, title } = await walk(visit, server, '9016');
  await apply();
  const fault = (code: string) => ({ errors: [{ message: code, extensions: { code, retryAfterMs: 100 } }] });
  let answer: object | null = fault('PROVIDER_UNAVAILABLE');
  await page.route('**/graphql', (route) => {
    const isMeant = route.request().postData()?.includes('continueOperatorAuthentication');
    return isMeant && answer ? route.fulfill({ json: answer }) : route.fallback();
  });
  await password();
  await page.getByText(say('服务方暂时无法连接', 'The provider cannot be reached')).waitFor();
  await page.getByText(say('此页面会自动重试', 'This page tries again by itself')).waitFor();
  await look('operator-wait-unavailable');
  const refusal = { __typename: 'Refusal', requestId: 'R', code: 'RATE_LIMITED', message: '…' };
  const unsaid = { retryAfterMs: 100, providerCode: null, humanCheck: null };
  answer = { data: { continueOperatorAuthentication: { ...refusal, ...unsaid } } };
  await page.getByText(say('操作太频繁', 'Too often'), { exact: true }).waitFor();
  answer = fault('INTERNAL');
  const again = page.getByRole('button', { name: say('重试', 'Try again') });
  await again.waitFor();
  await look('operator-wait-stopped');
  answer = fault('UNAUTHENTICATED');
  await again.click();
  await page.getByText(say('登录已失效', 'Your sign-in has ended')).waitFor();
  answer = null;
  await signIn(visit);
  await captcha();
  await title('认证成功', 'Authenticated');
}

export async function withAnotherSource(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { apply, password, captcha, title } = await walk(visit, server, '9017');
  await apply();
  await password();
  await captcha();
  await title('京东', '京东');
  await page.getByLabel(say('登录账号', 'Login name')).fill('somebody');
  await look('operator-another-source');
  await page.getByLabel(say('登录密码', 'Password'), { exact: true }).fill('a-password');
  await page.getByRole('button', { name: say('下一步', 'Next') }).click();
  await title('认证成功', 'Authenticated');
}

export async function failing(visit: Visit, server: TestServer) {
  const { look } = visit;
  const { apply, password, title } = await walk(visit, server, '9018');
  await apply();
  await password();
  await title('认证未成功', 'Not authenticated');
  await look('operator-failed');
}

export async function beingRefusedAtTheDoor(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { apply } = await walk(visit, server, '9001');
  await apply();
  await page.getByText(say('服务方未受理', 'Not accepted'), { exact: true }).waitFor();
  await look('operator-refused');
}

/** The continuation was in the memory of the page before: what is left is to apply anew. */
export async function afterReloading(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { apply, title } = await walk(visit, server, '8000');
  await apply();
  await page.getByLabel(say('服务密码', 'Service password')).waitFor();
  await page.reload();
  await title('此页面已无法继续', 'This page cannot go on');
  await look('operator-reloaded');
  await page.goto(`${server.url}/h5/#/operator/01900000-0000-7000-8000-000000000000`);
  await title('没有找到这次认证', 'There is no such authentication');
  await look('operator-none');
}

/**
 * The answer to the password is lost: the page finds out where the conversation stands, and goes on. Only the lost
 * answer's continuation held the password, so it is asked for once more.
 */
export async function losingAnAnswer(visit: Visit, server: TestServer) {
  const { page, say, forgive } = visit;
  const { apply, password, captcha, title } = await walk(visit, server, '8000');
  forgive(/ERR_CONNECTION_RESET/);
  await apply();
  await page.getByLabel(say('服务密码', 'Service password')).waitFor();
  let lost = 0;
  await page.route('**/graphql', async (route) => {
    if (lost > 0 || !route.request().postData()?.includes('submitServicePassword')) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
  await password();
  await captcha();
  await password();
  await captcha();
  await title('认证成功', 'Authenticated');
}

/** It is said at the contact's own field what is wrong with it, and nobody vanishes. */
export async function namingContacts(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  const { apply } = await walk(visit, server, '8000');
  const further = page.locator('details.further');
  const summary = further.locator('summary');
  const contact = (number: number) =>
    page.getByRole('group', { name: say(`联系人 ${number}`, `Contact ${number}`), exact: true });
  const name = (number: number) => contact(number).getByLabel(say('姓名', 'Name'), { exact: true });
  const phone = (number: number) =>
    contact(number).getByLabel(say('手机号', 'Phone number'), { exact: true });
  const isAsked = (field: ReturnType<typeof phone>) =>
    field.evaluate((input) => input === document.activeElement && input.ariaInvalid === 'true');
  await summary.click();
  const add = page.getByRole('button', { name: say('添加联系人', 'Add a contact') });
  for (let count = 0; count < 3; count += 1) await add.click();
  // The first is left empty.
  await name(2).fill('李四');
  await phone(2).fill('13800138000');
  await name(3).fill('王五');
  await summary.click();
  await apply();
  await phone(3).waitFor();
  assert.ok(await isAsked(phone(3)));
  await look('operator-contact-missing');

  await phone(3).fill('12300000000');
  // Chromium tells of every 400, whatever its body.
  forgive(/status of 400/);
  await summary.click();
  await apply();
  await page.getByText(say('请检查此项', 'Please check this'), { exact: true }).waitFor();
  assert.ok(await isAsked(phone(3)));
  await phone(3).fill('13800138001');
  const [request] = await Promise.all([page.waitForRequest((one) => one.method() === 'POST'), apply()]);
  const { input } = (request.postDataJSON() as { variables: { input: { contacts: { name: string }[] } } })
    .variables;
  assert.deepEqual(
    input.contacts.map((one) => one.name),
    ['李四', '王五'],
  );
  await page.getByLabel(say('服务密码', 'Service password')).waitFor();
}
