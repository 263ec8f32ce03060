// What the last four digits of a phone make Juxinli do at each call of a conversation, and what a front-end and
// the log are told. All conversations run at once, since some of them wait.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecords } from '../support/audit.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation } from './conversation.js';

/** What comes after the call at which it happens, by its last two digits. */
const told = [
  {
    digits: '01',
    meaning: 'refuses',
    refused: { __typename: 'Refusal', code: 'REFUSED_BY_PROVIDER', retryAfterMs: null },
    record: { outcome: 'REFUSED', providerCode: 'success=false' },
    taken: false,
  },
  {
    digits: '02',
    meaning: 'has its own rate limit',
    refused: { __typename: 'Refusal', code: 'RATE_LIMITED', retryAfterMs: 60_000 },
    record: { outcome: 'REFUSED', retryAfterMs: 60_000 },
    taken: false,
  },
  {
    digits: '03',
    meaning: 'takes it and falls silent',
    record: { outcome: 'UNKNOWN', rule: 'DEADLINE' },
    taken: true,
  },
  {
    digits: '04',
    meaning: 'answers HTTP 500 with a page',
    record: { outcome: 'UNKNOWN', rule: 'HTTP_500' },
    taken: true,
  },
  {
    digits: '05',
    meaning: 'answers a malformed body',
    record: { outcome: 'UNKNOWN', rule: 'UNREADABLE' },
    taken: true,
  },
  { digits: '06', meaning: 'is three seconds late', record: { outcome: 'ACCEPTED' }, taken: true },
  {
    digits: '07',
    meaning: 'takes it and resets the connection',
    record: { outcome: 'UNKNOWN' },
    taken: true,
  },
];

let server: TestServer;
// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
const ran = new Map<string, { conversation: Conversation; ended: Promise<any> }>();

beforeAll(async () => {
  // Longer than 9006 is late.
  const env = { JUXINLI_DEADLINE_MS: '4500', JUXINLI_COLLECT_DEADLINE_MS: '4500' };
  server = await startServer({ env });
  const token = await server.token({ role: 'user' });
  for (const prefix of ['90', '92', '93']) {
    for (const { digits } of told) {
      const conversation = new Conversation(server, phoneWith(prefix + digits), token);
      ran.set(prefix + digits, { conversation, ended: upTo(prefix, conversation) });
    }
  }
});
afterAll(() => server?.stop());

async function upTo(prefix: string, conversation: Conversation) {
  const started = await conversation.start();
  if (prefix === '90') return started;
  const asked = await conversation.password();
  return prefix === '92' ? asked : conversation.captcha();
}

async function ranOf(digits: string) {
  const run = ran.get(digits);
  if (!run) throw new Error(`${digits} did not run`);
  return { conversation: run.conversation, ended: await run.ended };
}

const at = [
  { call: 'application', prefix: '90', retryAfterMs: 1_000, goesOn: 'ServicePasswordStep' },
  { call: 'password', prefix: '92', retryAfterMs: 60_000, goesOn: 'SmsCaptchaStep' },
  { call: 'captcha', prefix: '93', retryAfterMs: 60_000, goesOn: 'CollectionStarted' },
];

describe.each(at)('Juxinli, at the $call,', ({ prefix, retryAfterMs, goesOn }) => {
  it.each(told)('$meaning', async ({ digits, refused, record, taken }) => {
    const { conversation, ended } = await ranOf(prefix + digits);
    if (record.outcome === 'ACCEPTED') {
      expect(ended.step.__typename).toBe(goesOn);
    } else if (refused) {
      expect(ended).toMatchObject({ ...refused, providerCode: 'success=false' });
      expect(ended.message).toContain(prefix + digits);
    } else {
      expect(ended).toMatchObject({ __typename: 'OutcomeUnknown', pollAfterMs: null, retryAfterMs });
    }
    const [last] = await auditRecords(server, { subject: { phone: conversation.phone } });
    expect(last).toMatchObject(record);
    expect(last?.entries.map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME']);
    const calls = await server.calls({ phone: conversation.phone });
    expect(calls.length).toBe(at.findIndex((one) => one.prefix === prefix) + (taken ? 1 : 0));
  });
});

describe('an application that came to nothing', () => {
  it('is no authentication to go on with', async () => {
    for (const digits of ['9001', '9003']) {
      const { ended, conversation } = await ranOf(digits);
      expect(conversation.continuation).toBe('');
      conversation.id = ended.requestId;
      expect(await conversation.seen()).toBeNull();
    }
  });
});

describe('a turn that was refused, or whose outcome is not known,', () => {
  it.each(['01', '02', '03', '04', '05', '07'])(
    'has not moved the flow, and can be tried again: %s',
    async (digits) => {
      const second = (await ranOf(`92${digits}`)).conversation;
      expect((await second.seen()).step.__typename).toBe('ServicePasswordStep');
      expect((await second.password()).step).toMatchObject({ __typename: 'SmsCaptchaStep', reason: 'FIRST' });
      expect((await second.captcha()).step.__typename).toBe('CollectionStarted');

      // Where the provider had taken it, it says that it is done already, which is as good.
      const third = (await ranOf(`93${digits}`)).conversation;
      expect((await third.seen()).step).toMatchObject({ __typename: 'SmsCaptchaStep', reason: 'FIRST' });
      expect((await third.captcha()).step.__typename).toBe('CollectionStarted');
    },
  );
});
