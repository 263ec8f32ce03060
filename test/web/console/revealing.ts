// Walks: what admins may do, and auditors may not: seeing a record in the clear, and erasing a person.
import assert from 'node:assert/strict';
import { phoneWith } from '../../support/phones.js';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { sendCode, writtenLog } from './log.js';
import { answering, drawer, fault, openConsole, openRecord } from './opening.js';

export async function revealing(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { accepted } = await writtenLog(server);
  await openConsole(visit, server, 'admin');
  await openRecord(visit, accepted.id);
  const reveal = drawer(visit).getByRole('button', { name: say('揭示明文', 'Reveal'), exact: true });
  await reveal.click();
  const dialog = page.getByRole('dialog', { name: say('揭示明文', 'Reveal this record') });
  const next = dialog.getByRole('button', { name: say('下一步', 'Go on') });
  const reason = dialog.getByLabel(say('理由', 'Reason'));
  await reason.fill(say('来电', 'call'));
  assert.ok(await next.isDisabled());
  await reason.fill(say('用户来电，未收到验证码', 'a caller says no code came'));
  await look('reveal');
  let reveals = 0;
  page.on('request', (one) => {
    if (one.postData()?.includes(' RevealRecord')) reveals += 1;
  });
  // Pressed twice, by a hand in a hurry.
  await next.press('Enter');
  await page.keyboard.press('Enter');

  await answering(visit, 'RevealRecord', () => fault('AUDIT_UNAVAILABLE'));
  const sure = page.getByRole('dialog', { name: say('确定揭示？', 'Reveal it?') });
  await sure.waitFor();
  assert.equal(reveals, 0);
  const yes = sure.getByRole('button', { name: say('确定揭示', 'Yes, reveal it') });
  await yes.click();
  await sure.getByText(say('日志暂时不可用', 'The log cannot be written')).waitFor();
  await look('reveal-failed');
  await page.unroute('**/graphql');
  await yes.click();
  const clear = drawer(visit).getByRole('region', { name: say('明文', 'In the clear') });
  await clear.getByText(accepted.phone).waitFor();
  await clear.scrollIntoViewIfNeeded();
  await look('revealed');
  await clear.getByRole('button', { name: say('立即隐藏', 'Hide now') }).click();
  await clear.waitFor({ state: 'hidden' });
  assert.equal(await page.getByText(accepted.phone).count(), 0);
}

export async function erasing(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  await writtenLog(server);
  const phone = phoneWith('8000');
  const id = await sendCode(server, phone);
  await openConsole(visit, server, 'admin');
  await openRecord(visit, id);
  await drawer(visit)
    .getByRole('button', { name: say('抹除此人数据…', 'Erase a person…') })
    .click();
  const dialog = page.getByRole('dialog', { name: say('抹除个人数据', "Erase a person's data") });
  await dialog.getByLabel(say('手机号', 'Phone'), { exact: true }).fill(phone);
  await dialog
    .getByLabel(say('理由', 'Reason'))
    .fill(say('本人要求删除，工单 2041', 'asked for it, ticket 2041'));
  await look('erase');
  await dialog.getByRole('button', { name: say('下一步', 'Go on') }).click();
  const sure = page.getByRole('dialog', { name: say('最后确认', 'Last confirmation') });
  const erase = sure.getByRole('button', { name: say('永久抹除', 'Erase for good') });
  const again = sure.getByLabel(say('再输入一次以确认', 'Type it once more'));
  await again.fill('13800000000');
  await sure.getByText(say('两次输入不一致', 'This is not the same')).waitFor();
  assert.ok(await erase.isDisabled());
  await look('erase-sure');
  await again.fill(phone);
  await erase.click();
  const done = page.getByRole('dialog', { name: say('已抹除', 'Erased') });
  await done.getByText(say('涉及 1 条记录', '1 record,')).waitFor();
  await look('erased');
  await done
    .getByRole('button', { name: say('关闭', 'Close') })
    .last()
    .click();
  await done.waitFor({ state: 'hidden' });
  await drawer(visit).getByText(say('内容已随个人数据抹除', 'went with the person')).first().waitFor();
  await drawer(visit).getByText(say('个人数据已抹除', "The person's data was erased")).waitFor();
  assert.equal(await drawer(visit).getByText('****8000').count(), 0);
  await look('record-erased');
}

/** Who is erased while they are shown in the clear is shown no longer. */
export async function erasingWhatIsShown(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  await writtenLog(server);
  const phone = phoneWith('8000');
  const id = await sendCode(server, phone);
  await openConsole(visit, server, 'admin');
  await openRecord(visit, id);
  await drawer(visit)
    .getByRole('button', { name: say('揭示明文', 'Reveal'), exact: true })
    .click();
  await page
    .getByLabel(say('理由', 'Reason'))
    .fill(say('用户来电，未收到验证码', 'a caller says no code came'));
  await page.getByRole('button', { name: say('下一步', 'Go on') }).click();
  await page.getByRole('button', { name: say('确定揭示', 'Yes, reveal it') }).click();
  const clear = drawer(visit).getByRole('region', { name: say('明文', 'In the clear') });
  await clear.getByText(phone).waitFor();
  await server.graphql(
    `mutation { eraseSubject(subject: {phone: "${phone}"}, reason: "asked for it, ticket 2041") { records } }`,
    {},
    { token: await server.token({ role: 'admin' }) },
  );
  await drawer(visit)
    .getByRole('button', { name: say('刷新此记录', 'Refresh this record') })
    .click();
  await drawer(visit).getByText(say('个人数据已抹除', "The person's data was erased")).waitFor();
  await clear.waitFor({ state: 'hidden' });
  assert.equal(await page.getByText(phone).count(), 0);
}

/** What is not for auditors is not offered to them. */
export async function asAnAuditor(visit: Visit, server: TestServer) {
  const { say } = visit;
  const { accepted } = await writtenLog(server);
  await openConsole(visit, server);
  await openRecord(visit, accepted.id);
  for (const name of [say('揭示明文', 'Reveal'), say('抹除此人数据…', 'Erase a person…')]) {
    assert.equal(await drawer(visit).getByRole('button', { name, exact: true }).count(), 0);
  }
}
