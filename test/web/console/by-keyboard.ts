// Walks: the console without a mouse or a finger.
import assert from 'node:assert/strict';
import { phoneWith } from '../../support/phones.js';
import type { TestServer } from '../../support/server.js';
import { goTo, writeInto } from '../keys.js';
import type { Visit } from '../visit.js';
import { sendCode, writtenLog } from './log.js';
import { drawer, type Role } from './opening.js';

async function enter(visit: Visit, server: TestServer, role: Role) {
  const { page, say } = visit;
  await writtenLog(server);
  await page.goto(`${server.url}/console/`);
  const door =
    role === 'auditor' ? say('以审计员登录', 'Sign in as auditor') : say('以管理员登录', 'Sign in as admin');
  await page.getByRole('button', { name: door }).waitFor();
  await goTo(visit, door);
  await page.keyboard.press('Enter');
  await page.getByRole('grid').waitFor();
}

/** Past the filters, to the list. */
async function skipToContent(visit: Visit) {
  await goTo(visit, visit.say('跳到内容', 'Skip to content'), 'Shift+Tab');
  await visit.page.keyboard.press('Enter');
}

async function press(visit: Visit, button: string) {
  await goTo(visit, button);
  await visit.page.keyboard.press('Enter');
}

export async function reading(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const { keyboard } = page;
  await enter(visit, server, 'auditor');
  await press(visit, say('完整性', 'Integrity'));
  await page.getByRole('heading', { level: 1, name: say('日志完整性', 'Integrity of the log') }).waitFor();
  for (let back = 0; back < 3; back += 1) await keyboard.press('Shift+Tab');
  await keyboard.press('Enter');
  const grid = page.getByRole('grid');
  await grid.waitFor();
  await skipToContent(visit);
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  const active = await grid.getAttribute('aria-activedescendant');
  await keyboard.press('Enter');
  await drawer(visit).waitFor();
  await page.waitForFunction((id) => location.hash.includes(id), (active ?? '').replace('record-', ''));
  await drawer(visit)
    .getByRole('heading', { name: say('时间线', 'Timeline') })
    .waitFor();
  await press(visit, say('在浏览器中核对', 'Check in this browser'));
  await drawer(visit).getByText(say('已证明', 'Proven')).waitFor();
  await keyboard.press('Escape');
  await drawer(visit).waitFor({ state: 'hidden' });
  // Back where one was.
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'grid');
  await keyboard.press('ArrowDown');
  assert.notEqual(await grid.getAttribute('aria-activedescendant'), active);
}

export async function searchingAndExporting(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const { keyboard } = page;
  await enter(visit, server, 'auditor');
  const filters = page.getByRole('button', { name: say('筛选', 'Filters') });
  if (await filters.isVisible()) {
    await goTo(visit, /^(筛选|Filters)/);
    await keyboard.press('Enter');
    await page.getByLabel(say('用途', 'Purpose')).waitFor();
  }
  await writeInto(visit, say('用途', 'Purpose'), 'REGISTER');
  await keyboard.press('Enter');
  await page.waitForFunction(() => location.hash.includes('purpose=REGISTER'));
  if (await filters.isVisible()) {
    await keyboard.press('Escape');
    await page.getByLabel(say('用途', 'Purpose')).waitFor({ state: 'hidden' });
  }
  await page.getByRole('button', { name: /^(去掉条件：|Remove the condition: )/ }).waitFor();

  await goTo(visit, say('导出', 'Export'), 'Shift+Tab');
  await keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: say('导出记录', 'Export records') });
  await dialog.waitFor();
  await goTo(visit, /^CSV/);
  await keyboard.press('ArrowRight');
  assert.ok(await dialog.getByRole('radio', { name: 'NDJSON' }).isChecked());
  await keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.waitForFunction(
    (name) => document.activeElement?.getAttribute('aria-label') === name,
    say('导出', 'Export'),
  );
}

export async function revealingAndErasing(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const { keyboard } = page;
  const phone = phoneWith('8000');
  await enter(visit, server, 'admin');
  const id = await sendCode(server, phone);
  await page.goto(`${server.url}/console/#/records/${id}`);
  await drawer(visit)
    .getByRole('heading', { name: say('时间线', 'Timeline') })
    .waitFor();

  await press(visit, say('揭示明文', 'Reveal'));
  const reveal = page.getByRole('dialog', { name: say('揭示明文', 'Reveal this record') });
  await reveal.waitFor();
  await writeInto(visit, say('理由', 'Reason'), 'a caller says no code came');
  await press(visit, say('下一步', 'Go on'));
  await page.getByRole('dialog', { name: say('确定揭示？', 'Reveal it?') }).waitFor();
  await press(visit, say('确定揭示', 'Yes, reveal it'));
  const clear = drawer(visit).getByRole('region', { name: say('明文', 'In the clear') });
  await clear.getByText(phone).waitFor();

  await press(visit, say('抹除此人数据…', 'Erase a person…'));
  await page.getByRole('dialog', { name: say('抹除个人数据', "Erase a person's data") }).waitFor();
  await writeInto(visit, say('手机号', 'Phone'), phone);
  await writeInto(visit, say('理由', 'Reason'), 'asked for it, ticket 2041');
  await press(visit, say('下一步', 'Go on'));
  await page.getByRole('dialog', { name: say('最后确认', 'Last confirmation') }).waitFor();
  await writeInto(visit, /^(再输入一次以确认|Type it once more)/, phone);
  await press(visit, say('永久抹除', 'Erase for good'));
  const done = page.getByRole('dialog', { name: say('已抹除', 'Erased') });
  await done.waitFor();
  await keyboard.press('Escape');
  await done.waitFor({ state: 'hidden' });
  // What lay over the record is gone, and the record is still there, with the keys.
  await page.waitForFunction(() => document.activeElement?.closest('.ant-drawer') !== null);
}
