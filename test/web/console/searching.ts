// Walks: looking for records by every condition, page after page, ten thousand of them.
import assert from 'node:assert/strict';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { writtenLog } from './log.js';
import { answering, closeFilters, drawer, openConsole, openFilters, row, rows } from './opening.js';

type Filter = Record<string, unknown>;

/** The filters of searches, as they are sent. */
function searches({ page }: Visit): Filter[] {
  const filters: Filter[] = [];
  page.on('request', (request) => {
    if (!request.url().endsWith('/graphql') || request.method() !== 'POST') return;
    const { query, variables } = request.postDataJSON() as { query: string; variables: { filter: Filter } };
    if (query.includes(' FindRecords')) filters.push(variables.filter);
  });
  return filters;
}

async function choose({ page }: Visit, label: string, option: string) {
  await page.getByLabel(label, { exact: true }).click();
  await page.getByTitle(option, { exact: true }).click();
}

export async function byEveryCondition(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const sent = searches(visit);
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  await look('records');
  await openFilters(visit);
  await page.getByLabel(say('用途', 'Purpose')).waitFor();
  await look('filters');
  const type = async (label: string, text: string) => {
    await page.getByLabel(label, { exact: true }).fill(text);
    await page.keyboard.press('Enter');
  };
  await choose(visit, say('类型', 'Kind'), say('验证码', 'Verification code'));
  await choose(visit, say('服务商', 'Provider'), say('usercoin 短信', 'usercoin SMS'));
  await page.locator('.outcome-choice label', { hasText: say('已受理', 'Accepted') }).click();
  await type(say('用途', 'Purpose'), say('注册', 'Register'));
  await type(say('服务商流水号', "Provider's reference"), 'R-1');
  await type(say('流程编号', 'Flow'), '01900000-0000-7000-8000-000000000001');
  await type(say('操作者', 'Actor'), 'dev-user');
  await type(say('前端', 'Front-end'), 'h5');
  await page.getByLabel(say('从（含）', 'From'), { exact: true }).fill('2026-01-02T03:04');
  await page.keyboard.press('Enter');
  await page.getByLabel(say('到（不含）', 'Before'), { exact: true }).fill('2036-01-02T03:04');
  await page.keyboard.press('Enter');
  await closeFilters(visit);
  await page.getByText(say('没有符合条件的记录', 'No record fits')).waitFor();
  await look('records-none');
  const expected = {
    kind: 'VERIFICATION_CODE',
    provider: 'usercoin',
    outcomes: ['ACCEPTED'],
    purpose: 'REGISTER',
    providerReference: 'R-1',
    flow: '01900000-0000-7000-8000-000000000001',
    actor: 'dev-user',
    client: 'h5',
    // Typed in Shanghai.
    from: '2026-01-01T19:04:00.000Z',
    to: '2036-01-01T19:04:00.000Z',
  };
  assert.deepEqual(sent.at(-1), expected);
  // All of it rests in the address.
  const address = page.url();
  await page.reload();
  await page.getByText(say('没有符合条件的记录', 'No record fits')).waitFor();
  assert.deepEqual(sent.at(-1), expected);
  assert.equal(page.url(), address);

  const condition = (what: string) =>
    page.getByRole('button', { name: `${say('去掉条件：', 'Remove the condition: ')}${what}` });
  for (const what of [say('流水号', 'reference'), say('流程', 'flow'), say('操作者', 'actor')]) {
    await condition(what).click();
  }
  await page.getByRole('grid').waitFor();
  assert.deepEqual(Object.keys(sent.at(-1) ?? {}).sort(), [
    'client',
    'from',
    'kind',
    'outcomes',
    'provider',
    'purpose',
    'to',
  ]);
  assert.ok((await rows(visit).count()) >= 2);
  await page.goBack();
  await condition(say('操作者', 'actor')).waitFor();
  await page.getByRole('button', { name: say('清除全部条件', 'Clear all conditions') }).click();
  await page.getByRole('grid').waitFor();
  assert.deepEqual(sent.at(-1), {});
}

/** By a purpose's words or its code, also one that has no words here. */
export async function byPurpose(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const sent = searches(visit);
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  const choosing = async (typed: string, what: string) => {
    await openFilters(visit);
    await page.getByLabel(say('用途', 'Purpose'), { exact: true }).fill(typed);
    await page.keyboard.press('Enter');
    await closeFilters(visit);
    await page
      .getByRole('button', { name: `${say('去掉条件：', 'Remove the condition: ')}${what}` })
      .waitFor();
    return sent.at(-1)?.purpose;
  };
  await openFilters(visit);
  await page.getByLabel(say('用途', 'Purpose'), { exact: true }).click();
  await page.getByTitle(say('法人手机', 'Legal person'), { exact: true }).waitFor();
  await closeFilters(visit);
  assert.equal(await choosing('legal_person', say('法人手机', 'Legal person')), 'LEGAL_PERSON');
  assert.equal(
    await choosing(say('重发短信', 'Another SMS'), say('重发短信验证码', 'Another SMS code')),
    'RESEND_CAPTCHA',
  );
  assert.equal(
    await choosing('CHANGE_BOUND_CARD', say('变更绑定卡', 'Change the bound card')),
    'CHANGE_BOUND_CARD',
  );
  assert.equal(await choosing('NEW_ONE', 'NEW_ONE'), 'NEW_ONE');
}

/** Whom the search is about is nowhere but in the page's memory. */
export async function byPerson(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { accepted } = await writtenLog(server);
  const sent = searches(visit);
  await openConsole(visit, server);
  await page.getByRole('grid').waitFor();
  const national = accepted.phone.slice(3);
  await openFilters(visit);
  await page.getByRole('textbox', { name: say('手机号', 'Phone'), exact: true }).fill(national);
  await page.keyboard.press('Enter');
  await closeFilters(visit);
  const chip = page.getByRole('button', {
    name: `${say('去掉条件：手机号', 'Remove the condition: phone')} •••• 8000`,
  });
  await chip.waitFor();
  await page.waitForFunction(() => document.querySelectorAll('.rows-all .row').length === 1);
  assert.deepEqual(sent.at(-1), { subject: { phone: national } });
  await row(visit, accepted.id).waitFor();
  // A mask does not tell who it is.
  await page.getByText(say('按人查询时不能实时', 'Not live for one person')).waitFor();
  assert.equal(await page.getByRole('button', { name: say('实时', 'Live'), exact: true }).count(), 0);
  await look('records-of-person');
  const kept = await page.evaluate(() => [
    location.href,
    JSON.stringify(history.state),
    JSON.stringify({ ...localStorage, ...sessionStorage }),
    document.title,
  ]);
  assert.ok(!kept.join().includes(national));

  for (const [kind, value] of [
    ['memberId', 'M-nobody'],
    ['personId', 'P-nobody'],
  ] as const) {
    await openFilters(visit);
    const name = {
      memberId: say('企业会员编号', 'Member id'),
      personId: say('学生 / 老师编号', 'Student / teacher id'),
    };
    await choose(visit, say('按什么查', 'By what'), name[kind]);
    await page.getByRole('textbox', { name: name[kind], exact: true }).fill(value);
    await page.keyboard.press('Enter');
    await closeFilters(visit);
    await page.getByText(say('没有关于此人的记录', 'There is no record of this person')).waitFor();
    assert.deepEqual(sent.at(-1), { subject: { [kind]: value } });
  }
  await look('records-of-nobody');
  await page.reload();
  await page.getByRole('grid').waitFor();
  assert.deepEqual(sent.at(-1), {});
}

/** As people hand it to support: copied from an answer, with what stood around it. */
export async function byRequestId(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { accepted } = await writtenLog(server);
  await openConsole(visit, server, 'auditor', '#/records?kind=USER_TOKEN');
  await page.getByRole('grid').waitFor();
  const lookUp = async (typed: string) => {
    await openFilters(visit);
    await page.getByRole('textbox', { name: say('请求编号', 'Request id') }).fill(typed);
    await page.keyboard.press('Enter');
  };
  await lookUp('R-1');
  await page.getByText(say('不是请求编号', 'Not a request id')).waitFor();
  await look('filters-no-request-id');
  await closeFilters(visit);
  await lookUp(`${say('请求编号', 'Request')} ${accepted.id.toUpperCase()}`);
  await drawer(visit)
    .getByRole('heading', { name: say('时间线', 'Timeline') })
    .waitFor();
  await drawer(visit).getByText(accepted.id).first().waitFor();
  assert.ok(page.url().includes(`/${accepted.id}?kind=USER_TOKEN`));
  await page.keyboard.press('Escape');
  await drawer(visit).waitFor({ state: 'hidden' });
  await lookUp('01900000-0000-7000-8000-00000000abcd');
  await page.getByText(say('没有这条记录', 'There is no such record')).waitFor();
  await look('record-none');
}

const MANY = 10_000;

/** Every one of them can be scrolled to, and only those in sight are drawn. */
export async function tenThousand(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const outcomes = ['ACCEPTED', 'REFUSED', 'DENIED', 'UNKNOWN', 'PENDING'];
  const idOf = (number: number) => `01900000-0000-7000-8000-${String(MANY - number).padStart(12, '0')}`;
  const page100 = (after: string | null, first: number) => {
    const from = after === null ? 0 : Number(after);
    const to = Math.min(MANY, from + first);
    return {
      data: {
        auditRecords: {
          edges: Array.from({ length: to - from }, (_, index) => ({ node: record(from + index) })),
          pageInfo: { hasNextPage: to < MANY, endCursor: String(to) },
        },
      },
    };
  };
  const record = (number: number) => ({
    id: idOf(number),
    kind: 'VERIFICATION_CODE',
    provider: 'usercoin',
    operation: 'send',
    purpose: 'REGISTER',
    outcome: outcomes[number % outcomes.length],
    maskedPhone: `138****${String(number % 10_000).padStart(4, '0')}`,
    actor: null,
    client: 'h5',
    flow: null,
    providerCode: number % 2 ? '10032' : '0',
    providerReference: null,
    rule: null,
    retryAfterMs: null,
    replays: number % 7 === 0 ? 1 : 0,
    createdAt: new Date(Date.UTC(2026, 10, 29) - number * 1_000).toISOString(),
    settledAt: null,
    latencyMs: number % 4_000,
    erasedAt: null,
  });
  let pages = 0;
  await answering(visit, 'FindRecords', ({ after, first }: { after: string | null; first: number }) => {
    pages += 1;
    return page100(after, first);
  });
  await openConsole(visit, server);
  await row(visit, idOf(0)).waitFor();
  assert.ok(pages < 4, 'only what is near is asked for');
  await page.evaluate(scrollToTheEnd);
  await row(visit, idOf(MANY - 1)).waitFor();
  await page.getByText(say('共 10,000 条', '10,000 records')).waitFor();
  assert.equal(pages, 100);
  await look('records-many');

  const met = await page.evaluate(scrollThrough);
  assert.ok(met.frames > 50);
  assert.equal(met.blank, 0, 'nothing in sight is ever blank');
  assert.ok(met.mostDrawn < 90, `${met.mostDrawn} rows drawn at once`);

  // By the keys as well.
  await page.getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('End');
  await row(visit, idOf(MANY - 1)).waitFor();
  assert.equal(
    await page.getByRole('grid').getAttribute('aria-activedescendant'),
    `record-${idOf(MANY - 1)}`,
  );
}

/** In the page: to the end of what is there, until there is no more. */
async function scrollToTheEnd(): Promise<void> {
  const box = document.querySelector('.rows');
  for (let still = 0; box && still < 120; ) {
    const before = box.scrollHeight;
    box.scrollTop = before;
    await new Promise(requestAnimationFrame);
    still = box.scrollHeight === before ? still + 1 : 0;
  }
}

/** In the page: up and down in steps larger than the window; what was there at each. */
async function scrollThrough(): Promise<{ frames: number; blank: number; mostDrawn: number }> {
  const box = document.querySelector('.rows') as HTMLElement;
  const met = { frames: 0, blank: 0, mostDrawn: 0 };
  const steps = 60;
  for (let step = 0; step <= steps; step += 1) {
    box.scrollTop = (box.scrollHeight * (step % 2 ? steps - step : step)) / steps;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    met.frames += 2;
    met.mostDrawn = Math.max(met.mostDrawn, box.querySelectorAll('.rows-all .row').length);
    const { left, top, width, height } = box.getBoundingClientRect();
    for (const part of [0.2, 0.5, 0.8]) {
      const there = document.elementFromPoint(left + width / 2, top + height * part);
      if (!there?.closest('.row')?.textContent) met.blank += 1;
    }
  }
  return met;
}
