// Where a command's output ends up: results on standard output, words on standard error, and how far it is on a line
// of its own, on a terminal only.
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { CommandOutput } from './command.js';

const PROGRESS_EVERY_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

export interface Terminal extends CommandOutput {
  readonly showsProgress: boolean;
  /** Takes the line of progress away. */
  done(): void;
}

export function terminal(
  results: Writable,
  words: Writable & { isTTY?: boolean; columns?: number },
  signal: AbortSignal,
): Terminal {
  const showsProgress = words.isTTY === true;
  let shown = false;
  let shownAt = 0;
  const done = () => {
    if (shown) words.write(CLEAR_LINE);
    shown = false;
  };
  return {
    showsProgress,
    signal,
    done,
    write: (text) => {
      done();
      return put(results, text);
    },
    say: (line) => {
      done();
      return put(words, `${line}\n`);
    },
    progress: (line) => {
      const now = Date.now();
      if (!showsProgress || now - shownAt < PROGRESS_EVERY_MS) return;
      shownAt = now;
      shown = true;
      words.write(CLEAR_LINE + line.slice(0, (words.columns ?? 80) - 1));
    },
  };
}

/** Resolves when there is room for more. @throws where nobody reads it any more */
export async function put(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.writableEnded) throw new Error('nobody reads the output any more');
  if (stream.write(text)) return;
  const left = new AbortController();
  await Promise.race([
    once(stream, 'drain', { signal: left.signal }),
    once(stream, 'close', { signal: left.signal }),
  ]).finally(() => left.abort());
}
