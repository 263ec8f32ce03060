// Waits for what a running system comes to by itself.
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with what `look` answers once `done` says so; fails with the last answer after `withinMs`. */
export async function eventually<Seen>(
  look: () => Promise<Seen> | Seen,
  done: (seen: Seen) => boolean,
  withinMs = 20_000,
): Promise<Seen> {
  const end = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (done(seen)) return seen;
    if (Date.now() > end) throw new Error(`still not so: ${JSON.stringify(seen)?.slice(0, 500)}`);
    await sleep(25);
  }
}
