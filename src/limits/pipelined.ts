// One connection has only so many requests under way. HTTP/1.1 lets a client send thousands without waiting for an
// answer, and Node begins all of them; browsers and HTTP libraries send one, or a few.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const AT_ONCE = 20;

/** @returns a function that counts a request in, and answers false where its connection has to end */
export function limitPipelined(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const underWay = new WeakMap<Socket, number>();
  return ({ socket }, response) => {
    const count = (underWay.get(socket) ?? 0) + 1;
    if (count > AT_ONCE) return false;
    underWay.set(socket, count);
    response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
    return true;
  };
}
