// Walks: binding a phone, by each of the three kinds.
import assert from 'node:assert/strict';
import { phoneWith } from '../../support/phones.js';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { signIn } from './signing-in.js';

async function openForm(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  await page.goto(`${server.url}/h5/#/binding`);
  await signIn(visit);
  await page.getByText(say('绑定谁的手机号', 'Whose phone')).waitFor();
}

const choose = ({ page }: Visit, kind: string) =>
  page.getByRole('radio', { name: kind, exact: true }).check();

async function apply(visit: Visit, kind: string, phone: string) {
  const { page, say } = visit;
  await choose(visit, kind);
  await page.getByLabel(say('手机号', 'Phone number'), { exact: true }).fill(phone);
  await page.getByRole('button', { name: say('提交申请', 'Apply'), exact: true }).click();
}

const standing = ({ page, say }: Visit, zh: string, en: string) =>
  page.getByRole('heading', { name: say(zh, en), exact: true }).waitFor();

export async function signing(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  // The provider's own page, which the person goes to.
  forgive(new RegExp(`^elsewhere: ${server.sandboxUrl}/tongqifu/sign`));
  await openForm(visit, server);
  await look('binding');
  await apply(visit, say('线上授权', 'Signs online'), phoneWith('8000'));
  await standing(visit, '等待签约', 'Waiting for the signature');
  await page.getByText(say('实时更新', 'Live'), { exact: true }).waitFor();
  await look('binding-awaiting-signature');
  await page.getByRole('link', { name: say('去签约', 'Go and sign') }).click();
  await page.getByRole('button', { name: '同意并签署' }).click();
  await standing(visit, '绑定成功', 'Bound');
  assert.match(page.url(), /\/h5\/#\/binding\/[\w-]+$/);
  await look('binding-bound');
}

export async function declining(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  forgive(new RegExp(`^elsewhere: ${server.sandboxUrl}/tongqifu/sign`));
  await openForm(visit, server);
  await apply(visit, say('线上授权', 'Signs online'), phoneWith('8000'));
  await page.getByRole('link', { name: say('去签约', 'Go and sign') }).click();
  await page.getByRole('button', { name: '拒绝签署' }).click();
  await standing(visit, '绑定未成功', 'Not bound');
  await look('binding-failed');
}

/** The state changes while the person looks on. */
export async function beingReviewed(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await openForm(visit, server);
  await choose(visit, say('线下授权', 'On paper'));
  await page.getByLabel(say('授权协议文件编号', 'File number of the agreement')).waitFor();
  await look('binding-on-paper');
  await apply(visit, say('线下授权', 'On paper'), phoneWith('9009'));
  await standing(visit, '审核中', 'Under review');
  await look('binding-under-review');
  await standing(visit, '绑定成功', 'Bound');
}

export async function confirming(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const phone = phoneWith('8000');
  await openForm(visit, server);
  await apply(visit, say('法人', 'Legal person'), phone);
  await standing(visit, '验证码已发送', 'A code was sent');
  await look('binding-code-sent');
  const code = page.getByLabel(say('短信验证码', 'Code from the SMS'));
  const confirm = page.getByRole('button', { name: say('确认绑定', 'Confirm') });
  await code.fill('000000');
  await confirm.click();
  await page.locator('.notice[data-tone="bad"]').waitFor();
  await look('binding-code-wrong');
  await code.fill((await server.inbox(phone))[0]?.code ?? '');
  await confirm.click();
  await standing(visit, '绑定成功', 'Bound');
}

export async function beingRefused(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await openForm(visit, server);
  await apply(visit, say('线上授权', 'Signs online'), phoneWith('9001'));
  await page.getByText(say('服务方未受理', 'Not accepted'), { exact: true }).waitFor();
  await look('binding-refused');
  await apply(visit, say('线上授权', 'Signs online'), phoneWith('9004'));
  await page.getByText(say('结果暂时未知', 'Not known yet'), { exact: true }).waitFor();
  await look('binding-unknown');
  await page.goto(`${server.url}/h5/#/binding/01900000-0000-7000-8000-000000000000`);
  await standing(visit, '没有找到这次申请', 'There is no such application');
  await look('binding-none');
}

/** Back from signing in another browser than the application's, or without development's help: nobody is signed in. */
export async function returningSignedOut(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const token = await server.token({ role: 'user' });
  const { data } = await server.graphql(
    `mutation ($phone: PhoneNumber!) {
      bindPhone(input: {memberId: "M1", phone: $phone, authorisedPerson: {authorisation: ONLINE, name: "张三", idNumber: "110101190001011234"}}) {
        ... on PhoneBinding { id }
      }
    }`,
    { phone: phoneWith('8000') },
    { token },
  );
  await page.route('**/h5/settings.json', (route) =>
    route.fulfill({ json: { development: false, confirmation: false } }),
  );
  await page.goto(`${server.url}/h5/return/tongqifu?binding=${data.bindPhone.id}`);
  await standing(visit, '签约已提交', 'Your signature was submitted');
  await page.getByLabel(say('访问令牌', 'Access token')).waitFor();
  await look('binding-returned');
  await page.getByLabel(say('访问令牌', 'Access token')).fill(token);
  await page.getByRole('button', { name: say('继续', 'Go on') }).click();
  await standing(visit, '等待签约', 'Waiting for the signature');
  assert.equal(await page.getByRole('button', { name: say('沙箱', 'Sandbox') }).count(), 0);
}

/** Where no WebSocket comes through, the page asks now and then. */
export async function withoutSocket(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  forgive(/WebSocket/);
  await page.routeWebSocket('**/graphql', (socket) => socket.close({ code: 1013 }));
  await openForm(visit, server);
  await apply(visit, say('线下授权', 'On paper'), phoneWith('8000'));
  await page.getByText(say('正在连接', 'Connecting')).waitFor();
  await standing(visit, '绑定成功', 'Bound');
  await look('binding-not-live');
}

/** The person leaves before it is answered: they are left where they are, and who applies again is told the same. */
export async function leavingEarly(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  let letGo = () => {};
  const left = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/graphql', async (route) => {
    await left;
    await route.fallback();
  });
  const phone = phoneWith('8000');
  await openForm(visit, server);
  await apply(visit, say('线下授权', 'On paper'), phone);
  await page.goto(`${server.url}/h5/#/`);
  await page.getByRole('link', { name: say('注册验证码', 'Register with a code') }).waitFor();
  await Promise.all([page.waitForResponse('**/graphql'), letGo()]);
  await page.goto(`${server.url}/h5/#/binding`);
  await page.getByText(say('绑定谁的手机号', 'Whose phone')).waitFor();
  await apply(visit, say('线下授权', 'On paper'), phone);
  await page.waitForURL(/#\/binding\/[\w-]+$/);
  assert.equal((await server.calls({ phone })).length, 1);
}

/** The server takes the token no more, and says so where the page listens. */
export async function beingSignedOut(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  await page.routeWebSocket('**/graphql', (socket) => {
    const behind = socket.connectToServer();
    socket.onMessage((message) => behind.send(String(message).replace(/Bearer [^"]*/, 'Bearer of.no.use')));
  });
  await openForm(visit, server);
  await apply(visit, say('线下授权', 'On paper'), phoneWith('8000'));
  await page.getByText(say('登录已失效', 'Your sign-in has ended')).waitFor();
}
