// Subscribes over graphql-ws, as a front-end would.
import { createClient } from 'graphql-ws';
import { type CloseEvent, WebSocket } from 'undici';
import { bindingUpdated } from '../support/operations.js';

// biome-ignore lint/suspicious/noExplicitAny: what comes is what a test is about
type Said = any;

export interface Watching {
  /** Everything that came, oldest first; errors of a running subscription among it. */
  readonly seen: Said[];
  /** How it ended. */
  readonly ended: Promise<{ errors: Said[] } | { closed: number } | { completed: true }>;
  stop(): void;
}

export interface Subscriber {
  watch(id: string): Watching;
  ask(query: string, variables?: Record<string, unknown>): Watching;
  /** How the connection ended. */
  readonly closed: Promise<CloseEvent>;
  close(): Promise<void>;
}

export function subscriber(
  { url }: { url: string },
  { token, ...params }: { token?: string | undefined; [name: string]: string | undefined },
  headers: Record<string, string> = {},
): Subscriber {
  let told: (event: CloseEvent) => void;
  const closed = new Promise<CloseEvent>((resolve) => {
    told = resolve;
  });
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, { protocols, headers });
      }
    },
    connectionParams: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...params },
    retryAttempts: 0,
    // One connection for all that follows, whether anything is running or not.
    lazy: false,
    onNonLazyError: () => {},
    on: { closed: (event) => told(event as CloseEvent) },
  });
  const ask: Subscriber['ask'] = (query, variables) => {
    const seen: Said[] = [];
    let stop = () => {};
    const ended = new Promise<Awaited<Watching['ended']>>((resolve) => {
      stop = client.subscribe(
        { query, variables: variables ?? {} },
        {
          next: ({ data, errors }) => seen.push(errors ? { errors } : Object.values(data ?? {})[0]),
          error: (error) =>
            resolve(Array.isArray(error) ? { errors: error } : { closed: (error as CloseEvent).code }),
          complete: () => resolve({ completed: true }),
        },
      );
    });
    return { seen, ended, stop: () => stop() };
  };
  return {
    ask,
    watch: (id) => ask(bindingUpdated, { id }),
    closed,
    close: async () => {
      await client.dispose();
    },
  };
}
