// A provider in a sandbox of its own on a real port, where everything that arrives is counted; and the way to it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import type { SubjectKind } from '../../../src/limits/subject.js';
import { openLine, type ProviderLine } from '../../../src/pipeline/call.js';
import {
  type CommonSettings,
  type Provider,
  type Reply,
  TransportFailure,
  UnreadableAnswer,
} from '../../../src/providers/provider.js';
import { startSandbox } from '../../../src/sandbox/server.js';
import { configured } from '../../support/provider-bench.js';
import type { Talk, Variables } from './offer.js';
import type { AnyOperation, AnyValue } from './offers.js';

export interface Stage {
  /** Of the provider's simulator. */
  url: string;
  /** Requests that arrived, taken or not. */
  arrived(): number;
  /** Requests that the simulator took. */
  taken(): Promise<{ operation: string; subject: string; scenario: string }[]>;
  /** Bodies of the notices that came. */
  notices: { body: Buffer; contentType: string }[];
  talk(variables?: Variables): Talk;
  /** A line with settings as the server's start makes them; closed with the stage. */
  line(variables?: Variables): ProviderLine;
  /** One call over a line of its own. */
  call(operation: AnyOperation, input: unknown, variables?: Variables): Promise<Ended>;
  close(): Promise<void>;
}

export async function openStage(provider: Provider): Promise<Stage> {
  let arrivals = 0;
  const counted: Provider = {
    ...provider,
    simulator: {
      start: (world) =>
        provider.simulator.start(world).map((route) => ({
          ...route,
          answer: (request) => {
            arrivals += 1;
            return route.answer(request);
          },
        })),
    },
  };
  const sandbox = await startSandbox({ production: false, host: '127.0.0.1', port: 0 }, [counted]);
  const notices: Stage['notices'] = [];
  const door = await serve(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    notices.push({ body: Buffer.concat(chunks), contentType: request.headers['content-type'] ?? '' });
    response.end(provider.webhook?.acknowledgement ?? 'success');
  });
  const url = `${sandbox.url}/${provider.id}`;
  const lines: ProviderLine[] = [];
  const read = async (path: string) => (await fetch(sandbox.url + path)).json();
  const line = (variables: Variables = {}) => {
    const opened = openLine(provider, settingsOf(provider, variables, url));
    lines.push(opened);
    return opened;
  };
  return {
    url,
    arrived: () => arrivals,
    taken: () => read('/calls') as ReturnType<Stage['taken']>,
    notices,
    line,
    talk(variables) {
      const over = line(variables);
      return {
        noticeUrl: door.url,
        async call(operation, input) {
          const reply = await over.call(operation, input, { requestId: uuidv7() });
          if ('accepted' in reply) return reply.accepted;
          throw new Error(`an earlier call, ${operation.name}, was refused: ${reply.text}`);
        },
        async code(phone) {
          const [newest] = (await read(`/inbox?${new URLSearchParams({ phone })}`)) as { code: string }[];
          if (!newest) throw new Error('no code was delivered');
          return newest.code;
        },
      };
    },
    call: (operation, input, variables) =>
      endOf(line(variables).call(operation, input, { requestId: uuidv7() })),
    async close() {
      await Promise.all(lines.map((opened) => opened.close()));
      await sandbox.close();
      await door.close();
    },
  };
}

/** As the server's start makes them; whatever is wrong fails the test. */
export function settingsOf(provider: Provider, variables: Variables, sandboxUrl: string): CommonSettings {
  const { settings, faults } = configured(
    provider as Provider<CommonSettings>,
    { ...variables },
    { sandboxUrl },
  );
  if (!settings || faults.length > 0) throw new Error(`${provider.id}: ${faults.join('\n')}`);
  return settings;
}

/** What a call may come to. Anything else that is thrown is a bug, and stays one. */
export type Ended =
  | { is: 'ACCEPTED'; reply: Extract<Reply<AnyValue>, { accepted: AnyValue }> }
  | { is: 'REFUSED'; reply: Exclude<Reply<AnyValue>, { accepted: AnyValue }> }
  | { is: 'FAILED'; maybeSent: boolean; reason: string }
  | { is: 'UNREADABLE'; reason: string };

export async function endOf(reply: Promise<Reply<AnyValue>>): Promise<Ended> {
  try {
    const came = await reply;
    return 'accepted' in came ? { is: 'ACCEPTED', reply: came } : { is: 'REFUSED', reply: came };
  } catch (error) {
    if (error instanceof TransportFailure) {
      return { is: 'FAILED', maybeSent: error.maybeSent, reason: error.reason };
    }
    if (error instanceof UnreadableAnswer) return { is: 'UNREADABLE', reason: error.reason };
    throw error;
  }
}

/** `USERCOIN`: what the names of a provider's variables begin with. */
export function prefixOf({ id, environment }: Provider): string {
  const name = Object.keys(environment.shape).find((each) => each.endsWith('_ALLOW_HTTP'));
  if (!name) throw new Error(`${id} has no variable …_ALLOW_HTTP: its environment lacks commonEnvironment`);
  return name.slice(0, -'_ALLOW_HTTP'.length);
}

/** All of a provider's deadlines. */
export function deadlines({ environment }: Provider, ms: number): Variables {
  const names = Object.keys(environment.shape).filter((name) => name.endsWith('_DEADLINE_MS'));
  return Object.fromEntries(names.map((name) => [name, String(ms)]));
}

let subjects = 0;

/** A new phone in E.164, or a new id, with these last four digits. */
export function newSubject(kind: SubjectKind | 'NOBODY', lastFour = '0000'): string {
  subjects += 1;
  const unique = String(subjects).padStart(4, '0');
  return kind === 'phone' ? `+86138${unique}${lastFour}` : `U${unique}-7b1e-${lastFour}`;
}

export interface LocalServer {
  url: string;
  requests(): number;
  close(): Promise<void>;
}

/** A server that is told what to do; it also counts what comes. */
export async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<LocalServer> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    return handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
