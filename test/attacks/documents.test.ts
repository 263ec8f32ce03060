// Documents that would make one request as dear as a thousand are refused, by HTTP and by WebSocket; what the pages
// ask for is not.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, getIntrospectionQuery, parse } from 'graphql';
import { requireAffordable } from '../../src/graphql/document-cost.js';
import { buildSchema as ownSchema } from '../../src/graphql/schema.js';
import { operations } from '../../src/web/explorer/operations.js';
import { subscriber } from '../phone-binding/subscriber.js';
import { type BareServer, startBareServer } from '../support/bare-server.js';
import { everythingOf } from '../support/everything.js';
import { expectPublicError } from '../support/public-error.js';
import { postJson } from '../support/raw-request.js';
import { startServer, type TestServer } from '../support/server.js';

const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

/** Deeper and wider than ours, which has no circle yet. */
const endless = buildSchema(`
  type Node { id: ID self: Node many: [Node!] page(first: Int): Page }
  type Page { edges: [Edge!]! }
  type Edge { node: Node! }
  type Query { node: Node page(first: Int): Page }
  type Subscription { node: Node page(first: Int): Page named(name: String): ID }`);
for (const field of Object.values(endless.getSubscriptionType()?.getFields() ?? {})) {
  field.subscribe = async function* () {
    yield {};
  };
}

const nest = (depth: number) => `${'self { '.repeat(depth)} id ${'} '.repeat(depth)}`;
const edges = (inner: string) => `{ edges { node { ${inner} } } }`;
/** Each spreads the next one twice: 2^40 fields in 40 fragments. */
const bomb = `${times(40, (n) => `fragment F${n} on Node { a: self { ...F${n + 1} } b: self { ...F${n + 1} } }`)} fragment F40 on Node { id }`;

const TOO_MUCH = /^(Too|The document)/;
const refused: [what: string, document: string, variables?: object][] = [
  ['eleven fields', `{ ${times(11, (n) => `a${n}: node { id }`)} }`],
  [
    'eleven fields in fragments',
    `{ ...A ...B } fragment A on ROOT { ${times(6, (n) => `a${n}: node { id }`)} } fragment B on ROOT { ${times(5, (n) => `b${n}: node { id }`)} }`,
  ],
  ['eleven of the same field', `{ ${times(11, () => '__typename')} }`],
  ['eleven levels', `{ node { ${nest(9)} } }`],
  [
    'eleven levels in fragments',
    `{ node { ...A } } fragment A on Node { ${nest(4)} self { self { self { self { ...B } } } } } fragment B on Node { ${nest(5)} }`,
  ],
  ['21 directives', `{ node { ${times(21, (n) => `a${n}: id @include(if: true)`)} } }`],
  ['fragments that double forty times', `{ node { ...F0 } } ${bomb}`],
  [
    'large pages',
    `{ ${times(10, (n) => `p${n}: page(first: 200) ${edges('id many { id } self { id many { id } }')}`)} }`,
  ],
  ['pages of usual size, many of them', `{ node { ${times(60, (n) => `p${n}: page ${edges('id')}`)} } }`],
  ['pages within pages', `{ page ${edges(`page ${edges('id')}`)} }`],
  [
    'pages as large as a variable says',
    `query Q($n: Int) { ${times(10, (n) => `p${n}: page(first: $n) ${edges('id many { id } self { id many { id } }')}`)} }`,
    { n: 200 },
  ],
  [
    'pages as large as a variable is by default',
    `query Q($n: Int = 200) { ${times(10, (n) => `p${n}: page(first: $n) ${edges('id many { id } self { id many { id } }')}`)} }`,
  ],
  [
    'pages larger than there are',
    `{ page(first: 2147483647) ${edges(`page(first: 2147483647) ${edges('id')}`)} }`,
  ],
  ['lists within lists', `{ node { ${'many { '.repeat(8)} id ${'} '.repeat(8)} } }`],
  ['the schema, four times', `{ ${times(4, (n) => `s${n}: __schema { types { name } }`)} }`],
];
const allowed: [what: string, document: string, variables?: object][] = [
  ['ten fields', `{ ${times(10, (n) => `a${n}: node { id }`)} }`],
  ['ten levels', `{ node { ${nest(8)} } }`],
  ['twenty directives', `{ node { ${times(20, (n) => `a${n}: id @include(if: true)`)} } }`],
  ['a large page', `{ page(first: 200) ${edges('id many { id } self { id many { id } }')} }`],
  [
    'ten small pages',
    `query Q($n: Int) { ${times(10, (n) => `p${n}: page(first: $n) ${edges('id many { id } self { id many { id } }')}`)} }`,
    { n: 5 },
  ],
  ['the schema as the explorer asks for it', getIntrospectionQuery()],
];

/** With variables each: else the last argument of a test is something else. */
const each = (all: typeof refused) =>
  all.map(([what, document, variables]) => [what, document, variables ?? {}] as const);

describe('by HTTP', () => {
  let server: BareServer;
  beforeAll(async () => {
    server = await startBareServer({}, { schema: endless });
  });
  afterAll(() => server?.stop());
  const post = (query: string, variables?: object) =>
    postJson(server.url, JSON.stringify({ query: query.replaceAll('ROOT', 'Query'), variables }));

  it.each(each(refused))('%s are refused at once', async (_, query, variables) => {
    const began = performance.now();
    const answer = await post(query, variables);
    expectPublicError(answer, 'GRAPHQL_VALIDATION_FAILED');
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).errors.some(({ message }: Error) => TOO_MUCH.test(message))).toBe(true);
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it.each(each(allowed))('%s are not', async (_, query, variables) => {
    expect(JSON.parse((await post(query, variables)).text).errors).toBeUndefined();
  });
});

describe('by WebSocket', () => {
  let server: BareServer;
  beforeAll(async () => {
    server = await startBareServer({}, { schema: endless });
  });
  afterAll(() => server?.stop());

  const ofSubscriptions = each(refused)
    .filter(([, document]) => /^(\{|query Q\([^)]*\) \{) (node|page)/.test(document))
    .map(
      ([what, document, variables]) =>
        [what, document.replace(/^query|^/, 'subscription'), variables] as const,
    );

  it.each(ofSubscriptions)('%s are refused', async (_, query, variables) => {
    const client = subscriber(server, { token: 'token-a' });
    const end = await client.ask(query, variables as Record<string, unknown>).ended;
    expect(end).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    await client.close();
  });

  it('a text that is none is refused, in the document and in a variable', async () => {
    const client = subscriber(server, { token: 'token-a' });
    const written = (name: string) => client.ask(`subscription { named(name: "${name}") }`).ended;
    expect(await written('a')).toEqual({ completed: true });
    expect(await written('a\\u0000')).toMatchObject({
      errors: [
        {
          message: 'A text holds what is no character.',
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    });
    expect(await written('a\\ud800')).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }],
    });
    const variable = client.ask('subscription S($a: Int) { page(first: $a) { edges { node { id } } } }', {
      a: '\0',
    });
    expect(await variable.ended).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'a' } }],
    });
    await client.close();
  });
});

describe('on our own schema', () => {
  let server: TestServer;
  let token: string;
  beforeAll(async () => {
    server = await startServer();
    token = await server.token({ role: 'auditor' });
  });
  afterAll(() => server?.stop());

  const page = '{ pageInfo { hasNextPage } }';
  it.each([
    ['a hundred pages', `{ ${times(100, (n) => `a${n}: auditRecords ${page}`)} }`],
    ['eleven records', `{ ${times(11, (n) => `a${n}: auditRecord(id: "x") { id }`)} }`],
    [
      'three large pages with their entries',
      `{ ${times(3, (n) => `a${n}: auditRecords(first: 200) { edges { node { id entries { leaf hash detail } } } }`)} }`,
    ],
  ])('%s at once are refused', async (_, query) => {
    expectPublicError(await server.graphql(query, {}, { token }), 'GRAPHQL_VALIDATION_FAILED');
  });

  it('what was refused read nothing, or the log would say so', async () => {
    const { data } = await server.graphql('{ auditRecords { edges { node { id } } } }', {}, { token });
    expect(data.auditRecords.edges).toEqual([]);
  });

  it('a page of 200 records with everything in it is not too much, and two are', () => {
    const schema = ownSchema();
    const ask = (count: number) => {
      const type = schema.getType('AuditRecordConnection');
      const everything = type && everythingOf(type);
      const document = parse(`{ ${times(count, (n) => `a${n}: auditRecords(first: 200) ${everything}`)} }`);
      const [operation] = document.definitions;
      return () => requireAffordable(schema, { document, operation: operation as never, variables: {} });
    };
    expect(ask(1)).not.toThrow();
    expect(ask(2)).toThrow('Too much at once');
    // What is null is the usual page, whatever stands beside the variable.
    const type = schema.getType('AuditRecordConnection');
    const everything = type && everythingOf(type);
    const document = parse(
      `query($n: Int = 1) { ${times(7, (n) => `a${n}: auditRecords(first: $n) ${everything}`)} }`,
    );
    const [operation] = document.definitions;
    const withVariables = (variables: Record<string, unknown>) => () =>
      requireAffordable(schema, { document, operation: operation as never, variables });
    expect(withVariables({})).not.toThrow();
    expect(withVariables({ n: null })).toThrow('Too much at once');
  });

  it('none of the ready operations is too much', () => {
    const schema = ownSchema();
    for (const { query, variables } of operations) {
      const document = parse(query);
      const operation = document.definitions.find(({ kind }) => kind === 'OperationDefinition') as never;
      requireAffordable(schema, { document, operation, variables: variables?.() ?? {} });
    }
  });
});
