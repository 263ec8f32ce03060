// Subscriptions over graphql-ws, connected only while somebody listens, and connected again for as long as it
// takes. The server tells the present state first, so nothing is missed in between.
import { createClient } from 'graphql-ws';
import { ApiError, apiErrorOf } from './api-error.js';
import { type ClientSettings, introduction } from './send.js';
import type { TypedDocument } from './typed-document.js';

/** `url` has to be a whole address: not every browser takes another for a WebSocket. */
export interface SubscriptionSettings extends ClientSettings {
  /** Where the platform has none of its own. */
  webSocket?: unknown;
}

export interface Listener<Result> {
  next(result: Result): void;
  /** It has ended and will not come back. */
  error(error: ApiError): void;
  /** True once it is running, false while it is being connected again. */
  connected?(connected: boolean): void;
}

export interface Subscriptions {
  /** Returns how to stop. */
  subscribe<Result, Variables extends object>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    listener: Listener<Result>,
  ): () => void;
  /** Connects anew: with another token, or in another language. */
  reconnect(): void;
}

const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
const LONGEST_PAUSE_MS = 15_000;
/** Close codes of graphql-transport-ws: unauthorized, forbidden. */
const REFUSALS: readonly unknown[] = [4401, 4403];

export function openSubscriptions(settings: SubscriptionSettings): Subscriptions {
  let overdue: ReturnType<typeof setTimeout> | undefined;
  let accepted = false;
  // Refused before it was accepted: the same token would be refused again. One that ends later may have a successor.
  let refused = false;
  const client = createClient({
    url: settings.url.replace(/^http/, 'ws'),
    ...(settings.webSocket ? { webSocketImpl: settings.webSocket } : {}),
    connectionParams: () => introduction(settings),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => !refused,
    retryWait: (retries) =>
      new Promise((resolve) => {
        setTimeout(resolve, Math.min(LONGEST_PAUSE_MS, 500 * 2 ** retries) * (0.75 + Math.random() / 2));
      }),
    // A connection that has silently died, as they do on phones, shows by a pong that does not come.
    keepAlive: PING_EVERY_MS,
    on: {
      connecting: () => {
        accepted = false;
        refused = false;
      },
      connected: () => {
        accepted = true;
      },
      ping: (received) => {
        if (received) return;
        overdue = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: () => clearTimeout(overdue),
      closed: (event) => {
        clearTimeout(overdue);
        refused = !accepted && isRefusal(event);
      },
    },
  });

  return {
    subscribe<Result>(
      { query }: TypedDocument<Result, never>,
      variables: object,
      listener: Listener<Result>,
    ) {
      const forget = [
        client.on('connected', () => listener.connected?.(true)),
        client.on('closed', () => listener.connected?.(false)),
      ];
      const stop = client.subscribe<Result>(
        { query, variables: { ...variables } },
        {
          next: ({ data, errors }) => {
            if (errors) return listener.error(apiErrorOf(errors));
            listener.connected?.(true);
            if (data) listener.next(data);
          },
          error: (error) => listener.error(asApiError(error)),
          complete: () => {},
        },
      );
      return () => {
        for (const off of forget) off();
        stop();
      };
    },
    reconnect: () => client.terminate(),
  };
}

const isRefusal = (event: unknown) => REFUSALS.includes((event as { code?: unknown } | null)?.code);

function asApiError(error: unknown): ApiError {
  if (Array.isArray(error)) return apiErrorOf(error);
  if (isRefusal(error)) return new ApiError('UNAUTHENTICATED', 'The token was refused.', { cause: error });
  return new ApiError('NO_ANSWER', 'The connection was refused.', { cause: error });
}
