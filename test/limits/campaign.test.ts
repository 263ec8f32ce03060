// A campaign of strangers from many addresses to many numbers: it ends at the budget, to the message, and those who
// are signed in get theirs. YANZHENG_CAMPAIGN=200000 makes it as long as one likes.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { wholeLog } from '../support/audit.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';
import { solveHumanCheck } from '../support/solve-human-check.js';

const REQUESTS = Number(process.env.YANZHENG_CAMPAIGN ?? 1_000);
const SOURCES = REQUESTS / 4;
const PER_DAY = Math.floor(REQUESTS / 20);
const AT_ONCE = 40;
const LONG_MS = 60_000 + REQUESTS * 20;
const CHECKED_FROM = PER_DAY / 2;
const FOR_ANONYMOUS = Math.floor(PER_DAY * 0.7);

let server: TestServer;
beforeAll(async () => {
  const limits = { budget: { perDay: PER_DAY }, rules: { ACTOR: null }, humanCheck: { work: 1 } };
  server = await startServer({ limits, env: { TRUSTED_PROXIES: '127.0.0.1', MAX_IN_FLIGHT: '10000' } });
});
afterAll(() => server?.stop());

const address = (source: number) =>
  `10.${source % 200}.${Math.floor(source / 200) % 250}.${Math.floor(source / 50_000) + 1}`;
const phone = (source: number) => `+86139${String(source).padStart(8, '0')}`;
const codes = new Map<string, number>();

/** Each source asks four times, in turns. */
async function campaign(): Promise<void> {
  let next = 0;
  const attacker = async () => {
    while (next < REQUESTS) {
      const source = next % SOURCES;
      next += 1;
      const { __typename, code } = await askForCode(
        server,
        { phone: phone(source) },
        { headers: { 'x-forwarded-for': address(source) } },
      );
      const end = code ?? __typename;
      codes.set(end, (codes.get(end) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, attacker));
}

const numbers = async () => {
  const token = await server.token({ role: 'auditor' });
  const day = 86_400_000;
  const span = {
    from: new Date(Date.now() - day).toISOString(),
    to: new Date(Date.now() + day).toISOString(),
  };
  const { data } = await server.graphql(
    `query Numbers($from: DateTime!, $to: DateTime!) {
      budgets { scope limit reserved spent }
      auditDenials(from: $from, to: $to, bucket: DAY) { rule count }
    }`,
    span,
    { token },
  );
  const denials: Record<string, number> = {};
  for (const { rule, count } of data.auditDenials) denials[rule] = (denials[rule] ?? 0) + count;
  return { budgets: data.budgets, denials };
};

describe(`${REQUESTS} requests from ${SOURCES} addresses to ${SOURCES} numbers`, () => {
  it(
    'end where the human check becomes mandatory, to the message',
    async () => {
      await campaign();
      expect(codes.get('VerificationCodeSent')).toBe(CHECKED_FROM);
      expect(await server.calls()).toHaveLength(CHECKED_FROM);
      expect(codes.get('HUMAN_CHECK_REQUIRED')).toBe(REQUESTS - CHECKED_FROM);
    },
    LONG_MS,
  );

  it(
    'are told to auditors, to the last one',
    async () => {
      const denied = REQUESTS - CHECKED_FROM;
      // They are counted at longer and longer intervals.
      const { denials } = await eventually(numbers, (seen) => seen.denials.BUDGET_CHECK === denied, 300_000);
      expect(denials).toEqual({ BUDGET_CHECK: denied });
      expect((await numbers()).budgets).toEqual(
        ['*', '+86'].map((scope) => ({ scope, limit: PER_DAY, reserved: 0, spent: CHECKED_FROM })),
      );
    },
    LONG_MS,
  );

  it(
    'end at their share where the check is passed, to the message',
    async () => {
      let sent = 0;
      let last = '';
      for (let source = SOURCES; last !== 'BUDGET_EXHAUSTED' && source < SOURCES + PER_DAY; source += 1) {
        const options = { headers: { 'x-forwarded-for': address(source) } };
        const refused = await askForCode(server, { phone: phone(source) }, options);
        last = refused.code;
        if (last !== 'HUMAN_CHECK_REQUIRED') break;
        const humanCheck = await solveHumanCheck(refused.humanCheck.challenge);
        const { __typename, code } = await askForCode(server, { phone: phone(source), humanCheck }, options);
        if (__typename === 'VerificationCodeSent') sent += 1;
        else last = code;
      }
      expect(CHECKED_FROM + sent).toBe(FOR_ANONYMOUS);
      expect(last).toBe('BUDGET_EXHAUSTED');
    },
    LONG_MS,
  );

  it(
    'leave the rest to those who are signed in, to the message',
    async () => {
      const token = await server.token({ role: 'user' });
      const answers = [];
      for (let source = 0; source < PER_DAY - FOR_ANONYMOUS + 3; source += 1) {
        answers.push(
          await askForCode(server, { phone: `+86137${String(source).padStart(8, '0')}` }, { token }),
        );
      }
      expect(answers.filter(({ __typename }) => __typename === 'VerificationCodeSent')).toHaveLength(
        PER_DAY - FOR_ANONYMOUS,
      );
      expect(answers.slice(-3).map(({ code }) => code)).toEqual(Array(3).fill('BUDGET_EXHAUSTED'));
      expect(answers.at(-1).retryAfterMs).toBeGreaterThan(0);
      expect(await server.calls()).toHaveLength(PER_DAY);
      expect((await numbers()).budgets[0]).toMatchObject({ reserved: 0, spent: PER_DAY });
      const said = (text: string) =>
        server
          .output()
          .split(`"scope":"*"`)
          .filter((part) => part.includes(text)).length;
      expect([said('most of the budget'), said('no more messages are sent')]).toEqual([1, 1]);
    },
    LONG_MS,
  );

  it(
    'have grown the log by what was sent and by summaries',
    async () => {
      const records = (await wholeLog(server)).filter(({ kind }) => kind !== 'AUDIT_ACCESS');
      const denied = records.filter(({ outcome }) => outcome === 'DENIED');
      expect(records.length - denied.length).toBe(PER_DAY);
      // One record a budget and rule that denies first; all others are counted on it.
      expect(denied.length).toBeLessThanOrEqual(4);
      const entries = denied.reduce((sum, record) => sum + record.entries.length, 0);
      expect(entries).toBeLessThan(60);
    },
    LONG_MS,
  );
});
