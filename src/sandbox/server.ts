// The sandbox: the simulators of all providers on one real port, an inbox for what they "deliver", and a list
// of the calls they took. For people and tests; it refuses to start in production.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { StartupError } from '../errors.js';
import type { Provider, SimulatedAnswer, SimulatedRoute } from '../providers/provider.js';
import { BoundedLog } from './bounded-log.js';
import { Notifier } from './notifier.js';
import { describeScenario, scenarioOf } from './scenarios.js';

export interface SandboxSettings {
  production: boolean;
  host: string;
  port: number;
}

export interface Sandbox {
  readonly url: string;
  close(): Promise<void>;
}

interface Message {
  provider: string;
  phone: string;
  code: string;
  text: string;
  at: string;
}

interface AcceptedCall {
  provider: string;
  operation: string;
  subject: string;
  scenario: string;
  at: string;
}

const LATE_MS = 3_000;

export async function startSandbox(
  settings: SandboxSettings,
  providers: readonly Provider[],
): Promise<Sandbox> {
  if (settings.production) throw new StartupError(['the sandbox does not start in production']);
  const inbox = new BoundedLog<Message>(100_000);
  const calls = new BoundedLog<AcceptedCall>(1_000_000);
  const notifier = new Notifier();
  const app = fastify({ forceCloseConnections: true, bodyLimit: 1_048_576, exposeHeadRoutes: false });

  // Simulators read the raw body themselves, as the real servers' parsers would.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  for (const provider of providers) {
    const routes = provider.simulator.start({
      now: () => new Date(),
      scenario: scenarioOf,
      describe: describeScenario,
      deliver: (message) => inbox.add({ provider: provider.id, ...message, at: new Date().toISOString() }),
      notify: (notice) => notifier.send(notice),
      randomDigits: (count) => String(randomInt(10 ** (count - 1), 10 ** count)),
    });
    for (const route of routes) mount(provider, route);
  }

  function mount(provider: Provider, route: SimulatedRoute): void {
    app.route({
      method: route.method,
      url: `/${provider.id}${route.path}`,
      handler: async (request, reply) => {
        const answer = await route.answer({
          contentType: request.headers['content-type'] ?? '',
          body: typeof request.body === 'string' ? request.body : '',
          query: new URLSearchParams(request.url.split('?')[1] ?? ''),
          params: request.params as Record<string, string>,
          baseUrl: `http://${request.host}/${provider.id}`,
        });
        if (answer.accepted) {
          calls.add({
            provider: provider.id,
            operation: route.operation,
            subject: answer.accepted.subject,
            scenario: answer.scenario,
            at: new Date().toISOString(),
          });
        }
        return play(answer, request, reply);
      },
    });
  }

  app.get('/', async () => ({
    what: 'Yanzheng sandbox: simulators of all providers',
    inbox: '/inbox?phone=+8613800138000',
    calls: '/calls?provider=usercoin',
    providers: providers.map(({ id }) => id),
  }));
  app.get<{ Querystring: { phone?: string } }>('/inbox', async (request) => {
    // A bare + in a query reads as a space; nobody should have to know.
    const phone = request.query.phone?.replace(/^ /, '+');
    return inbox.newestFirst((message) => phone === undefined || message.phone === phone);
  });
  app.delete('/inbox', async (_request, reply) => {
    inbox.clear();
    return reply.status(204).send();
  });
  app.get<{ Querystring: { provider?: string; phone?: string } }>('/calls', async (request) => {
    const { provider, phone } = request.query;
    const subject = phone?.replace(/^ /, '+');
    return calls.newestFirst(
      (call) =>
        (provider === undefined || call.provider === provider) &&
        (subject === undefined || call.subject === subject),
    );
  });

  try {
    await app.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new StartupError([
      `SANDBOX_PORT ${settings.port} on ${settings.host} is taken; set another, or SANDBOX=off to use the sandbox that is there`,
    ]);
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : settings.port;
  return {
    url: `http://${settings.host}:${port}`,
    close: async () => {
      notifier.stop();
      await app.close();
    },
  };
}

/** Sends the answer, or what the scenario makes of it. */
async function play(answer: SimulatedAnswer, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  switch (answer.scenario) {
    case 'SILENT':
      return reply.hijack();
    case 'RESET':
      request.raw.socket.resetAndDestroy();
      return reply.hijack();
    case 'HTTP_500':
      return reply
        .status(500)
        .type('text/html; charset=utf-8')
        .send('<!DOCTYPE html><html><body><h1>500 Internal Server Error</h1></body></html>');
    case 'MALFORMED':
      return reply.type(answer.contentType).send(answer.body.slice(0, Math.ceil(answer.body.length / 2)));
    case 'LATE':
      await sleep(LATE_MS);
  }
  return reply
    .status(answer.status)
    .headers({ ...answer.headers })
    .type(answer.contentType)
    .send(answer.body);
}
