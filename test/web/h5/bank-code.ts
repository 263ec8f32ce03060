// Walks: a code for an operation of the bank.
import { phoneWith } from '../../support/phones.js';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { signIn } from './signing-in.js';

export async function askingTheBank(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await page.goto(`${server.url}/h5/#/bank-code`);
  await page.getByText(say('请先登录', 'Please sign in')).waitFor();
  await look('signing-in');
  await signIn(visit);
  await look('bank-code');
  const phone = page.getByLabel(say('手机号', 'Phone number'), { exact: true });
  const send = page.getByRole('button', { name: say('获取验证码', 'Send me a code') });

  await page.getByLabel(say('学校编号', 'School number')).fill('');
  await send.click();
  await page.getByText(say('请填写此项', 'Please fill this in')).waitFor();
  await look('bank-code-missing');
  await page.getByLabel(say('学校编号', 'School number')).fill('S1');

  await phone.fill(phoneWith('8000'));
  await send.click();
  await page.getByText(say('银行任务号', "The bank's task")).waitFor();
  await look('bank-code-sent');

  await page.getByLabel(say('业务场景', 'What for')).selectOption('SIGN_BILL_PAYMENT_CORE_PHONE');
  await phone.fill(phoneWith('8000'));
  await send.click();
  await page.getByText(say('银行预留的手机号', 'the phone that the bank holds')).waitFor();
  await look('bank-code-held-number');

  await phone.fill(phoneWith('9001'));
  await send.click();
  await page.getByText(say('服务方未受理', 'Not accepted'), { exact: true }).waitFor();
  await look('bank-code-refused');
}

/** A token that may act for nobody; then one that has ended. */
export async function notBeingAllowed(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  const tokens = [await server.token({ role: 'user', claims: { act_for: {} } }), 'ended'];
  await page.route('**/development/token*', (route) => route.fulfill({ json: { token: tokens.shift() } }));
  await page.goto(`${server.url}/h5/#/bank-code`);
  const signingIn = page.getByRole('button', {
    name: say('以开发用户登录', 'Sign in for development'),
  });
  const phone = page.getByLabel(say('手机号', 'Phone number'), { exact: true });
  const send = page.getByRole('button', { name: say('获取验证码', 'Send me a code') });
  await signingIn.click();
  await phone.fill(phoneWith('8000'));
  await send.click();
  await page.getByText(say('无权办理', 'Not allowed'), { exact: true }).waitFor();
  await look('bank-code-not-allowed');

  forgive(/401/);
  await page.getByRole('button', { name: say('退出', 'Sign out') }).click();
  await signingIn.click();
  await send.click();
  await page.getByText(say('登录已失效', 'Your sign-in has ended')).waitFor();
  await look('signing-in-again');
}
