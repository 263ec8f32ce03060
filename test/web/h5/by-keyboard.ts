// Walks: every flow without a mouse or a finger.
import assert from 'node:assert/strict';
import { phoneWith } from '../../support/phones.js';
import type { TestServer } from '../../support/server.js';
import { goTo, writeInto } from '../keys.js';
import type { Visit } from '../visit.js';

/** From the start to a screen, which says where one is now. */
async function enter(visit: Visit, server: TestServer, title: string) {
  const { page } = visit;
  await page.goto(`${server.url}/h5/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await goTo(visit, new RegExp(`^${title}`));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  await page.waitForFunction((text) => document.activeElement?.textContent === text, title);
}

async function signIn(visit: Visit) {
  const { page, say } = visit;
  await goTo(visit, say('以开发用户登录', 'Sign in for development'));
  await page.keyboard.press('Enter');
  await page.getByText('dev-user').waitFor();
}

const phoneLabel = ({ say }: Visit) => say('手机号', 'Phone number');

/** Typed where the focus went by itself. */
async function answer({ page }: Visit, label: string, text: string) {
  await page.waitForFunction(
    (wanted) => (document.activeElement as HTMLInputElement).labels?.[0]?.textContent === wanted,
    label,
  );
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

export async function registering(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const { keyboard } = page;
  await enter(visit, server, say('注册验证码', 'Register with a code'));
  await goTo(visit, say('注册新账号', 'New account'));
  await keyboard.press('ArrowRight');
  assert.equal(await page.getByRole('radio', { checked: true }).getAttribute('value'), 'RESET_PASSWORD');
  const phone = phoneWith('8000');
  await writeInto(visit, phoneLabel(visit), phone);
  await keyboard.press('Enter');
  await page.getByText('****8000').waitFor();
  await answer(visit, say('短信验证码', 'Code from the SMS'), (await server.inbox(phone))[0]?.code ?? '');
  await page.getByText(say('验证码已填写', 'The code is entered')).waitFor();

  const sandbox = say('沙箱', 'Sandbox');
  await goTo(visit, sandbox, 'Shift+Tab');
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), sandbox);
}

export async function askingTheBank(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  await enter(visit, server, say('银行验证码', 'Bank code'));
  await signIn(visit);
  const scene = page.getByLabel(say('业务场景', 'What for'));
  const before = await scene.inputValue();
  await goTo(visit, say('业务场景', 'What for'));
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await scene.inputValue(), before);
  await writeInto(visit, phoneLabel(visit), phoneWith('8000'));
  await page.keyboard.press('Enter');
  await page.getByText(say('银行任务号', "The bank's task")).waitFor();
}

export async function authenticating(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const phone = phoneWith('8000');
  await enter(visit, server, say('运营商认证', 'Operator authentication'));
  await signIn(visit);
  await writeInto(visit, say('姓名', 'Name'), '李四');
  await writeInto(visit, phoneLabel(visit), phone);
  // What is folded away opens, and is no detour for who needs none of it.
  await goTo(visit, say('补充信息（选填）', 'Further details (optional)'));
  await page.keyboard.press('Enter');
  await writeInto(visit, say('家庭住址', 'Home address'), '示例路 1 号');
  await goTo(visit, say('提交申请', 'Apply'));
  await page.keyboard.press('Enter');
  await answer(visit, say('服务密码', 'Service password'), '24681357');
  await page.getByLabel(say('短信验证码', 'Code from the SMS')).waitFor();
  await answer(visit, say('短信验证码', 'Code from the SMS'), (await server.inbox(phone))[0]?.code ?? '');
  await page.getByRole('heading', { name: say('认证成功', 'Authenticated') }).waitFor();
}

export async function binding(visit: Visit, server: TestServer) {
  const { page, say, forgive } = visit;
  const { keyboard } = page;
  // The provider's own page, which the person goes to.
  forgive(new RegExp(`^elsewhere: ${server.sandboxUrl}/tongqifu/sign`));
  await enter(visit, server, say('绑定企业手机号', 'Bind a company phone'));
  await signIn(visit);
  await goTo(visit, say('线上授权', 'Signs online'));
  await keyboard.press('ArrowRight');
  await page.getByLabel(say('授权协议文件编号', 'File number of the agreement')).waitFor();
  await keyboard.press('ArrowLeft');
  await writeInto(visit, phoneLabel(visit), phoneWith('8000'));
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: say('等待签约', 'Waiting for the signature') }).waitFor();
  const sign = say('去签约', 'Go and sign');
  await page.waitForFunction((text) => document.activeElement?.textContent?.trim() === text, sign);
  await keyboard.press('Enter');
  await page.getByRole('button', { name: '同意并签署' }).waitFor();
  await goTo(visit, '同意并签署');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: say('绑定成功', 'Bound'), exact: true }).waitFor();
}

export async function confirmingACode(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const phone = phoneWith('8000');
  await enter(visit, server, say('绑定企业手机号', 'Bind a company phone'));
  await signIn(visit);
  await goTo(visit, say('线上授权', 'Signs online'));
  await page.keyboard.press('ArrowLeft');
  await writeInto(visit, phoneLabel(visit), phone);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: say('验证码已发送', 'A code was sent') }).waitFor();
  await answer(visit, say('短信验证码', 'Code from the SMS'), (await server.inbox(phone))[0]?.code ?? '');
  await page.getByRole('heading', { name: say('绑定成功', 'Bound'), exact: true }).waitFor();
}
