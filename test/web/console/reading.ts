// Walks: one record, its history, and its proof, also where that fails.
import assert from 'node:assert/strict';
import type { TestServer } from '../../support/server.js';
import type { Visit } from '../visit.js';
import { writtenLog } from './log.js';
import { answering, drawer, fault, openConsole, openRecord, row } from './opening.js';

const verify = (visit: Visit) =>
  drawer(visit)
    .getByRole('button', { name: visit.language === 'zh' ? /核对/ : /^Check/ })
    .click();

const proven = (visit: Visit) =>
  drawer(visit).getByText(visit.say('已证明', 'Proven'), { exact: false }).waitFor();

const step = (visit: Visit, zh: string, en: string) =>
  drawer(visit)
    .getByRole('listitem')
    .filter({ hasText: visit.say(zh, en) });

export async function oneRecord(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { accepted, replayed, unknown } = await writtenLog(server);
  await openConsole(visit, server);
  await openRecord(visit, unknown);
  const shown = drawer(visit);
  await shown.getByText(say('服务商返回 HTTP 500', 'The provider answered HTTP 500')).first().waitFor();
  await shown.getByText('138****9004').first().waitFor();
  await look('record-unknown');
  await page.keyboard.press('Escape');
  await shown.waitFor({ state: 'hidden' });

  await openRecord(visit, replayed);
  await shown.getByText(say('同一幂等键', 'the same idempotency key')).waitFor();
  await shown.getByText(say('已受理发送', 'Taken for sending')).first().waitFor();
  await shown.getByText(say('哈希与原始字节', 'Hashes and bytes')).first().click();
  await shown.getByText(say('前一哈希', 'Hash before')).first().waitFor();
  await look('record');
  // Its neighbour.
  await page.getByRole('button', { name: say('下一条', 'Next') }).click();
  await page.waitForFunction((id) => !location.hash.includes(id), replayed);
  await page.goBack();
  await shown.getByText(replayed).waitFor();
  await page.goto(`${server.url}/console/#/records/01900000-0000-7000-8000-000000000000`);
  await shown.getByText(say('没有这条记录', 'There is no such record')).waitFor();
  await look('record-none');

  // All records of a conversation.
  await page.goto(`${server.url}/console/#/records/${accepted.id}`);
  await shown.getByText(accepted.id).waitFor();
}

/** Opened while it was under way: it is asked for again when a person wants to know, or the list has heard. */
export async function anEnding(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const { accepted, unknown } = await writtenLog(server);
  let running = true;
  await page.route('**/graphql', async (route) => {
    const { query } = route.request().postDataJSON() as { query: string };
    if (!running || !query.includes(' FindRecord(')) return route.fallback();
    const answer = await (await route.fetch()).json();
    answer.data.auditRecord.outcome = 'PENDING';
    return route.fulfill({ json: answer });
  });
  await openConsole(visit, server);
  const is = (zh: string, en: string) =>
    drawer(visit).locator('header').getByText(say(zh, en), { exact: true });
  await openRecord(visit, accepted.id);
  await is('进行中', 'Pending').waitFor();
  running = false;
  await drawer(visit)
    .getByRole('button', { name: say('刷新此记录', 'Refresh this record') })
    .click();
  await is('已受理', 'Accepted').waitFor();

  running = true;
  await page.keyboard.press('Escape');
  await drawer(visit).waitFor({ state: 'hidden' });
  await openRecord(visit, unknown);
  await is('进行中', 'Pending').waitFor();
  running = false;
  // The list is asked for anew, under the drawer.
  await page.locator('.bar').getByLabel(say('刷新', 'Refresh'), { exact: true }).dispatchEvent('click');
  await is('未知', 'Unknown').waitFor();
}

export async function itsProof(visit: Visit, server: TestServer) {
  const { say, look, page } = visit;
  const { accepted } = await writtenLog(server);
  await openConsole(visit, server);
  await openRecord(visit, accepted.id);
  await verify(visit);
  await proven(visit);
  await step(visit, '链头签名有效', 'signature is valid').getByText(say('通过', 'passed')).waitFor();
  await drawer(visit).locator('.proof').scrollIntoViewIfNeeded();
  await look('proof');

  const tampered = async (change: (link: Link) => void, zh: string, en: string) => {
    await page.route('**/graphql', async (route) => {
      const { query } = route.request().postDataJSON() as { query: string };
      if (!query.includes(' FindProof')) return route.fallback();
      const answer = (await (await route.fetch()).json()) as { data: { auditProof: { links: Link[] } } };
      for (const link of answer.data.auditProof.links) change(link);
      return route.fulfill({ json: answer });
    });
    await verify(visit);
    await step(visit, zh, en).getByText(say('不符', 'failed')).waitFor();
    await page.unroute('**/graphql');
  };
  await tampered(
    (link) => {
      const [first = ''] = link.leafHashes;
      link.leafHashes[0] = (first.startsWith('0') ? '1' : '0') + first.slice(1);
    },
    '哈希连到链头',
    'lead to the head',
  );
  await look('proof-broken');
  await tampered(
    ({ checkpoint }) => {
      checkpoint.at = '2020-01-01T00:00:00.000Z';
    },
    '链头签名有效',
    'signature is valid',
  );
  // A key that did not sign it, whatever its name says.
  await tampered(
    (link) => {
      const bytes = Buffer.from(link.publicKey, 'base64');
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      link.publicKey = bytes.toString('base64');
    },
    '链头签名有效',
    'signature is valid',
  );

  // A head comes within seconds. Later than that, something is gone.
  const writtenAt = Number.parseInt(accepted.id.replace('-', '').slice(0, 12), 16);
  await answering(visit, 'FindProof', () => ({ data: { auditProof: null } }));
  await page.clock.setFixedTime(writtenAt + 5_000);
  await verify(visit);
  await drawer(visit).getByText(say('链头尚未覆盖', 'No signed head covers')).waitFor();
  await look('proof-not-yet');
  await page.clock.setFixedTime(writtenAt + 3_600_000);
  await verify(visit);
  await drawer(visit).getByText(say('链上有缺口', 'the chain has a gap')).waitFor();
  await look('proof-gap');
  await page.unroute('**/graphql');
  await answering(visit, 'FindProof', () => fault('INTERNAL'));
  await verify(visit);
  await drawer(visit).getByText(say('出错了', 'Something went wrong')).waitFor();
}

interface Link {
  leafHashes: string[];
  checkpoint: { at: string };
  publicKey: string;
}

/** An entry that says something else than its hash. */
export async function aForgedEntry(visit: Visit, server: TestServer) {
  const { page, say } = visit;
  const { accepted } = await writtenLog(server);
  await page.route('**/graphql', async (route) => {
    const { query } = route.request().postDataJSON() as { query: string };
    if (!query.includes(' FindRecord(')) return route.fallback();
    const answer = (await (await route.fetch()).json()) as {
      data: { auditRecord: { entries: { leaf: string }[] } };
    };
    const [entry] = answer.data.auditRecord.entries;
    if (entry) {
      const leaf = Buffer.from(entry.leaf, 'base64').toString().replace('"h5"', '"h6"');
      entry.leaf = Buffer.from(leaf).toString('base64');
    }
    return route.fulfill({ json: answer });
  });
  await openConsole(visit, server);
  await openRecord(visit, accepted.id);
  await verify(visit);
  await step(visit, '条目内容与其哈希相符', 'Each entry is what its hash says')
    .getByText(say('不符', 'failed'))
    .waitFor();
}

/** Browsers without Ed25519, and pages that get no cryptography at all. */
export async function withoutCryptography(visit: Visit, server: TestServer) {
  const { page, say, look } = visit;
  const { accepted } = await writtenLog(server);
  await page.addInitScript(() => {
    const importKey = SubtleCrypto.prototype.importKey;
    SubtleCrypto.prototype.importKey = function (this: SubtleCrypto, ...args: unknown[]) {
      if (JSON.stringify(args).includes('Ed25519')) {
        return Promise.reject(new DOMException('unknown', 'NotSupportedError'));
      }
      return (importKey as (...all: unknown[]) => Promise<CryptoKey>).apply(this, args);
    } as typeof importKey;
  });
  await openConsole(visit, server);
  await openRecord(visit, accepted.id);
  await verify(visit);
  await proven(visit);
  await drawer(visit).getByText(say('浏览器没有 Ed25519', 'The browser has no Ed25519')).waitFor();

  await page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
  await page.reload();
  await drawer(visit)
    .getByText(say('此页面不是安全来源', 'This page is no secure origin'))
    .scrollIntoViewIfNeeded();
  assert.equal(
    await drawer(visit)
      .getByRole('button', { name: say('核对', 'Check') })
      .count(),
    0,
  );
  await look('proof-impossible');
  assert.ok(await row(visit, accepted.id).count());
}
