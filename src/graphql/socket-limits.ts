// How much sockets may take: of one caller so many, each with so many subscriptions, so many messages, and no more
// answers in memory than its other end reads.
import type { WebSocket } from '@fastify/websocket';

const SOCKETS_A_CALLER = 20;
const SUBSCRIPTIONS_A_SOCKET = 20;
const SUBSCRIPTIONS_A_CALLER = 100;
export const MESSAGE_BYTES = 16 * 1024;
const messages = { most: 200, inMs: 10_000 };
const UNREAD_BYTES = 256 * 1024;

/** Close codes of RFC 6455. */
export const closing = { policy: 1008, later: 1013 } as const;
/** Who does not agree to an end is cut off after this. */
export const FAREWELL_MS = 1_000;

/** A connection as graphql-ws knows it: its subscriptions by their ids, the one that is asked for among them. */
export interface Connection {
  readonly subscriptions: object;
}

/** The connections of each caller of this process. */
export class CallersConnections {
  private readonly open = new Map<string, Set<Connection>>();

  /** False where the caller has too many. */
  add(actor: string, connection: Connection): boolean {
    const own = this.open.get(actor) ?? new Set();
    if (own.size >= SOCKETS_A_CALLER) return false;
    this.open.set(actor, own.add(connection));
    return true;
  }

  remove(actor: string, connection: Connection): void {
    const own = this.open.get(actor);
    own?.delete(connection);
    if (own?.size === 0) this.open.delete(actor);
  }

  /** True where one subscription more, already counted, is not too many. */
  mayRun(actor: string, connection: Connection): boolean {
    if (running(connection) > SUBSCRIPTIONS_A_SOCKET) return false;
    let all = 0;
    for (const one of this.open.get(actor) ?? []) all += running(one);
    return all <= SUBSCRIPTIONS_A_CALLER;
  }
}

function running({ subscriptions }: Connection): number {
  return Object.keys(subscriptions).length;
}

/** Closes a socket that floods us, or lets answers pile up. */
export function guard(socket: WebSocket): void {
  let seen = 0;
  let since = Date.now();
  socket.on('message', () => {
    const now = Date.now();
    if (now - since > messages.inMs) {
      seen = 0;
      since = now;
    }
    seen += 1;
    if (seen > messages.most) dismiss(socket, 'too many messages');
    else if (socket.bufferedAmount > UNREAD_BYTES) dismiss(socket, 'too much unread');
  });
}

function dismiss(socket: WebSocket, why: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(closing.policy, why);
  // Nothing more is read from it.
  socket.pause();
}

/**
 * Hands a socket to graphql-ws, which would print a stack for every client that breaks off or breaks the protocol.
 * What broke is told by the socket's end, and by the error handler that it came with.
 */
export function quieten(socket: WebSocket, handOver: () => void): void {
  const send = socket.send.bind(socket) as (data: string, done: () => void) => void;
  Object.assign(socket, { send: (data: string, done?: () => void) => send(data, () => done?.()) });
  const before = socket.listeners('error');
  handOver();
  for (const listener of socket.listeners('error') as (() => void)[]) {
    if (!before.includes(listener)) socket.off('error', listener);
  }
}
