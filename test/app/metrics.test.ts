// What operators scrape: counts that follow what was asked for, states, and nothing about a person.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { runCommand } from '../support/command.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

const PHONE_ONCE = {
  rules: { PHONE_ANONYMOUS: [{ most: 1, seconds: 600 }], ADDRESS_CHECK: null },
  budget: { perDay: 100 },
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ limits: PHONE_ONCE });
});
afterAll(() => server?.stop());

const scrape = async (headers: Record<string, string> = {}) => {
  const answer = await fetch(`${server.url}/metrics`, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};

/** The value of a series; undefined where it is not there. */
function valueIn(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

const requests = (outcome: string, rule = '') =>
  `yanzheng_requests_total{provider="usercoin",operation="sendCode",outcome="${outcome}",rule="${rule}"}`;
const ofSendCode = '{provider="usercoin",operation="sendCode"}';

describe('/metrics', () => {
  it('counts what was asked for by how it ended, once each', async () => {
    const phone = phoneWith();
    await askForCode(server, { phone, key: 'once' });
    await askForCode(server, { phone, key: 'once' });
    await askForCode(server, { phone });
    await askForCode(server, { phone });
    await askForCode(server, { phone: phoneWith('9001') });
    await askForCode(server, { phone: phoneWith('9004') });
    const { status, type, text } = await scrape();
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(valueIn(text, requests('ACCEPTED'))).toBe(1);
    expect(valueIn(text, requests('REFUSED'))).toBe(1);
    expect(valueIn(text, requests('UNKNOWN', 'HTTP_500'))).toBe(1);
    expect(valueIn(text, requests('DENIED', 'PHONE_ANONYMOUS'))).toBe(2);
    expect(valueIn(text, `yanzheng_replays_total${ofSendCode}`)).toBe(1);
    expect(valueIn(text, `yanzheng_provider_call_seconds_count${ofSendCode}`)).toBe(3);
  });

  it('tells how the process stands', async () => {
    const { text } = await scrape();
    const breaker = (state: string) => valueIn(text, `yanzheng_breaker{provider="juxinli",state="${state}"}`);
    expect([breaker('CLOSED'), breaker('OPEN'), breaker('HALF_OPEN')]).toEqual([1, 0, 0]);
    expect(valueIn(text, 'yanzheng_ledger_waiting')).toBe(0);
    expect(valueIn(text, 'yanzheng_requests_in_flight')).toBe(0);
    expect(valueIn(text, 'yanzheng_database_up')).toBe(1);
    expect(valueIn(text, 'yanzheng_ledger_commit_seconds_count')).toBeGreaterThan(0);
    expect(valueIn(text, 'yanzheng_ledger_failures_total')).toBe(0);
    expect(valueIn(text, 'yanzheng_budget_messages{scope="*",part="limit"}')).toBe(100);
    // The unknown one may have been sent.
    expect(valueIn(text, 'yanzheng_budget_messages{scope="*",part="spent"}')).toBe(2);
    expect(valueIn(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('tells what the verifier found, once it has run', async () => {
    const before = (await scrape()).text;
    expect(valueIn(before, 'yanzheng_log_intact')).toBeUndefined();
    expect(valueIn(before, 'yanzheng_log_verified_timestamp_seconds')).toBeUndefined();
    const verified = await runCommand('dist/bundled/commands.js', ['audit:verify'], server.database.env);
    expect(verified.code).toBe(0);
    const { text } = await scrape();
    expect(valueIn(text, 'yanzheng_log_intact')).toBe(1);
    const age = Date.now() / 1_000 - (valueIn(text, 'yanzheng_log_verified_timestamp_seconds') ?? 0);
    expect(age).toBeLessThan(120);
  });

  it('holds no number, code or key of a person', async () => {
    const phone = phoneWith();
    const { testCode } = await askForCode(server, { phone, key: 'a-key-that-would-be-seen' });
    const { text } = await scrape();
    for (const secret of [phone, phone.slice(3), 'a-key-that-would-be-seen'])
      expect(text).not.toContain(secret);
    expect(testCode).toMatch(/^\d{6}$/);
    expect(text).not.toContain(`"${testCode}"`);
  });
});

describe('METRICS_TOKEN', () => {
  const token = 'scrape-this-and-nothing-else';
  let guarded: TestServer;
  beforeAll(async () => {
    guarded = await startServer({ env: { METRICS_TOKEN: token } });
  });
  afterAll(() => guarded?.stop());

  it.each([
    ['none', {}, 401],
    ['another', { authorization: 'Bearer scrape-this-and-nothing-elsf' }, 401],
    ['the token alone', { authorization: token }, 401],
    ['it', { authorization: `Bearer ${token}` }, 200],
  ])('is asked for: %s', async (_, headers: Record<string, string>, status) => {
    const answer = await fetch(`${guarded.url}/metrics`, { headers });
    expect(answer.status).toBe(status);
    expect((await answer.text()).includes('yanzheng_requests_in_flight')).toBe(status === 200);
  });
});
