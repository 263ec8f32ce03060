// What the WebSocket door does whatever the schema: it hides a closed schema, and words of an error stay inside.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { buildSchema } from 'graphql';
import type { Caller } from '../../src/auth/caller.js';
import { Fault } from '../../src/errors.js';
import { serveSubscriptions } from '../../src/graphql/subscriptions.js';
import { type Subscriber, subscriber } from './subscriber.js';

const SECRET = '13812345678';
const caller: Caller = {
  actor: 'alice',
  roles: new Set(['user']),
  actFor: '*',
  expiresAt: new Date(Date.now() + 60_000),
};

/** Subscriptions that go wrong in every place where one can. */
const sources: Record<string, () => AsyncIterable<unknown> | Promise<never>> = {
  refused: async () => {
    throw new Fault('NOT_FOUND');
  },
  broken: async () => {
    throw new Error(`no row for ${SECRET}`);
  },
  breaking: async function* () {
    yield { breaking: 'once' };
    throw new Error(`connection lost at ${SECRET}`);
  },
};
const schema = buildSchema(`
  type Query { nothing: String }
  type Subscription { refused: String broken: String breaking: String }`);
for (const [name, field] of Object.entries(schema.getSubscriptionType()?.getFields() ?? {})) {
  const source = sources[name];
  if (source) field.subscribe = source;
}

let app: FastifyInstance;
let client: Subscriber;
const logged: object[] = [];
beforeAll(async () => {
  app = fastify();
  await serveSubscriptions(app, {
    schema,
    openSchema: false,
    verify: async () => caller,
    clients: { registered: new Set(['app']), unnamed: undefined },
    origins: [],
    publicUrl: undefined,
    onGet: async () => 'get',
    log: { error: (fields) => logged.push(fields), debug: () => {} },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  client = subscriber({ url }, { token: 'any', 'x-client-id': 'app' });
});
afterAll(async () => {
  await client?.close();
  await app?.close();
});

describe('a closed schema', () => {
  it.each(['{ __schema { types { name } } }', '{ __type(name: "Subscription") { fields { name } } }'])(
    'is not shown over the socket: %s',
    async (query) => {
      const end = await client.ask(query).ended;
      const { errors } = end as { errors: { extensions: { code: string } }[] };
      expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
        new Set(['GRAPHQL_VALIDATION_FAILED']),
      );
      expect(JSON.stringify(end)).not.toMatch(/broken|breaking/);
    },
  );

  it('is not guessed from what nearly fits', async () => {
    const end = await client.ask('subscription { brokn }').ended;
    expect(end).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    expect(JSON.stringify(end)).not.toContain('broken');
  });
});

describe('a subscription', () => {
  it('that is refused says why', async () => {
    const asked = client.ask('subscription { refused }');
    expect(await asked.ended).toEqual({ completed: true });
    expect(asked.seen).toMatchObject([
      { errors: [{ extensions: { code: 'NOT_FOUND' }, path: ['refused'] }] },
    ]);
  });

  it.each(['broken', 'breaking'])(
    'that is %s ends with INTERNAL, and keeps its words inside',
    async (name) => {
      logged.length = 0;
      const asked = client.ask(`subscription { ${name} }`);
      const said = JSON.stringify([await asked.ended, asked.seen]);
      expect(said).toContain('"code":"INTERNAL"');
      expect(said).not.toContain(SECRET);
      expect(logged).toHaveLength(1);
      expect(JSON.stringify(logged)).not.toContain(SECRET);
    },
  );

  it('that went wrong leaves the connection as it was', async () => {
    for (let round = 0; round < 30; round += 1) await client.ask('subscription { breaking }').ended;
    expect(await client.ask('{ nothing }').ended).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
  });
});
