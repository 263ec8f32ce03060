// Our HTTP server and GraphQL doors in this process, on a schema of a test's own: no database, no providers.
import type { FastifyInstance } from 'fastify';
import { buildSchema } from 'graphql';
import { pino } from 'pino';
import type { Caller } from '../../src/auth/caller.js';
import { Fault } from '../../src/errors.js';
import type { RequestContext } from '../../src/graphql/context.js';
import { type GraphQLSettings, serveGraphQL } from '../../src/graphql/server.js';
import { serveSubscriptions } from '../../src/graphql/subscriptions.js';
import { createHttpServer, type HttpServerSettings } from '../../src/http-server.js';
import { Room } from '../../src/limits/room.js';

export interface BareServer {
  readonly url: string;
  readonly app: FastifyInstance;
  stop(): Promise<void>;
}

/** Answers with what a request is known by, and waits where it is told to. */
const schema = buildSchema(`
  type Query { address: String, large: String, wait(ms: Int!): Boolean }
  type Mutation { wait(ms: Int!): Boolean }
  type Subscription { address: String, never: String }`);

type Args = { ms: number };
const queries = {
  address: (_: unknown, _args: unknown, { address }: RequestContext) => address,
  large: () => 'x'.repeat(1_000_000),
  wait: (_: unknown, { ms }: Args) => new Promise((done) => setTimeout(() => done(true), ms).unref()),
};
for (const root of [schema.getQueryType(), schema.getMutationType()]) {
  for (const [name, field] of Object.entries(root?.getFields() ?? {})) {
    field.resolve = queries[name as keyof typeof queries];
  }
}
for (const [name, field] of Object.entries(schema.getSubscriptionType()?.getFields() ?? {})) {
  field.subscribe = async function* (_root, _args, { address }: RequestContext) {
    if (name === 'never') await new Promise(() => {});
    yield { address };
  };
}

/** Every token that begins with `token-` is good, and stands for itself. */
async function verify(token: string): Promise<Caller> {
  if (!token.startsWith('token-')) throw new Fault('UNAUTHENTICATED');
  const expiresAt = new Date(Date.now() + 60_000);
  return { actor: token, roles: new Set(['user']), actFor: '*', expiresAt };
}

export async function startBareServer(
  http: HttpServerSettings = {},
  graphql: Partial<GraphQLSettings> & { maxSockets?: number } = {},
): Promise<BareServer> {
  const log = pino({ level: 'silent' });
  const app = createHttpServer(log, http);
  const settings = {
    schema,
    openSchema: true,
    verify,
    clients: { registered: new Set(['app']), unnamed: 'app' },
    origins: [],
    publicUrl: undefined,
    room: new Room(1_000),
    log,
    ...graphql,
  };
  app.get('/livez', async () => ({ status: 'ok' }));
  await serveGraphQL(app, settings);
  await serveSubscriptions(app, { ...settings, onGet: async () => 'get' });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, app, stop: () => app.close() };
}
