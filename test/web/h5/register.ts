// Walks: having an account code sent, and all that can come in between.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { askForCode } from '../../support/ask.js';
import { phoneWith } from '../../support/phones.js';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';

export async function open({ page, say }: Visit, server: TestServer) {
  await page.goto(`${server.url}/h5/`);
  await page.getByRole('link', { name: say('注册验证码', 'Register with a code') }).click();
}

/** From one address. */
export const UNCHECKED_A_MINUTE = 200;

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

/** What is waited for, and what ends the waiting: so that what is shown for a moment stays until it was seen. */
function gate(): [Promise<void>, () => void] {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return [opened, open];
}

/** The first answer is lost on its way: the page repeats the request, and one SMS is sent. */
export async function losingAnAnswer(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  await open(visit, server);
  forgive(/ERR_CONNECTION_RESET/);
  let lost = 0;
  const [shown, show] = gate();
  await page.route('**/graphql', async (route) => {
    if (lost > 0) {
      await shown;
      return route.continue();
    }
    lost += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
  const phone = phoneWith('8000');
  await phoneField(visit).fill(phone);
  await send(visit).click();
  await page.getByText(say('网络不稳', 'Weak network')).waitFor();
  await look('register-repeating');
  show();
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
  await page.getByText(say('网络已断开', 'Offline: go on')).waitFor();
  await phoneField(visit).fill(phoneWith('8000'));
  await send(visit).click();
  await page.getByText(say('没有收到回应', 'No answer came'), { exact: true }).waitFor();
  await look('register-offline');
  await page.context().setOffline(false);
  await send(visit).click();
  await page.getByText('****8000').waitFor();
}

/** From an address that has asked more often than people do: what the server demands, it takes. */
export async function beingChecked(visit: Visit, server: TestServer) {
  const { page, look, say } = visit;
  const headers = { 'x-forwarded-for': `198.51.100.${randomInt(1, 255)}` };
  await Promise.all(
    Array.from({ length: UNCHECKED_A_MINUTE }, () =>
      askForCode(server, { phone: phoneWith('8000') }, { headers }),
    ),
  );
  await page.setExtraHTTPHeaders(headers);
  await open(visit, server);
  const sent: { idempotencyKey: string; humanCheck?: string }[] = [];
  const [shown, show] = gate();
  await page.route('**/graphql', async (route) => {
    sent.push(route.request().postDataJSON().variables);
    if (sent.length > 1) await shown;
    return route.continue();
  });
  const phone = phoneWith('8000');
  await phoneField(visit).fill(phone);
  await send(visit).click();
  await page.getByText(say('正在进行人机验证', 'Human check running')).waitFor();
  await look('register-human-check');
  show();
  await page.getByText('****8000').waitFor();

  const [first, second] = sent;
  assert.equal(sent.length, 2);
  assert.equal(first?.humanCheck ?? null, null);
  assert.equal(second?.idempotencyKey, first?.idempotencyKey);
  assert.equal((await server.calls({ phone })).length, 1);
}

/** Nobody knows whether an SMS was sent: until asking anew does no harm, none is asked for, from wherever one comes. */
export async function askingAgain(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  await page.clock.install();
  await open(visit, server);
  const phone = phoneWith('9004');
  const ask = async () => {
    await phoneField(visit).fill(phone);
    const [request] = await Promise.all([
      page.waitForRequest((one) => one.method() === 'POST'),
      send(visit).click(),
    ]);
    await (await request.response())?.finished();
    await page.locator('.notice').waitFor();
    return (request.postDataJSON() as { variables: { idempotencyKey: string } }).variables.idempotencyKey;
  };
  const first = await ask();
  await page.clock.fastForward(61_000);
  assert.equal(await ask(), first);
  await page.getByRole('link', { name: say('返回首页', 'Back to start') }).click();
  await page.getByRole('link', { name: say('注册验证码', 'Register with a code') }).click();
  assert.equal(await ask(), first);
  assert.equal((await server.calls({ phone })).length, 1);
  await page.clock.fastForward(61_000);
  assert.notEqual(await ask(), first);
}
