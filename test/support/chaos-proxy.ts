// A TCP proxy that misbehaves on demand: between a server and its database.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * - `pass`: as if it were not there
 * - `blackhole`: connections stay open, and nothing comes through
 * - `reset`: connections are reset, and so is every new one
 */
export type ChaosMode = 'pass' | 'blackhole' | 'reset';

export interface ChaosProxy {
  readonly port: number;
  set(mode: ChaosMode): void;
  /** Every chunk waits this long, in either direction. */
  delay(ms: number): void;
  /**
   * Resets the connection on which such bytes travel next, once: before the database sees them, or after it has
   * answered them and before that answer arrives. Resolves when that has happened.
   */
  cutAt(bytes: string, when: 'before' | 'after'): Promise<void>;
  close(): Promise<void>;
}

export async function chaosProxy(target: { host: string; port: number }): Promise<ChaosProxy> {
  let mode: ChaosMode = 'pass';
  let delayMs = 0;
  let cut: { bytes: string; when: 'before' | 'after'; done: () => void } | null = null;
  const pairs = new Set<{ near: Socket; far: Socket; lossy: boolean }>();

  const server = createServer((near) => {
    const far = connect(target);
    const pair = { near, far, lossy: false };
    let cutAtAnswer: (() => void) | null = null;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    if (mode === 'reset') near.resetAndDestroy();
    const pass = (to: Socket, chunk: Buffer) => {
      if (mode !== 'pass') pair.lossy = true;
      else if (delayMs === 0) to.write(chunk);
      else setTimeout(() => to.destroyed || to.write(chunk), delayMs);
    };
    near.on('data', (chunk) => {
      if (cut && chunk.includes(cut.bytes)) {
        const { when, done } = cut;
        cut = null;
        if (when === 'before') {
          near.resetAndDestroy();
          return done();
        }
        cutAtAnswer = done;
      }
      pass(far, chunk);
    });
    far.on('data', (chunk) => {
      if (!cutAtAnswer) return pass(near, chunk);
      near.resetAndDestroy();
      cutAtAnswer();
      cutAtAnswer = null;
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    port: address.port,
    set(next) {
      mode = next;
      for (const { near, far, lossy } of [...pairs]) {
        // What was swallowed never comes, so a connection that lost bytes is of no use any more.
        if (next === 'reset' || (next === 'pass' && lossy)) {
          near.resetAndDestroy();
          far.destroy();
        }
      }
    },
    delay(ms) {
      delayMs = ms;
    },
    cutAt: (bytes, when) =>
      new Promise((done) => {
        cut = { bytes, when, done };
      }),
    async close() {
      server.close();
      for (const { near, far } of [...pairs]) {
        near.destroy();
        far.destroy();
      }
    },
  };
}
