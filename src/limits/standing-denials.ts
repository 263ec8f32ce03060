// Denials that still stand, as this process has heard of them: who is denied again and again is denied without asking
// the database. Nothing is allowed by it, so that what it forgets costs a question and no more.
import type { Denial } from './claims.js';

const AT_MOST = 50_000;

interface Standing {
  denial: Denial;
  /** Until then it is certain, by a clock that nobody sets. */
  until: number;
  /** When its window ends. */
  endsAt: number;
}

export class StandingDenials {
  private readonly standing = new Map<string, Standing>();

  /**
   * What stands is not renewed by those whom it denies: whether it still does has to be asked now and then.
   * @param key of the counter or budget that denied
   */
  remember(key: string, denial: Denial, forMs: number, now = performance.now()): void {
    if ((this.standing.get(key)?.until ?? 0) > now) return;
    const [oldest] = this.standing.size >= AT_MOST ? this.standing.keys() : [];
    if (oldest !== undefined) this.standing.delete(oldest);
    this.standing.set(key, { denial, until: now + forMs, endsAt: now + denial.retryAfterMs });
  }

  /** The denial of the first of these that stands, with the time that is left. */
  find(keys: readonly string[], now = performance.now()): Denial | undefined {
    for (const key of keys) {
      const known = this.standing.get(key);
      if (known && known.until > now) return { ...known.denial, retryAfterMs: Math.ceil(known.endsAt - now) };
      if (known) this.standing.delete(key);
    }
    return undefined;
  }
}
