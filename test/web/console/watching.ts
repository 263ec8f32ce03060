// Walks: the log as it grows, stopped for a while, and after the connection broke.
import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.js';
import { requestCode } from '../../support/operations.js';
import { phoneWith } from '../../support/phones.js';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { sendCode } from './log.js';
import { answering, fault, openConsole, row } from './opening.js';

export async function live(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await openConsole(visit, server, 'auditor', '#/records?kind=VERIFICATION_CODE');
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).click();
  await page.getByText(say('实时更新中', 'Live'), { exact: true }).waitFor();
  const first = await sendCode(server, phoneWith('8000'));
  await row(visit, first).waitFor();
  await look('records-live');

  await page.getByRole('button', { name: say('暂停', 'Pause') }).click();
  const later = [await sendCode(server, phoneWith('8000')), await sendCode(server, phoneWith('9001'))];
  const waiting = page.getByRole('button', { name: say('2 条新记录', '2 new') });
  await waiting.waitFor();
  await look('records-paused');
  await waiting.click();
  for (const id of later) await row(visit, id).waitFor();
  await page.getByRole('button', { name: say('暂停', 'Pause') }).waitFor();

  await page.getByRole('button', { name: say('关闭实时', 'Stop being live') }).click();
  await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).waitFor();
}

/** What was added while nobody listened shows once it is connected again. */
export async function afterABreak(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  forgive(/WebSocket/);
  let broken = true;
  await page.routeWebSocket('**/graphql', (socket) => {
    if (broken) void socket.close({ code: 1013 });
    else socket.connectToServer();
  });
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).click();
  await page.getByText(say('正在连接', 'Connecting')).waitFor();
  await look('records-connecting');
  // More than a page of the list.
  const missed: string[] = [];
  while (missed.length < 130) missed.push(await sendCode(server, phoneWith('8000')));
  broken = false;
  await row(visit, missed.at(-1) ?? '').waitFor();
  await page.getByText(say('实时更新中', 'Live'), { exact: true }).waitFor();
  // None of them is left out: the first one stands where it belongs.
  await page.getByRole('grid').press('Home');
  for (let presses = 0; presses < missed.length - 1; presses += 1) await page.keyboard.press('ArrowDown');
  assert.equal(await page.getByRole('grid').getAttribute('aria-activedescendant'), `record-${missed[0]}`);
}

/** A call that was still running when the log told of it shows how it ended, also where only that is looked for. */
export async function endings(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  await page.clock.install();
  // As the server tells of a call that takes long.
  let told = 0;
  await page.routeWebSocket('**/graphql', (socket) => {
    const behind = socket.connectToServer();
    behind.onMessage((message) => {
      // It may have looked while the call was really running.
      const running = String(message).replace(/"outcome":"(UNKNOWN|PENDING)"/, '"outcome":"PENDING"');
      if (running.includes('"outcome":"PENDING"')) told += 1;
      socket.send(running);
    });
  });
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  // What is sent before a list has been read would be found by that.
  const read = (asked: string) =>
    page.waitForResponse((answer) => !!answer.request().postData()?.includes(asked));
  await Promise.all([
    read('FindRecords'),
    page.getByRole('button', { name: say('实时', 'Live'), exact: true }).click(),
  ]);
  await page.getByText(say('实时更新中', 'Live'), { exact: true }).waitFor();
  const seen = await sendCode(server, phoneWith('9004'));
  const ended = (id: string) => row(visit, id).getByText(say('未知', 'Unknown'), { exact: true });
  await row(visit, seen).getByText(say('进行中', 'Pending'), { exact: true }).waitFor();
  await page.clock.fastForward(12_000);
  await ended(seen).waitFor();

  await Promise.all([
    read('"outcomes":["UNKNOWN"]'),
    page.goto(`${server.url}/console/#/records?outcome=UNKNOWN`),
  ]);
  const unseen = await sendCode(server, phoneWith('9004'));
  await eventually(
    () => told,
    (count) => count >= 2,
  );
  assert.equal(await row(visit, unseen).count(), 0);
  await page.clock.fastForward(12_000);
  await ended(unseen).waitFor();
}

/** More came while the list was stopped than it keeps: it begins anew, and nothing is left out. */
export async function farBehind(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const many = 1_100;
  await page.routeWebSocket('**/graphql', (socket) => {
    const behind = socket.connectToServer();
    behind.onMessage((message) => {
      socket.send(message);
      const [id] = /[\da-f]{8}-[\da-f-]{27}(?=","kind":"VERIFICATION_CODE")/.exec(String(message)) ?? [];
      if (id === undefined) return;
      for (let one = 0; one < many; one += 1) {
        const another = `${id.slice(0, -4)}${one.toString(16).padStart(4, '0')}`;
        socket.send(String(message).replaceAll(id, another));
      }
    });
  });
  await openConsole(visit, server, 'auditor', '#/records?kind=VERIFICATION_CODE');
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).click();
  await page.getByText(say('实时更新中', 'Live'), { exact: true }).waitFor();
  await page.getByRole('button', { name: say('暂停', 'Pause') }).click();
  const id = await sendCode(server, phoneWith('8000'));
  const waiting = page.getByRole('button', { name: say('999+ 条新记录', '999+ new') });
  await waiting.waitFor();
  const [{ first, after }] = await Promise.all([asked(visit, 'FindRecords'), waiting.click()]);
  assert.deepEqual([first, after], [100, null]);
  await row(visit, id).waitFor();
  // What the server has is what is shown.
  await page.getByRole('grid').press('Home');
  assert.equal(await page.getByRole('grid').getAttribute('aria-activedescendant'), `record-${id}`);
}

async function asked({ page }: Visit, operation: string) {
  const request = await page.waitForRequest((one) => !!one.postData()?.includes(` ${operation}`));
  return (request.postDataJSON() as { variables: { first: number; after: string | null } }).variables;
}

/** A fault that passes is waited out; of another one a person is told, and may try again. */
export async function notListening(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const faults = ['AUDIT_UNAVAILABLE', 'FORBIDDEN'];
  await page.routeWebSocket('**/graphql', (socket) => {
    const behind = socket.connectToServer();
    socket.onMessage((message) => {
      const { id, type } = JSON.parse(String(message));
      const code = type === 'subscribe' ? faults.shift() : undefined;
      if (code === undefined) return behind.send(message);
      const payload = [{ message: code, extensions: { code, retryAfterMs: 100 } }];
      return socket.send(JSON.stringify({ id, type: 'error', payload }));
    });
  });
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).click();
  await page.getByText(say('不能实时：没有审计权限', 'Not live: Not allowed')).waitFor();
  await look('records-not-live');
  assert.equal(faults.length, 0);
  await page.getByRole('button', { name: say('重试', 'Try again') }).click();
  await page.getByText(say('实时更新中', 'Live'), { exact: true }).waitFor();
  const id = await sendCode(server, phoneWith('8000'));
  await row(visit, id).waitFor();
}

/** The server takes the token no more: no use to go on connecting. */
export async function refused(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  await page.routeWebSocket('**/graphql', (socket) => {
    const behind = socket.connectToServer();
    socket.onMessage((message) => behind.send(String(message).replace(/Bearer [^"]*/, 'Bearer of.no.use')));
  });
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).click();
  await page.getByText(say('登录已失效', 'Your sign-in has ended')).waitFor();
}

/** What was added in a break could not be read: it is said that something is missing, until it is not. */
export async function withAGap(visit: Visit, server: TestServer) {
  const { page, say, look, forgive } = visit;
  forgive(/WebSocket/);
  let broken = true;
  await page.routeWebSocket('**/graphql', (socket) => {
    if (broken) void socket.close({ code: 1013 });
    else socket.connectToServer();
  });
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).click();
  await page.getByText(say('正在连接', 'Connecting')).waitFor();
  const missed = await sendCode(server, phoneWith('8000'));
  await answering(visit, 'FindRecords', () => fault('AUDIT_UNAVAILABLE'));
  broken = false;
  await page.getByText(say('日志暂时不可用', 'The log cannot be written')).waitFor();
  await look('records-gap');
  assert.equal(await row(visit, missed).count(), 0);
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: say('重试', 'Try again') }).click();
  await row(visit, missed).waitFor();
  await page.getByText(say('日志暂时不可用', 'The log cannot be written')).waitFor({ state: 'hidden' });
}

/** From far down in a list, another question is asked that nothing answers yet: what then comes is seen. */
export async function theFirstOfItsKind(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const sub = `first-${visit.language}`;
  const token = await server.token({ role: 'user', sub });
  await openConsole(visit, server);
  await Promise.all(Array.from({ length: 40 }, () => sendCode(server, phoneWith('8000'))));
  await page.reload();
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).click();
  await page.getByText(say('实时更新中', 'Live'), { exact: true }).waitFor();
  await page.getByRole('grid').press('End');
  await page.waitForFunction(() => (document.querySelector('.rows')?.scrollTop ?? 0) > 200);
  await page.goto(`${server.url}/console/#/records?actor=${sub}`);
  await page.getByText(say('没有符合条件的记录', 'No record fits')).waitFor();
  const { data } = await server.graphql(requestCode, { phone: phoneWith('8000') }, { token, client: 'h5' });
  await row(visit, data.requestVerificationCode.requestId).waitFor();
}
