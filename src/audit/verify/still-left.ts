// Waits for what a process that runs does within a moment: what was looked at may have been in the middle of it.
import { setTimeout as sleep } from 'node:timers/promises';

/** After an outage, the first process that runs again ends the chains of those that were killed. */
const DONE_WITHIN_MS = 45_000;
const ASKED_EVERY_MS = 1_000;

/** Asks for each until it is done. @returns those that are not done in time */
export async function stillLeft<One>(
  all: readonly One[],
  isDone: (one: One) => Promise<boolean>,
  signal: AbortSignal,
): Promise<One[]> {
  const end = Date.now() + DONE_WITHIN_MS;
  let left = [...all];
  for (;;) {
    const undone: One[] = [];
    for (const one of left) if (!(await isDone(one))) undone.push(one);
    left = undone;
    if (left.length === 0 || Date.now() > end) return left;
    await sleep(ASKED_EVERY_MS, undefined, { signal });
  }
}
