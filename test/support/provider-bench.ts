// A provider's client against its simulator: real HTTP on a real port, with the settings of an environment.
import { randomUUID } from 'node:crypto';
import { openLine, type ProviderLine } from '../../src/pipeline/call.js';
import type { CommonSettings, Operation, Provider, Reply } from '../../src/providers/provider.js';
import { TransportFailure, UnreadableAnswer } from '../../src/providers/provider.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.js';

type Variables = Record<string, string>;

/** What the provider's environment comes to, and the faults found in it. */
export function configured<Settings extends CommonSettings>(
  provider: Provider<Settings>,
  variables: Variables,
  around: { production?: boolean; sandboxUrl?: string } = {},
): { settings: Settings | null; faults: string[] } {
  const faults: string[] = [];
  const read = provider.environment.safeParse(variables);
  if (!read.success) {
    return { settings: null, faults: read.error.issues.map((i) => `${i.path.join('.')} ${i.message}`) };
  }
  const settings = provider.configure(
    read.data,
    { production: around.production ?? false, sandboxUrl: around.sandboxUrl },
    faults,
  );
  return { settings, faults };
}

export interface Bench {
  /** Of the provider's simulator. */
  url: string;
  /** The reply, or `UNREADABLE`, or why the exchange failed. */
  call<Input, Value extends object, Settings extends CommonSettings>(
    operation: Operation<Input, Value, Settings>,
    input: Input,
    variables?: Variables,
  ): Promise<Reply<Value> | string>;
  calls(phone?: string): Promise<{ operation: string; subject: string; scenario: string }[]>;
  inbox(phone: string): Promise<{ code: string; text: string }[]>;
  close(): Promise<void>;
}

export async function startBench<Settings extends CommonSettings>(
  provider: Provider<Settings>,
): Promise<Bench> {
  const plain = provider as Provider;
  const sandbox: Sandbox = await startSandbox({ production: false, host: '127.0.0.1', port: 0 }, [plain]);
  const lines: ProviderLine[] = [];
  const json = async (path: string) => (await fetch(sandbox.url + path)).json();
  const url = `${sandbox.url}/${provider.id}`;
  return {
    url,
    async call(operation, input, variables = {}) {
      const { settings, faults } = configured(provider, variables, { sandboxUrl: url });
      if (faults.length > 0) throw new Error(faults.join('\n'));
      const line = openLine(plain, settings);
      lines.push(line);
      try {
        return await line.call(operation, input, { requestId: randomUUID() });
      } catch (error) {
        if (error instanceof UnreadableAnswer) return 'UNREADABLE';
        if (error instanceof TransportFailure) return `${error.reason}${error.maybeSent ? '' : ' UNSENT'}`;
        throw error;
      }
    },
    calls: (phone) =>
      json(`/calls?${new URLSearchParams(phone === undefined ? {} : { phone })}`) as ReturnType<
        Bench['calls']
      >,
    inbox: (phone) => json(`/inbox?${new URLSearchParams({ phone })}`) as ReturnType<Bench['inbox']>,
    async close() {
      await Promise.all(lines.map((line) => line.close()));
      await sandbox.close();
    },
  };
}

export const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';

/** A request as somebody else's client would send it; the answer's text. */
export async function post(url: string, body: string | URLSearchParams, contentType = FORM): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: body.toString(),
  });
  return answer.text();
}

/** A form with some of its fields replaced; undefined takes one out. */
export function formOf(
  fields: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | undefined>> = {},
): URLSearchParams {
  const entries = Object.entries({ ...fields, ...change });
  return new URLSearchParams(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
