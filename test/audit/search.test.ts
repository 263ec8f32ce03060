// Support finds a request by whatever the complaint brings.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecords } from '../support/audit.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let auditor: string;
const ids: Record<'refused' | 'ofAlice' | 'later', string> = { refused: '', ofAlice: '', later: '' };
let between = '';

beforeAll(async () => {
  server = await startServer();
  auditor = await server.token({ role: 'auditor' });
  const alice = await server.token({ role: 'user', sub: 'alice' });
  ids.refused = (await askForCode(server, { phone: '13800019001' })).requestId;
  ids.ofAlice = (
    await askForCode(server, { phone: '13800020000' }, { token: alice, client: 'h5' })
  ).requestId;
  const created = Date.parse((await auditRecords(server))[0]?.createdAt ?? '');
  between = new Date(created + 1).toISOString();
  while (Date.now() <= created + 1) await new Promise((done) => setTimeout(done, 1));
  ids.later = (
    await askForCode(server, { phone: '13800030000', purpose: 'RESET_PASSWORD' }, { client: 'console' })
  ).requestId;
});
afterAll(() => server?.stop());

describe('auditRecords', () => {
  it('lists all records, newest first', async () => {
    const found = await auditRecords(server);
    expect(found.map(({ id }) => id)).toEqual([ids.later, ids.ofAlice, ids.refused]);
  });

  it.each([
    ['the phone in any writing', () => ({ subject: { phone: '138 0002 0000' } }), () => [ids.ofAlice]],
    [
      'the phone in full-width digits',
      () => ({ subject: { phone: '１３８０００２００００' } }),
      () => [ids.ofAlice],
    ],
    ['another phone', () => ({ subject: { phone: '13800020001' } }), () => []],
    ['a person nobody asked about', () => ({ subject: { personId: '13800020000' } }), () => []],
    ['outcomes', () => ({ outcomes: ['REFUSED', 'DENIED'] }), () => [ids.refused]],
    ['the actor', () => ({ actor: 'alice' }), () => [ids.ofAlice]],
    ['the client', () => ({ client: 'console' }), () => [ids.later]],
    ['the purpose', () => ({ purpose: 'RESET_PASSWORD' }), () => [ids.later]],
    ['the provider', () => ({ provider: 'juxinli' }), () => []],
    ['the kind', () => ({ kind: 'USER_TOKEN' }), () => []],
    ['a flow', () => ({ flow: ids.refused }), () => []],
    ['a text that is no flow', () => ({ flow: 'nonsense' }), () => []],
    ["the provider's reference", () => ({ providerReference: 'T-1' }), () => []],
    ['the time from', () => ({ from: between }), () => [ids.later]],
    ['the time until', () => ({ to: between }), () => [ids.ofAlice, ids.refused]],
    ['conditions that all must hold', () => ({ actor: 'alice', outcomes: ['REFUSED'] }), () => []],
    [
      'nulls, which ask for nothing',
      () => ({ actor: null, client: null, from: null }),
      () => [ids.later, ids.ofAlice, ids.refused],
    ],
  ])('finds by %s', async (_, filter, expected) => {
    const found = await auditRecords(server, filter());
    expect(found.map(({ id }) => id)).toEqual(expected());
  });

  it('pages by a cursor that newer records do not move', async () => {
    const page = `query Page($first: Int, $after: String) {
      auditRecords(first: $first, after: $after) {
        edges { cursor node { id } } pageInfo { hasNextPage endCursor }
      }
    }`;
    const read = async (first: number, after?: string) =>
      (await server.graphql(page, { first, after }, { token: auditor })).data.auditRecords;
    const one = await read(1);
    expect(one.edges[0].node.id).toBe(ids.later);
    expect(one.pageInfo).toEqual({ hasNextPage: true, endCursor: one.edges[0].cursor });
    const rest = await read(2, one.pageInfo.endCursor);
    expect(rest.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual([
      ids.ofAlice,
      ids.refused,
    ]);
    expect(rest.pageInfo.hasNextPage).toBe(false);
    const none = await read(1, rest.pageInfo.endCursor);
    expect(none).toEqual({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } });
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
