// Connections as an attacker holds them: raw, many, and slow.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

export interface Held {
  readonly socket: Socket;
  /** All that came back. */
  said(): string;
  readonly closed: Promise<void>;
}

export async function hold(url: string, bytes = ''): Promise<Held> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let all = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    all += chunk.toString('latin1');
  });
  const closed = new Promise<void>((done) => socket.once('close', () => done()));
  await Promise.race([once(socket, 'connect'), closed]);
  if (bytes) socket.write(bytes);
  return { socket, said: () => all, closed };
}

/** A hundred at a time, or the backlog of the port is what is tried. */
export async function holdMany(url: string, count: number, bytes = ''): Promise<Held[]> {
  const all: Held[] = [];
  while (all.length < count) {
    const more = Math.min(100, count - all.length);
    all.push(...(await Promise.all(Array.from({ length: more }, () => hold(url, bytes)))));
  }
  return all;
}

export function drop(all: readonly Held[]): void {
  for (const { socket } of all) socket.destroy();
}

/** Writes a byte now and then until the connection is closed. */
export function drip({ socket }: Held, everyMs: number): void {
  const timer = setInterval(() => socket.write('x'), everyMs);
  socket.once('close', () => clearInterval(timer));
}

export const headOf = (path: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n`;

/** Of a process, in MB. */
export function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}
