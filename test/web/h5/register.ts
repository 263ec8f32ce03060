// Walks: having an account code sent, and all that can come in between.
import assert from 'node:assert/strict';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/sha';
import { phoneWith } from '../../support/phones.js';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';

export async function open({ page, say }: Visit, server: TestServer) {
  await page.goto(`${server.url}/h5/`);
  await page.getByRole('link', { name: say('注册验证码', 'Register with a code') }).click();
}

const phoneField = ({ page, say }: Visit) => page.getByLabel(say('手机号', 'Phone number'), { exact: true });
const send = ({ page, say }: Visit) =>
  page.getByRole('button', { name: say('获取验证码', 'Send me a code') });

export async function registering(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await page.goto(`${server.url}/h5/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await look('home');
  await page.getByRole('link', { name: say('注册验证码', 'Register with a code') }).click();
  await look('register');
  await send(visit).click();
  await page.getByText(say('请输入手机号', 'Enter a phone number')).waitFor();
  await look('register-missing');

  const phone = phoneWith('8000');
  // As people write it.
  await phoneField(visit).fill(phone.replace('+86', '').replace(/(...)(....)(....)/, '$1 $2 $3'));
  await send(visit).evaluate((button: HTMLElement) => {
    button.click();
    button.click();
  });
  await page.getByText(`${phone.slice(3, 6)}****8000`).waitFor();
  await page.getByRole('button', { name: say('秒后可重新获取', 'Another code in') }).waitFor();
  await look('register-sent');
  assert.equal((await server.calls({ phone })).length, 1);

  await page.getByRole('button', { name: say('沙箱', 'Sandbox') }).click();
  const [message] = await server.inbox(phone);
  await page.getByRole('button', { name: message?.code }).click();
  const code = page.getByLabel(say('短信验证码', 'Code from the SMS'));
  assert.equal(await code.inputValue(), message?.code);
  assert.equal(await code.getAttribute('autocomplete'), 'one-time-code');
  await page.getByRole('button', { name: say('提交验证码', 'Submit the code') }).click();
  await page.getByText(say('验证码已填写', 'The code is entered')).waitFor();
  await look('register-entered');
}

export async function beingRefused(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  await open(visit, server);
  await phoneField(visit).fill(phoneWith('9001'));
  await send(visit).click();
  await page.getByText(say('服务方未受理', 'Not accepted'), { exact: true }).waitFor();
  await look('register-refused');
  await phoneField(visit).fill(phoneWith('9002'));
  await send(visit).click();
  await page.getByText(say('操作太频繁', 'Too often'), { exact: true }).waitFor();
  await page.getByText(say('后可重试', 'Try again in')).waitFor();
  await look('register-too-often');
  await phoneField(visit).fill(phoneWith('9004'));
  await send(visit).click();
  await page.getByText(say('结果暂时未知', 'Not known yet'), { exact: true }).waitFor();
  await look('register-unknown');
  // Chromium tells of every 400, whatever its body.
  forgive(/status of 400/);
  await phoneField(visit).fill('123 4567 890');
  await send(visit).click();
  await page.getByText(say('请检查手机号', 'Please check this number')).waitFor();
  await look('register-not-taken');
}

/** The first answer is lost on its way: the page repeats the request, and one SMS is sent. */
export async function losingAnAnswer(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  await open(visit, server);
  forgive(/ERR_CONNECTION_RESET/);
  let lost = 0;
  await page.route('**/graphql', async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
  const phone = phoneWith('8000');
  await phoneField(visit).fill(phone);
  await send(visit).click();
  await page.getByText(say('网络不稳', 'Weak network')).waitFor();
  await look('register-repeating');
  await page.getByText(say('没有再发一条短信', 'no second SMS')).waitFor();
  await look('register-replayed');
  assert.equal(lost, 1);
  assert.equal((await server.inbox(phone)).length, 1);
}

export async function beingOffline(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  await open(visit, server);
  forgive(/ERR_INTERNET_DISCONNECTED/);
  await page.context().setOffline(true);
  await page.getByText(say('网络已断开', 'You are offline')).waitFor();
  await phoneField(visit).fill(phoneWith('8000'));
  await send(visit).click();
  await page.getByText(say('没有收到回应', 'No answer came'), { exact: true }).waitFor();
  await look('register-offline');
  await page.context().setOffline(false);
  await send(visit).click();
  await page.getByText('****8000').waitFor();
}

/** The server asks for a human check; the page solves it and asks again with the same key. */
export async function beingChecked(visit: Visit, server: TestServer) {
  const { page, look, say } = visit;
  await open(visit, server);
  const secret = { hmacSignatureSecret: 'a-secret-of-this-test' };
  const challenge = await createChallenge({
    algorithm: 'SHA-256',
    cost: 1,
    // About 65,000 attempts.
    keyPrefix: '0000',
    deriveKey,
    expiresAt: new Date(Date.now() + 60_000),
    ...secret,
  });
  const sent: { idempotencyKey: string; humanCheck?: string }[] = [];
  await page.route('**/graphql', async (route) => {
    const { variables } = route.request().postDataJSON();
    sent.push(variables);
    if (sent.length > 1) return route.continue();
    const refusal = {
      __typename: 'Refusal',
      requestId: '0',
      code: 'HUMAN_CHECK_REQUIRED',
      message: '',
      retryAfterMs: null,
      providerCode: null,
      humanCheck: { challenge, expiresAt: new Date(Date.now() + 60_000).toISOString() },
    };
    return route.fulfill({ json: { data: { requestVerificationCode: refusal } } });
  });
  await phoneField(visit).fill(phoneWith('8000'));
  await send(visit).click();
  await page.getByText(say('正在进行人机验证', 'Checking that you are human')).waitFor();
  await look('register-human-check');
  await page.getByText('****8000').waitFor();

  const [first, second] = sent;
  assert.equal(second?.idempotencyKey, first?.idempotencyKey);
  const payload = JSON.parse(atob(second?.humanCheck ?? ''));
  const { verified } = await verifySolution({ ...payload, deriveKey, ...secret });
  assert.equal(verified, true);
}

/** Without a mouse or a finger. */
export async function byKeyboard(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const { keyboard } = page;
  const focused = () =>
    page.evaluate(() => document.activeElement?.textContent || document.activeElement?.getAttribute('name'));
  await page.goto(`${server.url}/h5/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('link', { name: say('注册验证码', 'Register with a code') }).focus();
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: say('注册验证码', 'Register with a code') }).waitFor();
  assert.equal(await focused(), say('注册验证码', 'Register with a code'));
  await keyboard.press('Tab');
  assert.equal(await focused(), 'purpose');
  await keyboard.press('ArrowRight');
  assert.equal(await page.getByRole('radio', { checked: true }).getAttribute('value'), 'RESET_PASSWORD');
  await keyboard.press('Tab');
  await keyboard.type(phoneWith('8000'));
  await keyboard.press('Enter');
  await page.getByText('****8000').waitFor();

  await page.getByRole('button', { name: say('沙箱', 'Sandbox') }).focus();
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(await focused(), say('沙箱', 'Sandbox'));
}
