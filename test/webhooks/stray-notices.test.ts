// Notices that are forged, tampered with, for somebody else or no notices at all: they change nothing, are
// answered as the platform's protocol wants it, and are accounted for without growing the log.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { bind, bindingOf, signingOnline } from '../phone-binding/binding.js';
import { type AuditedRecord, auditRecord, auditRecords, faultsOfLog } from '../support/audit.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';
import {
  acknowledged,
  type Fields,
  forged,
  noticeOf,
  post,
  refused,
  signed,
  strayRecords,
  strays,
} from './notice.js';

let database: TestDatabase;
let server: TestServer;
let token: string;
// biome-ignore lint/suspicious/noExplicitAny: a binding as GraphQL answers it
let binding: any;
/** How many there were of each rule. */
const sent: Record<string, number> = {};
beforeAll(async () => {
  database = await freshDatabase();
  server = await startServer({ database });
  token = await server.token({ role: 'user' });
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
});
beforeEach(async () => {
  binding = await bind(server, signingOnline(), { token });
});

async function expectUnchanged(rule: string, times = 1) {
  sent[rule] = (sent[rule] ?? 0) + times;
  expect(await bindingOf(server, binding.id, token)).toEqual({ ...binding, __typename: undefined });
  expect((await auditRecord(server, binding.id)).entries).toHaveLength(2);
}

describe('a notice', () => {
  it.each<[string, (fields: Fields) => Fields]>([
    ['signed by somebody else', (fields) => forged(fields)],
    ['without a signature', (fields) => fields],
    ['with an empty signature', (fields) => ({ ...fields, sign: '' })],
    [
      'with the signature of another',
      (fields) => ({ ...fields, sign: signed({ ...fields, bindResult: '0' }).sign ?? '' }),
    ],
    [
      'whose result was changed',
      (fields) => ({ ...signed({ ...fields, bindResult: '0' }), bindResult: '1' }),
    ],
    [
      'whose member was changed',
      (fields) => ({ ...signed({ ...fields, bizUserId: 'U1' }), bizUserId: binding.memberId }),
    ],
    ['with a parameter more', (fields) => ({ ...signed(fields), orgId: 'x' })],
    ['with a parameter less', (fields) => ({ ...signed(fields), phone: '' })],
    ['that names another algorithm', (fields) => signed({ ...fields, signType: 'RSA' })],
    ['signed without a key', (fields) => signed(fields, { signType: 'MD5', key: '' })],
  ])('%s is forged: refused, and counted', async (_, make) => {
    expect(await post(server, make(noticeOf(binding)))).toEqual(refused);
    await expectUnchanged('FORGED_NOTICE');
  });

  it.each<[string, () => string | Fields, Record<string, string>?]>([
    ['without a body', () => '', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['without a body or a type', () => '', {}],
    ['in JSON', () => JSON.stringify(signed(noticeOf(binding))), { 'content-type': 'application/json' }],
    [
      'as text',
      () => new URLSearchParams(signed(noticeOf(binding))).toString(),
      { 'content-type': 'text/plain' },
    ],
    [
      'in another charset',
      () => signed(noticeOf(binding)),
      { 'content-type': 'application/x-www-form-urlencoded; charset=gbk' },
    ],
    ['with a repeated name', () => `${new URLSearchParams(signed(noticeOf(binding)))}&bindResult=1`],
    ['with an array', () => `${new URLSearchParams(signed(noticeOf(binding)))}&phone[]=1`],
    ['with __proto__', () => `${new URLSearchParams(signed(noticeOf(binding)))}&__proto__=1`],
    ['in broken percent-coding', () => `${new URLSearchParams(signed(noticeOf(binding)))}&x=%E0%A4%A`],
    ['with a value that reads as two', () => signed(noticeOf(binding, { phone: '1&bindResult=1' }))],
    ['without a serial number', () => signed(noticeOf(binding, { reqTraceNum: '' }))],
    ['without a member', () => signed(noticeOf(binding, { bizUserId: '' }))],
    ['without a result', () => signed(noticeOf(binding, { bindResult: '' }))],
  ])('%s is malformed: refused, and counted', async (...[, body, headers]) => {
    expect(await post(server, body(), headers)).toEqual(refused);
    await expectUnchanged('MALFORMED_NOTICE');
  });

  it.each<[string, (fields: Fields) => Fields]>([
    ['of another merchant', (fields) => ({ ...fields, mchNo: 'E1' })],
    ['of another application', (fields) => ({ ...fields, appId: 'A1' })],
    ["with a serial number that isn't ours", (fields) => ({ ...fields, reqTraceNum: '1' })],
    [
      'about an application that there is not',
      (fields) => ({ ...fields, reqTraceNum: '0192f0c123457abc8def0123456789ab' }),
    ],
    ['about another member', (fields) => ({ ...fields, bizUserId: 'member-other' })],
  ])("%s is the platform's: acknowledged, so that it comes no more, and counted", async (_, make) => {
    expect(await post(server, signed(make(noticeOf(binding))))).toEqual(acknowledged);
    await expectUnchanged('UNMATCHED_NOTICE');
  });

  it('about a request that is no binding is not for it', async () => {
    const [other] = await auditRecords(server, { kind: 'WEBHOOK' });
    const id = other?.id ?? '';
    expect(await post(server, signed(noticeOf({ id, memberId: binding.memberId })))).toEqual(acknowledged);
    await expectUnchanged('UNMATCHED_NOTICE');
  });

  it('of 17 KiB is too large, and does not get as far as being read', async () => {
    const large = await post(server, signed(noticeOf(binding, { extParam: 'x'.repeat(17 * 1_024) })));
    expect(large.status).toBe(413);
    expect(large.text).not.toContain('xxx');
    expect(await bindingOf(server, binding.id, token)).toMatchObject({ status: 'AWAITING_SIGNATURE' });
  });

  it.each(['GET', 'PUT', 'DELETE'])('is not taken by %s', async (method) => {
    const { status } = await fetch(`${server.url}/webhooks/tongqifu/phone-binding`, { method });
    expect(status).toBe(404);
  });
});

describe('what is printed of them', () => {
  it('names the rule, and no value', async () => {
    await post(server, forged(noticeOf(binding, { phone: '13987654321' })));
    await post(server, signed(noticeOf(binding, { bizUserId: 'member-unheard-of', phone: '13987654321' })));
    const output = server.output();
    expect(output).toContain('FORGED_NOTICE');
    expect(output).toContain('UNMATCHED_NOTICE');
    expect(output).not.toMatch(/13987654321|member-unheard-of/);
    expect(output).not.toContain(binding.id.replaceAll('-', ''));
  });
});

describe('an orderly end', () => {
  it('leaves every one of them counted', async () => {
    sent.FORGED_NOTICE = (sent.FORGED_NOTICE ?? 0) + 1;
    sent.UNMATCHED_NOTICE = (sent.UNMATCHED_NOTICE ?? 0) + 1;
    await server.stop();
    server = await startServer({ database });
    token = await server.token({ role: 'user' });
    expect(await strays(server)).toEqual(sent);
  });
});

describe('two hundred forged notices', () => {
  it('are one record, which counts them in a few entries', async () => {
    const own = await startServer();
    try {
      const hour = () => Math.floor(Date.now() / 3_600_000);
      const began = hour();
      const all = await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          post(
            own,
            forged(
              noticeOf(
                { id: binding.id, memberId: `member-${n}` },
                { phone: `138${String(n).padStart(8, '0')}` },
              ),
            ),
          ),
        ),
      );
      expect(all.every(({ status }) => status === 400)).toBe(true);
      const records: AuditedRecord[] = await eventually(
        () => strayRecords(own),
        (found) => found.reduce((sum, { replays }) => sum + 1 + replays, 0) === 200,
      );
      // One an hour, and an hour may just have ended.
      expect(records.length).toBeLessThanOrEqual(1 + hour() - began);
      for (const record of records) {
        expect(record).toMatchObject({
          provider: 'tongqifu',
          operation: 'bindingNotice',
          outcome: 'DENIED',
          rule: 'FORGED_NOTICE',
          maskedPhone: null,
          actor: null,
        });
        expect(record.entries.slice(0, 2).map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME']);
        expect(record.entries.length).toBeLessThan(10);
      }
      expect(await auditRecords(own)).toHaveLength(records.length);
      expect(await faultsOfLog(own)).toEqual([]);
    } finally {
      await own.stop();
    }
  });
});

describe('forged notices from hundreds of networks', () => {
  it('get a hundred records an hour, and one more for all others', async () => {
    const own = await startServer({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
    try {
      const began = new Date().getUTCHours();
      const headers = (n: number) => ({
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        'x-forwarded-for': `198.18.${n}.7`,
      });
      for (let n = 0; n < 250; n += 1) {
        expect(await post(own, forged(noticeOf({ id: binding.id, memberId: 'M1' })), headers(n))).toEqual(
          refused,
        );
      }
      const counted = (found: AuditedRecord[]) => found.reduce((sum, { replays }) => sum + 1 + replays, 0);
      const records = await eventually(
        () => strayRecords(own),
        (found) => counted(found) === 250,
      );
      const hours = new Date().getUTCHours() === began ? 1 : 2;
      expect(records.length).toBeLessThanOrEqual(101 * hours);
      expect(own.output().match(/a notice changed nothing/g)?.length).toBe(records.length);
    } finally {
      await own.stop();
    }
  });
});
