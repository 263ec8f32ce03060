// Walks: taking records along as a file, into a download or straight into a file; stopped, and broken off.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { writtenLog } from './log.js';
import { answering, fault, openConsole } from './opening.js';

async function openExport(visit: Visit, server: TestServer) {
  const { page, say, language } = visit;
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  await page.getByRole('button', { name: say('导出', 'Export'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: say('导出记录', 'Export records') });
  await dialog.waitFor();
  return { dialog, start: dialog.getByRole('button', { name: language === 'zh' ? /导出/ : /^Export/ }) };
}

export async function asDownload(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { accepted } = await writtenLog(server);
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  const { dialog, start } = await openExport(visit, server);
  await look('export');
  const download = async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), start.click()]);
    await dialog.getByText(say('完成', 'Done')).waitFor();
    return [file.suggestedFilename(), readFileSync(await file.path(), 'utf8')] as const;
  };
  const [csvName, csv] = await download();
  await look('export-done');
  assert.match(csvName, /^yanzheng-\d{8}-\d{6}\.csv$/);
  assert.ok(csv.startsWith('\ufeff请求编号 id,'));
  const line = csv.split('\r\n').find((one) => one.startsWith(accepted.id)) ?? '';
  assert.match(line, /VERIFICATION_CODE,usercoin,.*138\*\*\*\*8000/);
  // What a spreadsheet would run is text.
  assert.ok(csv.includes(",'=cmd|school,"));
  assert.ok(!csv.includes(accepted.phone.slice(3)));

  await dialog.getByText('NDJSON').click();
  const [jsonName, json] = await download();
  assert.match(jsonName, /\.ndjson$/);
  const [head, ...records] = json
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one));
  assert.deepEqual([head.format, head.signed, head.filter], ['yanzheng console export', false, {}]);
  const found = records.find(({ record }) => record.id === accepted.id);
  assert.equal(found.record.maskedPhone, '138****8000');
  assert.deepEqual(
    found.entries.map(({ kind }: { kind: string }) => kind),
    ['INTENT', 'OUTCOME'],
  );
  assert.ok(!json.includes(accepted.phone.slice(3)));
}

export async function straightIntoAFile(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await page.addInitScript(() => {
    Object.assign(window, {
      showSaveFilePicker: async () =>
        (await navigator.storage.getDirectory()).getFileHandle('export.csv', { create: true }),
    });
  });
  const { dialog, start } = await openExport(visit, server);
  // The second page does not come before it is let.
  let letGo = () => {};
  const wait = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let pages = 0;
  await page.route('**/graphql', async (route) => {
    const { query } = route.request().postDataJSON() as { query: string };
    if (!query.includes(' ExportPage')) return route.fallback();
    const answer = await (await route.fetch()).json();
    pages += 1;
    answer.data.auditRecords.pageInfo.hasNextPage = pages < 2;
    if (pages > 1) await wait;
    return route.fulfill({ json: answer }).catch(() => {});
  });
  await start.click();
  await dialog.getByText(say('已写入', 'written')).waitFor();
  await look('exporting');
  letGo();
  await dialog.getByText(say('完成', 'Done')).waitFor();
  const text = await page.evaluate(async () => {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle('export.csv');
    return (await handle.getFile()).text();
  });
  // Reading it as text takes the byte order mark away.
  assert.ok(text.startsWith('请求编号 id,'));
  assert.ok(text.split('\r\n').length > 10);
  await page.unroute('**/graphql');

  await answering(visit, 'ExportPage', () => new Promise(() => {}));
  await start.click();
  await dialog.getByRole('button', { name: say('停止', 'Stop') }).click();
  await dialog.getByText(say('已停止', 'Stopped')).waitFor();
  await look('export-stopped');
  await page.unroute('**/graphql');
  await answering(visit, 'ExportPage', () => fault('AUDIT_UNAVAILABLE'));
  await start.click();
  await dialog.getByText(say('日志暂时不可用', 'The log cannot be written')).waitFor();
  await look('export-failed');
  await page.unroute('**/graphql');

  await page.evaluate(() => {
    const refuse = () => Promise.reject(new DOMException('The disk is full', 'QuotaExceededError'));
    const full = { write: refuse, close: refuse, abort: refuse };
    Object.assign(window, { showSaveFilePicker: async () => ({ createWritable: async () => full }) });
  });
  await start.click();
  await dialog.getByText(say('文件写入失败，未保留', 'The file could not be written')).waitFor();
  await look('export-unwritten');
  await start.waitFor();
}
