// The real server, as `npm start` runs it: dist/bundled/main.js in a process of its own, spoken to over HTTP.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { developmentToken, type TokenWish } from '../../src/auth/development-token.js';
import { shortLived } from './command.js';
import { freshDatabase, type TestDatabase } from './database.js';

export interface ServerOptions {
  /** Absent: a fresh one, dropped when the server stops. */
  database?: TestDatabase;
  env?: Record<string, string>;
  /** The sandbox of another server, instead of one's own. */
  sandboxOf?: TestServer;
  /** What LIMITS_FILE holds; `AS_THEY_ARE` for the table itself. Absent: lifted, but for production, which refuses that. */
  limits?: object | 'AS_THEY_ARE';
}

export interface GraphQLAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
  data: any;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  errors: any[] | undefined;
  text: string;
}

export interface CallOptions {
  token?: string | undefined;
  client?: string;
  /** As Accept-Language. */
  language?: string;
  headers?: Record<string, string>;
}

export interface SandboxCall {
  provider: string;
  operation: string;
  subject: string;
  scenario: string;
  at: string;
}

export interface TestServer {
  readonly url: string;
  readonly sandboxUrl: string;
  readonly sandboxPort: number;
  readonly database: TestDatabase;
  readonly pid: number;
  /** Resolves with the exit code, null after a signal. */
  readonly ended: Promise<number | null>;
  /** All it has printed. */
  output(): string;
  graphql(query: string, variables?: object, options?: CallOptions): Promise<GraphQLAnswer>;
  token(wish: TokenWish): Promise<string>;
  /** The calls that the sandbox took, newest first. */
  calls(filter?: Record<string, string>): Promise<SandboxCall[]>;
  inbox(phone?: string): Promise<{ phone: string; code: string; text: string }[]>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: what `kill -9` does. The database stays. */
  kill(): Promise<void>;
}

const STARTED = /GraphQL\s+(http:\S+)\/graphql/;

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const database = options.database ?? (await freshDatabase());
  const { child, url, sandboxPort } = await spawnWithSandbox(database, options);
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const readJson = async (path: string) => (await fetch(`${sandboxUrl}${path}`)).json();

  return {
    url,
    sandboxUrl,
    sandboxPort,
    database,
    pid: child.pid,
    ended: child.ended,
    output: child.output,
    graphql: (query, variables, call) => graphql(url, query, variables, call),
    token: (wish) => developmentToken(database.dataDir, wish),
    calls: async (filter = {}) => (await readJson(`/calls?${new URLSearchParams(filter)}`)) as SandboxCall[],
    inbox: async (phone) =>
      (await readJson(`/inbox?${new URLSearchParams(phone ? { phone } : {})}`)) as {
        phone: string;
        code: string;
        text: string;
      }[],
    stop: async () => {
      const code = await child.end('SIGTERM');
      if (!options.database) await database.drop();
      return code;
    },
    kill: async () => {
      await child.end('SIGKILL');
    },
  };
}

/** The sandbox's port has to be chosen beforehand, and may be somebody else's by then: another one then. */
async function spawnWithSandbox(database: TestDatabase, { sandboxOf, env, limits }: ServerOptions) {
  const limitsEnv = limitsOf(limits, env?.NODE_ENV === 'production', database.dataDir);
  for (let attempt = 1; ; attempt += 1) {
    const sandboxPort = sandboxOf?.sandboxPort ?? (await freePort());
    const child = spawnServer({
      ...database.env,
      PORT: '0',
      SANDBOX: sandboxOf ? 'off' : 'on',
      SANDBOX_PORT: String(sandboxPort),
      ...limitsEnv,
      ...env,
    });
    try {
      return { child, url: await child.started, sandboxPort };
    } catch (error) {
      if (attempt >= 5 || !child.output().includes(`SANDBOX_PORT ${sandboxPort}`)) throw error;
    }
  }
}

let limitFiles = 0;
function limitsOf(
  limits: ServerOptions['limits'],
  production: boolean,
  folder: string,
): Record<string, string> {
  if (limits === 'AS_THEY_ARE' || (limits === undefined && production)) return {};
  limitFiles += 1;
  const file = join(folder, `limits-${limitFiles}.json`);
  writeFileSync(file, JSON.stringify(limits ?? { enabled: false }));
  return { LIMITS_FILE: file };
}

/** Starts a server that is expected to end by itself; resolves with its exit code and what it printed. */
export async function runToEnd(
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const child = spawnServer(env);
  child.started.catch(() => {});
  const code = await child.ended;
  return { code, output: child.output() };
}

function spawnServer(env: Record<string, string>) {
  const child: ChildProcess = spawn(
    process.execPath,
    [...shortLived, '--enable-source-maps', 'dist/bundled/main.js'],
    {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const started = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const url = STARTED.exec(output)?.[1];
      if (url) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    ended.then((code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
  return {
    pid: child.pid ?? 0,
    started,
    ended,
    output: () => output,
    end: async (signal: NodeJS.Signals) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
  };
}

async function graphql(
  url: string,
  query: string,
  variables?: object,
  { token, client, language, headers }: CallOptions = {},
): Promise<GraphQLAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(client ? { 'x-client-id': client } : {}),
      ...(language ? { 'accept-language': language } : {}),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const json = JSON.parse(text) as Pick<GraphQLAnswer, 'data' | 'errors'>;
  return { status: response.status, headers: response.headers, data: json.data, errors: json.errors, text };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
