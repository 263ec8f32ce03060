// The table of permissions is what the server does: every caller tries every field, by HTTP and by WebSocket.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { extendSchema, isObjectType, parse, buildSchema as parseSchema } from 'graphql';
import { buildSchema } from '../../src/graphql/schema.js';
import { type Subscriber, subscriber } from '../phone-binding/subscriber.js';
import { eventually } from '../support/eventually.js';
import { type CallOptions, type GraphQLAnswer, startServer, type TestServer } from '../support/server.js';
import { type CallerKind, callers, permissions } from './permissions.js';
import { askings, faultsOf } from './rows.js';

const schema = buildSchema();
const asked = askings(schema);

let server: TestServer;
const tokens = new Map<CallerKind, string | undefined>();
beforeAll(async () => {
  server = await startServer({ env: { TONGQIFU_CONFIRM: 'on' } });
  for (const caller of callers) {
    if (caller === 'anonymous') tokens.set(caller, undefined);
    else if (caller === 'nobody-special')
      tokens.set(caller, await server.token({ role: 'user', sub: caller, claims: { roles: ['king'] } }));
    else tokens.set(caller, await server.token({ role: caller }));
  }
});
afterAll(() => server?.stop());

/** Faults that are found behind the door, so whoever meets them was let in. */
const within = ['BAD_USER_INPUT', 'NOT_FOUND', 'PROVIDER_NOT_CONFIGURED', 'PROVIDER_UNAVAILABLE'];

/** `open`, or the code with which the door was shut. */
function verdictOf({ errors = [] }: Pick<GraphQLAnswer, 'errors'>): string {
  const codes = errors.map(({ extensions }) => extensions.code);
  return codes.find((code) => !within.includes(code)) ?? 'open';
}

const expected = (row: string, caller: CallerKind) => {
  if (permissions.get(row)?.includes(caller)) return 'open';
  return caller === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
};

describe('the table', () => {
  // Fields that the contract promises may have their rows before they are built.
  const contract = parseSchema(readFileSync('test/graphql/contract.graphql', 'utf8'));
  const promised = (fault: string) => {
    const [, type = '', field = ''] = /^(\w+)\.(\w+).* is no field$/.exec(fault) ?? [];
    const of = contract.getType(type);
    return isObjectType(of) && Object.hasOwn(of.getFields(), field);
  };

  it('has a row for every field of the schema, none besides, and no two that contradict each other', () => {
    expect(faultsOf(schema, permissions).filter((fault) => !promised(fault))).toEqual([]);
  });

  it.each([
    ['a query', 'extend type Query { extra: String }', 'Query.extra has no row'],
    ['a mutation', 'extend type Mutation { extra: String }', 'Mutation.extra has no row'],
    ['a field of an answer', 'extend type PhoneBinding { extra: String }', 'PhoneBinding.extra has no row'],
    ['a new type', 'type Extra { a: Int } extend type Provider { b: Extra }', 'Extra.a has no row'],
    [
      'a new kind of input',
      'extend input RequestVerificationCodeInput { extra: Int }',
      'Mutation.requestVerificationCode(extra) has no row',
    ],
    [
      'a way around',
      'extend type Refusal { record: AuditRecord }',
      'AuditRecord.id can be reached by anonymous, nobody-special, user, service, auditor, admin',
    ],
  ])('would miss %s', (_, extension, fault) => {
    expect(faultsOf(extendSchema(schema, parse(extension)), permissions)).toContain(fault);
  });
});

describe('by HTTP', () => {
  const options = (caller: CallerKind): CallOptions => ({ token: tokens.get(caller), client: 'h5' });

  it.each(asked.filter(({ root }) => root !== 'Subscription').map((asking) => [asking.row, asking] as const))(
    '%s is open to those whom the table names, and to nobody else',
    async (row, { document }) => {
      const verdicts = callers.map(async (caller) => [
        caller,
        verdictOf(await server.graphql(document, {}, options(caller))),
      ]);
      expect(Object.fromEntries(await Promise.all(verdicts))).toEqual(
        Object.fromEntries(callers.map((caller) => [caller, expected(row, caller)])),
      );
    },
  );

  it.each(asked.filter(({ root }) => root === 'Subscription').map((asking) => [asking.row, asking] as const))(
    '%s is for nobody',
    async (_, { document }) => {
      for (const caller of callers) {
        const answer = await server.graphql(document, {}, options(caller));
        expect([answer.status, verdictOf(answer)]).toEqual([400, 'BAD_REQUEST']);
      }
    },
  );
});

describe('by WebSocket', () => {
  const connected: Subscriber[] = [];
  afterAll(async () => {
    for (const client of connected) await client.close();
  });
  const connect = (caller: CallerKind) => {
    const client = subscriber(server, { token: tokens.get(caller), 'x-client-id': 'h5' });
    connected.push(client);
    return client;
  };
  const signedIn = callers.filter((caller) => caller !== 'anonymous');

  it('nothing is for the anonymous', async () => {
    expect((await connect('anonymous').closed).code).toBe(4403);
  });

  it('no query and no mutation is for anybody, nor has it an effect', async () => {
    const before = (await server.calls()).length;
    for (const caller of signedIn) {
      const client = connect(caller);
      for (const { document } of asked.filter(({ root }) => root !== 'Subscription')) {
        const end = await client.ask(document).ended;
        expect(verdictOf(end as GraphQLAnswer)).toBe('BAD_REQUEST');
      }
    }
    expect(await server.calls()).toHaveLength(before);
  });

  it.each(asked.filter(({ root }) => root === 'Subscription').map((asking) => [asking.row, asking] as const))(
    '%s is open to those whom the table names, and to nobody else',
    async (row, { document }) => {
      const watching = signedIn.map((caller) => {
        const { seen } = connect(caller).ask(document);
        return { caller, seen };
      });
      // One that is refused is told at once; one that is open tells something, or waits for news.
      const refused = watching.filter(({ caller }) => expected(row, caller) !== 'open');
      await eventually(
        () => refused,
        (all) => all.every(({ seen }) => seen.length > 0),
      );
      await server.graphql(asked.find(({ row }) => row.endsWith('(account)'))?.document ?? '');
      await new Promise((done) => setTimeout(done, 300));
      expect(watching.map(({ caller, seen }) => [caller, verdictOf(seen[0] ?? {})])).toEqual(
        signedIn.map((caller) => [caller, expected(row, caller)]),
      );
    },
  );
});
