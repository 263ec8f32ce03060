// The log in numbers: what auditSummary and auditDenials count is what is in the log, whichever process and however
// many of them wrote it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { type AuditedRecord, auditRecords, wholeLog } from '../support/audit.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { teacher, tokenOf } from '../user-token/user-token.js';
import { forged, noticeOf, post } from '../webhooks/notice.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const readSummary = `query Summary($from: DateTime!, $to: DateTime!, $bucket: SummaryBucket!) {
  auditSummary(from: $from, to: $to, bucket: $bucket) { bucket provider kind outcome count p50Ms p99Ms }
}`;
const readDenials = `query Denials($from: DateTime!, $to: DateTime!, $bucket: SummaryBucket!) {
  auditDenials(from: $from, to: $to, bucket: $bucket) { bucket rule count }
}`;

interface Row {
  bucket: string;
  provider: string;
  kind: string;
  outcome: string;
  count: number;
  p50Ms: number | null;
  p99Ms: number | null;
}

let database: TestDatabase;
let server: TestServer;
let auditor: string;
let log: AuditedRecord[];

beforeAll(async () => {
  database = await freshDatabase();
  // Two processes one after the other, so that there are two chains.
  for (const endings of [
    ['0000', '0000', '9001'],
    ['0000', '9004', '9002', '9001'],
  ]) {
    await server?.stop();
    server = await startServer({ database });
    await Promise.all(endings.map((ending) => askForCode(server, { phone: phoneWith(ending) })));
    const token = await server.token({ role: 'service' });
    await tokenOf(server, { person: teacher }, { token });
  }
  // One record, and the others only counted.
  for (let n = 0; n < 6; n += 1) await post(server, forged(noticeOf({ id: `x${n}`, memberId: 'm' })));
  auditor = await server.token({ role: 'auditor' });
  log = await auditRecords(server);
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
});

/** Around everything. */
const around = (unit: number) => ({
  from: new Date(Date.now() - unit).toISOString(),
  to: new Date(Date.now() + unit).toISOString(),
});

const truncated = (at: string, unit: number) =>
  new Date(Math.floor(Date.parse(at) / unit) * unit).toISOString();

describe.each([
  ['HOUR', HOUR],
  ['DAY', DAY],
] as const)('by %s', (bucket, unit) => {
  it('counts every record of a request where and how it ended', async () => {
    const { data } = await server.graphql(readSummary, { ...around(unit), bucket }, { token: auditor });
    const counts: Record<string, number> = {};
    for (const { createdAt, provider, kind, outcome } of log) {
      if (kind === 'AUDIT_ACCESS' || kind === 'WEBHOOK') continue;
      const name = [truncated(createdAt, unit), provider, kind, outcome].join();
      counts[name] = (counts[name] ?? 0) + 1;
    }
    const rows = (data.auditSummary as Row[]).filter(({ kind }) => kind !== 'WEBHOOK');
    expect(
      Object.fromEntries(
        rows.map((row) => [[row.bucket, row.provider, row.kind, row.outcome].join(), row.count]),
      ),
    ).toEqual(counts);
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(rows.map((row) => row.bucket)).toEqual(rows.map((row) => row.bucket).sort());
  });

  it('knows the latencies to a tenth', async () => {
    const { data } = await server.graphql(readSummary, { ...around(unit), bucket }, { token: auditor });
    for (const row of data.auditSummary as Row[]) {
      const latencies = log
        .filter(
          ({ provider, kind, outcome }) =>
            [provider, kind, outcome].join() === [row.provider, row.kind, row.outcome].join(),
        )
        .filter(({ createdAt }) => truncated(createdAt, unit) === row.bucket)
        .flatMap(({ latencyMs }) => latencyMs ?? [])
        .sort((a, b) => a - b);
      for (const [told, share] of [
        [row.p50Ms, 0.5],
        [row.p99Ms, 0.99],
      ] as const) {
        const real = latencies[Math.ceil(latencies.length * share) - 1];
        if (real === undefined) expect(told).toBeNull();
        // A cell's middle is at most 9.1 % off (the eighth root of two), and is rounded to whole milliseconds.
        else expect(Math.abs((told ?? 0) - real)).toBeLessThanOrEqual(Math.max(1, real * 0.091 + 0.5));
      }
    }
  });

  it('counts what rules denied, also what was not written one by one', async () => {
    const read = async () => {
      const { data } = await server.graphql(readDenials, { ...around(unit), bucket }, { token: auditor });
      return data.auditDenials as { bucket: string; rule: string; count: number }[];
    };
    const rows = await eventually(read, (seen) => seen.reduce((sum, { count }) => sum + count, 0) >= 6);
    expect(rows.map(({ rule }) => rule)).toEqual(rows.map(() => 'FORGED_NOTICE'));
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(6);
    const { data } = await server.graphql(readSummary, { ...around(unit), bucket }, { token: auditor });
    const denied = (data.auditSummary as Row[]).filter(({ outcome }) => outcome === 'DENIED');
    expect(denied.map(({ bucket, kind, count, p50Ms }) => [bucket, kind, count, p50Ms])).toEqual(
      rows.map(({ bucket, count }) => [bucket, 'WEBHOOK', count, null]),
    );
  });
});

describe('the span', () => {
  it('takes in the buckets that it touches, and no others', async () => {
    const [newest] = log.filter(({ kind }) => kind === 'USER_TOKEN');
    const at = Date.parse(newest?.createdAt ?? '');
    const begin = Math.floor(at / HOUR) * HOUR;
    const tokens = async (from: number, to: number) => {
      const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), bucket: 'HOUR' };
      const { data } = await server.graphql(readSummary, span, { token: auditor });
      return (data.auditSummary as Row[]).filter(({ kind }) => kind === 'USER_TOKEN').length;
    };
    expect(await tokens(begin + 1, begin + 2)).toBe(1);
    expect(await tokens(begin + HOUR, begin + 2 * HOUR)).toBe(0);
    expect(await tokens(begin - HOUR, begin)).toBe(await tokens(begin - HOUR + 1, begin - 1));
    expect(await tokens(begin + 1, begin + 1)).toBe(1);
  });

  it.each([
    ['ends before it begins', '2026-10-02T00:00:00Z', '2026-10-01T00:00:00Z', 'DAY'],
    ['is more than a month by hours', '2026-10-01T00:00:00Z', '2026-11-01T00:00:01Z', 'HOUR'],
    ['is more than a year by days', '2025-10-01T00:00:00Z', '2026-10-03T00:00:00Z', 'DAY'],
  ])('is refused where it %s', async (_, from, to, bucket) => {
    for (const query of [readSummary, readDenials]) {
      const answer = await server.graphql(query, { from, to, bucket }, { token: auditor });
      expectPublicError(answer, 'BAD_USER_INPUT');
      expect(answer.errors?.[0].extensions.field).toBe('to');
    }
  });

  it('is for auditors, and looking at it is no entry', async () => {
    const token = await server.token({ role: 'user' });
    for (const query of [readSummary, readDenials]) {
      const answer = await server.graphql(query, { ...around(DAY), bucket: 'DAY' }, { token });
      expectPublicError(answer, 'FORBIDDEN');
    }
    const operations = (await wholeLog(server, { kind: 'AUDIT_ACCESS' })).map(({ operation }) => operation);
    expect(new Set(operations)).toEqual(new Set(['auditRecords']));
  });
});
