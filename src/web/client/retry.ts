// Repeats what may be repeated: a request whose answer was lost, or that the server asks to have repeated.
import { ApiError } from './api-error.js';

const PAUSES_MS = [400, 1_500, 4_000];
/** Who is told to wait longer is better told so. */
const LONGEST_PAUSE_MS = 10_000;

const askedToRepeat: ReadonlySet<string> = new Set(['REQUEST_IN_PROGRESS', 'OVERLOADED']);

/**
 * @param onRepeat called before each repetition
 * @throws ApiError the last one
 */
export async function withRepetition<Result>(
  work: () => Promise<Result>,
  onRepeat: () => void = () => {},
): Promise<Result> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      const waitMs = pauseBefore(error, pauseMs);
      if (waitMs === null) throw error;
      onRepeat();
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  return work();
}

/** Null where repeating is of no use. */
function pauseBefore(error: unknown, pauseMs: number): number | null {
  if (!(error instanceof ApiError)) return null;
  // Not all at the same moment.
  if (error.code === 'NO_ANSWER') return pauseMs * (0.75 + Math.random() / 2);
  if (!askedToRepeat.has(error.code)) return null;
  const waitMs = error.retryAfterMs ?? pauseMs;
  return waitMs <= LONGEST_PAUSE_MS ? waitMs : null;
}
