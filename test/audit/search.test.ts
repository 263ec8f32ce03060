// Support finds a request by whatever the complaint brings: every condition, alone and with every other, finds what
// going through the whole log finds.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForBankCode, bankCodeWish } from '../bank-code/bank-code.js';
import { bind, legalPerson } from '../phone-binding/binding.js';
import { askForCode } from '../support/ask.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { teacher, tokenOf } from '../user-token/user-token.js';

interface Found {
  id: string;
  kind: string;
  provider: string | null;
  purpose: string | null;
  outcome: string;
  actor: string | null;
  client: string | null;
  flow: string | null;
  providerReference: string | null;
  createdAt: string;
}

type Filter = Record<string, unknown>;

const readPage = `
  query Page($filter: AuditRecordFilter, $first: Int, $after: String) {
    auditRecords(filter: $filter, first: $first, after: $after) {
      edges {
        cursor
        node { id kind provider purpose outcome actor client flow providerReference createdAt }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`;

let server: TestServer;
let auditor: string;
/** Whom a request was about, by its id: the log tells nobody. */
const about = new Map<string, string[]>();
/** The whole log at one moment, newest first. */
let log: Found[];
/** Somebody who is in several records of several kinds. */
const often = { phone: phoneWith(), personId: 'P-often', memberId: 'M-often' };

async function page(filter: Filter | null, first: number, after: string | null = null) {
  const { data, text } = await server.graphql(readPage, { filter, first, after }, { token: auditor });
  if (!data?.auditRecords) throw new Error(`the log was not read: ${text}`);
  const { edges, pageInfo } = data.auditRecords;
  return {
    records: edges.map(({ node }: { node: Found }) => node) as Found[],
    end: pageInfo.hasNextPage ? (pageInfo.endCursor as string) : null,
  };
}

/** All that the filter finds, page by page. */
async function all(filter: Filter | null, first = 200): Promise<Found[]> {
  const found: Found[] = [];
  let after: string | null = null;
  do {
    const { records, end } = await page(filter, first, after);
    found.push(...records);
    after = end;
  } while (after !== null);
  return found;
}

/** What the filter should find of the log as it was then; reading it has added to it since. */
function expected(filter: Filter): string[] {
  const { subject, outcomes, from, to, ...rest } = filter as {
    subject?: object;
    outcomes?: string[];
    from?: string;
    to?: string;
  };
  return log
    .filter((record) => !subject || about.get(record.id)?.includes(Object.values(subject).join()))
    .filter(({ outcome }) => !outcomes || outcomes.includes(outcome))
    .filter(({ createdAt }) => !from || createdAt >= from)
    .filter(({ createdAt }) => !to || createdAt < to)
    .filter((record) => Object.entries(rest).every(([name, value]) => record[name as keyof Found] === value))
    .map(({ id }) => id);
}

async function found(filter: Filter, first?: number): Promise<string[]> {
  const newest = log[0]?.id ?? '';
  return (await all(filter, first)).map(({ id }) => id).filter((id) => id <= newest);
}

beforeAll(async () => {
  server = await startServer({ env: { USERCOIN_DEADLINE_MS: '8000' } });
  auditor = await server.token({ role: 'auditor' });
  const actors = await Promise.all(
    ['alice', 'bob', undefined].map((sub) => sub && server.token({ role: 'user', sub })),
  );
  const service = await server.token({ role: 'service', sub: 'gateway' });
  const purposes = ['REGISTER', 'RESET_PASSWORD'] as const;
  const clients = ['h5', 'console', 'explorer'];
  const asks: (() => Promise<[id: string, ...subjects: string[]]>)[] = [];
  for (let n = 0; n < 90; n += 1) {
    // Endings, callers, clients and purposes in all combinations.
    const token = actors[n % 3];
    const client = clients[Math.floor(n / 3) % 3] ?? '';
    const purpose = purposes[Math.floor(n / 9) % 2];
    const phone = n % 10 === 0 ? often.phone : phoneWith(['0000', '9001', '9004', '9002'][n % 4]);
    asks.push(async () => [
      (await askForCode(server, { phone, ...(purpose && { purpose }) }, { token, client })).requestId,
      phone,
    ]);
    if (n % 6 === 0) {
      const personId = n % 12 === 0 ? often.personId : `P-${n}`;
      asks.push(async () => {
        const wish = bankCodeWish({ personId, ...(n % 24 === 0 && { phone: often.phone }) });
        const { requestId } = await askForBankCode(server, wish, { token: actors[n % 2], client });
        return [requestId, wish.phone, personId];
      });
      asks.push(async () => {
        const wish = { ...legalPerson(n % 18 === 0 ? '9001' : '0000'), memberId: often.memberId };
        const bound = await bind(server, wish, { token: actors[n % 2], client });
        return [bound.id ?? bound.requestId, wish.phone, wish.memberId];
      });
      asks.push(async () => {
        const person = { ...teacher, personId };
        return [(await tokenOf(server, { person }, { token: service, client })).requestId, personId];
      });
    }
  }
  while (asks.length > 0) {
    const answers = await Promise.all(asks.splice(0, 15).map((ask) => ask()));
    for (const [id, ...subjects] of answers) about.set(id, subjects);
  }
  log = await all(null);
});
afterAll(() => server?.stop());

/** The conditions, each with values of which some find much, some little and some nothing. */
function conditions(): [string, unknown[]][] {
  const times = log.map(({ createdAt }) => createdAt);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? '';
  const flows = log.flatMap(({ flow }) => flow ?? []);
  const references = log.flatMap(({ providerReference }) => providerReference ?? []);
  return [
    ['subject', [{ phone: often.phone }, { personId: often.personId }, { memberId: often.memberId }]],
    ['flow', [flows[0], log[0]?.id]],
    ['purpose', ['REGISTER', 'OPEN_ACCOUNT']],
    ['providerReference', [references[0], references.at(-1)]],
    ['kind', ['VERIFICATION_CODE', 'AUDIT_ACCESS']],
    ['provider', ['usercoin', 'tongqifu']],
    ['outcomes', [['REFUSED', 'UNKNOWN'], ['PENDING'], ['ACCEPTED', 'PENDING']]],
    ['actor', ['alice', 'gateway']],
    ['client', ['h5', 'console']],
    ['from', [at(0.4), at(0.9)]],
    ['to', [at(0.2), at(0.7)]],
  ];
}

describe('auditRecords', () => {
  it('lists all records, newest first', async () => {
    expect(log.length).toBeGreaterThan(130);
    expect(log.map(({ id }) => id)).toEqual(
      log
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    expect([...about.keys()].sort()).toEqual(
      log
        .filter(({ kind }) => kind !== 'AUDIT_ACCESS')
        .map(({ id }) => id)
        .sort(),
    );
    expect(new Set(log.map(({ outcome }) => outcome))).toEqual(new Set(['ACCEPTED', 'REFUSED', 'UNKNOWN']));
  });

  it('finds by each condition alone', async () => {
    for (const [name, values] of conditions()) {
      const counts = [];
      for (const value of values) {
        const filter = { [name]: value };
        const ids = expected(filter);
        expect({ filter, ids: await found(filter) }).toEqual({ filter, ids });
        counts.push(ids.length);
      }
      expect([name, Math.max(...counts) > 0]).toEqual([name, true]);
    }
  });

  it('finds by each pair of conditions, in pages of any size', async () => {
    let hits = 0;
    let pairs = 0;
    const known = conditions();
    for (const [at, [one, ofOne]] of known.entries()) {
      for (const [other, ofOther] of known.slice(at + 1)) {
        // What finds something, where there is such a pair.
        const filters = ofOne.flatMap((value) => ofOther.map((more) => ({ [one]: value, [other]: more })));
        const filter = filters.find((each) => expected(each).length > 0) ?? filters[0] ?? {};
        const ids = expected(filter);
        expect({ filter, ids: await found(filter, 5 + (pairs % 30)) }).toEqual({ filter, ids });
        hits += ids.length > 0 ? 1 : 0;
        pairs += 1;
      }
    }
    expect(pairs).toBe(55);
    expect(hits).toBeGreaterThan(40);
  });

  it('finds by all conditions that a record meets', async () => {
    const record = log.find(({ kind, flow }) => kind === 'PHONE_BINDING' && flow !== null);
    const { id, outcome, createdAt, ...rest } = record as Found;
    const filter = {
      ...rest,
      outcomes: [outcome],
      from: createdAt,
      to: new Date(Date.parse(createdAt) + 1).toISOString(),
      subject: { memberId: about.get(id)?.[1] },
    };
    expect(await found(filter)).toEqual([id]);
    expect(await found({ ...filter, outcomes: [] })).toEqual([]);
  });

  it.each([
    ['the phone in any writing', (phone: string) => phone.replace(/^\+86(\d{3})(\d{4})/, '$1 $2 ')],
    [
      'the phone in full-width digits',
      (phone: string) =>
        phone.slice(3).replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
    ],
  ])('finds by %s', async (_, written) => {
    const ids = expected({ subject: { phone: often.phone } });
    expect(ids.length).toBeGreaterThan(3);
    expect(await found({ subject: { phone: written(often.phone) } })).toEqual(ids);
  });

  it('takes nulls for nothing asked, and a text that is no flow for a flow that is not there', async () => {
    expect(await found({ actor: null, subject: null, from: null })).toEqual(log.map(({ id }) => id));
    expect(await found({ flow: 'nonsense' })).toEqual([]);
    expect(await found({ subject: { personId: often.phone } })).toEqual([]);
  });

  it('finds what is still under way among the rest, and finds it where it ended', async () => {
    const before = await all({ client: 'h5', kind: 'VERIFICATION_CODE' });
    const phone = phoneWith('9003');
    const alice = await server.token({ role: 'user', sub: 'alice' });
    const asked = askForCode(server, { phone }, { token: alice, client: 'h5' });
    const mine = { subject: { phone } };
    const [record] = await eventually(
      () => all(mine),
      ({ length }) => length > 0,
    );
    expect(record).toMatchObject({ outcome: 'PENDING', actor: 'alice', purpose: 'REGISTER' });
    expect(await all({ ...mine, outcomes: ['PENDING', 'DENIED'], actor: 'alice' })).toEqual([record]);
    expect(await all({ client: 'h5', kind: 'VERIFICATION_CODE' }, 7)).toEqual([record, ...before]);
    expect(await all({ ...mine, actor: 'bob' })).toEqual([]);
    expect(await all({ ...mine, to: record?.createdAt })).toEqual([]);
    expect(await all({ ...mine, outcomes: ['UNKNOWN'] })).toEqual([]);
    await asked;
    const ended = { ...record, outcome: 'UNKNOWN' };
    expect(await all({ ...mine, outcomes: ['UNKNOWN'] })).toEqual([ended]);
    expect(await all({ client: 'h5', kind: 'VERIFICATION_CODE' }, 7)).toEqual([ended, ...before]);
    expect(await all({ outcomes: ['PENDING'] })).toEqual([]);
  });

  it('pages by a cursor that newer records do not move', async () => {
    const filter = { provider: 'usercoin', outcomes: ['ACCEPTED', 'REFUSED'] };
    const ids = expected(filter);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      // Reading adds records too, though not such ones.
      await askForCode(server, { phone: phoneWith() });
      const { records, end } = await page(filter, 11, after);
      seen.push(...records.map(({ id }) => id));
      after = end;
    } while (after !== null);
    // The one that came before the first page is on it.
    expect(seen.slice(1)).toEqual(ids);
  });

  it('says where the list ends', async () => {
    const filter = { subject: { memberId: often.memberId } };
    const { length } = expected(filter);
    const whole = await page(filter, length);
    expect([whole.records.length, whole.end]).toEqual([length, null]);
    const most = await page(filter, length - 1);
    expect([most.records.length, most.end === null]).toEqual([length - 1, false]);
    const rest = await page(filter, 5, most.end);
    expect(rest.records).toEqual(whole.records.slice(-1));
    const { data } = await server.graphql(readPage, { filter: { actor: 'nobody' } }, { token: auditor });
    expect(data.auditRecords).toEqual({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });
});

describe('auditRecord', () => {
  it.each(['00000000-0000-7000-8000-000000000000', 'nonsense', ''])('is null for %j', async (id) => {
    const { data, errors } = await server.graphql(
      'query One($id: ID!) { auditRecord(id: $id) { id } }',
      { id },
      { token: auditor },
    );
    expect(errors).toBeUndefined();
    expect(data.auditRecord).toBeNull();
  });
});
