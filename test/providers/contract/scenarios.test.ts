// Every operation of every provider against its simulator over real HTTP: what each scenario of the sandbox comes
// to, at every call of a conversation, and that it was called exactly once.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type OfferedCall, offeredCalls, titled } from './offers.js';
import { deadlines, type Ended, newSubject, openStage, settingsOf } from './stage.js';

/** By their last two digits (DESIGN.md, "Scenarios"). */
const scenarios = ['00', '01', '02', '03', '04', '05', '06', '07', '08', '09'] as const;
type Scenario = (typeof scenarios)[number];

/** What the first two of the four digits are at the nth call. */
const prefixes: Readonly<Record<number, string>> = { 1: '90', 2: '92', 3: '93' };

interface Seen {
  ended: Ended;
  tookMs: number;
  /** Requests of this call that reached the provider, and those that it took. */
  arrived: number;
  taken: number;
  /** What the notices came to, once they have had the time to come. */
  notices: unknown[];
}

const LATE_MS = 3_000;
/** Long enough for a request to arrive on a busy machine. */
const PATIENCE_MS = 2_500;
/** The sandbox sends a late notice twice within this time. */
const NOTICES_WITHIN_MS = 2_500;

async function play(
  { provider, operation, described, call }: OfferedCall,
  scenario: Scenario,
): Promise<Seen> {
  const ready = await turn();
  const stage = await openStage(provider);
  try {
    // The notices of a conversation are those of its beginning.
    const prefix = scenario === '09' && call.notice ? '90' : (prefixes[call.step] ?? '');
    const subject = newSubject(described.subject, prefix + scenario);
    const input = await call.prepare(subject, stage.talk(call.variables));
    const before = { arrived: stage.arrived(), taken: (await stage.taken()).length };
    const began = performance.now();
    const patience = scenario === '03' ? deadlines(provider, PATIENCE_MS) : {};
    const ending = stage.call(operation, input, { ...call.variables, ...patience });
    if (scenario === '03' || scenario === '06') ready();
    const ended = await ending;
    ready();
    const tookMs = performance.now() - began;
    const arrived = stage.arrived() - before.arrived;
    const taken = (await stage.taken()).length - before.taken;
    if (scenario === '09' && call.notice) await sleep(NOTICES_WITHIN_MS);
    const settings = settingsOf(provider, call.variables ?? {}, stage.url);
    const notices = stage.notices.map(({ body, contentType }) =>
      provider.webhook?.verify(settings, body, contentType),
    );
    return { ended, tookMs, arrived, taken, notices };
  } finally {
    ready();
    await stage.close();
  }
}

/** How many may be busy at once; those that only wait are not. */
const BUSY = 6;
const queue: (() => void)[] = [];
let busy = 0;

/** Resolves when it is one's turn, with what gives it away. */
async function turn(): Promise<() => void> {
  if (busy >= BUSY) await new Promise<void>((mine) => queue.push(mine));
  else busy += 1;
  let given = false;
  return () => {
    if (given) return;
    given = true;
    const next = queue.shift();
    if (next) next();
    else busy -= 1;
  };
}

// Side by side, since most of the time is spent waiting; each test looks at one.
const plays = new Map<string, Promise<Seen>>();
for (const offered of offeredCalls) {
  for (const scenario of offered.described.subject === 'NOBODY' ? (['00'] as const) : scenarios) {
    const run = play(offered, scenario);
    run.catch(() => {});
    plays.set(offered.title + scenario, run);
  }
}
afterAll(() => Promise.allSettled(plays.values()));

describe.each(titled(offeredCalls))('%s', (title, { call, described }) => {
  const seen = (scenario: Scenario) => plays.get(title + scenario) as Promise<Seen>;
  const accepted = { is: 'ACCEPTED', reply: { accepted: call.accepted } };
  const once = { arrived: 1, taken: 1 };

  it('is accepted, and called exactly once', async () => {
    expect(await seen('00')).toMatchObject({ ...once, ended: accepted });
  });

  // What concerns nobody has nobody's digits to choose a scenario.
  if (described.subject === 'NOBODY') return;
  const digits = (scenario: Scenario) => (prefixes[call.step] ?? '') + scenario;

  it(`${digits('01')}: is refused, in words that name the scenario`, async () => {
    const { ended, arrived, taken } = await seen('01');
    expect({ arrived, taken }).toEqual({ arrived: 1, taken: 0 });
    expect(ended).toMatchObject({
      is: 'REFUSED',
      reply: {
        refused: expect.not.stringMatching('RATE_LIMITED'),
        providerCode: expect.stringMatching(/./),
        text: expect.stringContaining(digits('01')),
      },
    });
  });

  it(`${digits('02')}: is refused as too often, with the time to wait`, async () => {
    const { ended, arrived, taken } = await seen('02');
    expect({ arrived, taken }).toEqual({ arrived: 1, taken: 0 });
    expect(ended).toMatchObject({
      is: 'REFUSED',
      reply: { refused: 'RATE_LIMITED', retryAfterMs: expect.any(Number) },
    });
  });

  it(`${digits('03')}: is unknown where the provider took it and fell silent`, async () => {
    expect(await seen('03')).toMatchObject({
      ...once,
      ended: { is: 'FAILED', maybeSent: true, reason: 'DEADLINE' },
    });
  });

  it(`${digits('04')}: is unknown where the provider broke down`, async () => {
    expect(await seen('04')).toMatchObject({
      ...once,
      ended: { is: 'FAILED', maybeSent: true, reason: 'HTTP_500' },
    });
  });

  it(`${digits('05')}: cannot be read where half of the answer is missing`, async () => {
    expect(await seen('05')).toMatchObject({ ...once, ended: { is: 'UNREADABLE' } });
  });

  it(`${digits('06')}: is as good late`, async () => {
    const { tookMs, ...rest } = await seen('06');
    expect(rest).toMatchObject({ ...once, ended: accepted });
    expect(tookMs).toBeGreaterThanOrEqual(LATE_MS - 50);
  });

  it(`${digits('07')}: is unknown where the connection broke after it was taken`, async () => {
    const { ended, arrived, taken } = await seen('07');
    expect({ arrived, taken }).toEqual(once);
    expect(ended).toMatchObject({ is: 'FAILED', maybeSent: true });
    expect(ended).not.toHaveProperty('reason', 'DEADLINE');
  });

  it(`${digits('08')}: ${described.seal ? 'cannot be read with a wrong signature' : 'has no signature, and goes well'}`, async () => {
    const ended = described.seal
      ? { is: 'UNREADABLE', reason: expect.stringContaining('signature') }
      : accepted;
    expect(await seen('08')).toMatchObject({ ...once, ended });
  });

  it(`${digits('09')}: ${call.notice ? 'goes well, and its notice comes twice' : 'goes well'}`, async () => {
    const { notices, ...rest } = await seen('09');
    expect(rest).toMatchObject({ ...once, ended: accepted });
    if (!call.notice) return;
    const [first, second] = notices;
    expect(first).toMatchObject({
      notice: { requestId: expect.any(String), dedupeKey: expect.stringMatching(/./) },
    });
    expect(second).toEqual(first);
    expect(notices).toHaveLength(2);
  });
});
