// Looks for a challenge's solution in a thread of its own.
import { solveHumanCheck } from '../../client/solve-human-check.js';

/** Null where none was found. */
export interface Solved {
  text: string | null;
}

self.onmessage = async ({ data: challenge }: MessageEvent<unknown>) => {
  const text = await solveHumanCheck(challenge).catch(() => null);
  self.postMessage({ text } satisfies Solved);
};
