// Room for so many requests at once. What comes beyond is sent away before it costs memory: a queue that is longer
// than anybody waits helps nobody.
import { Fault } from '../errors.js';

const COME_BACK_MS = 1_000;

export class Room {
  private taken = 0;

  constructor(private readonly size: number) {}

  /** How many requests are worked on. */
  get inUse(): number {
    return this.taken;
  }

  /**
   * Does the work where there is room for it. It counts until it is done, also where whoever asked has gone.
   * @throws Fault OVERLOADED where there is none
   */
  async within<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.taken >= this.size) throw new Fault('OVERLOADED', { retryAfterMs: COME_BACK_MS });
    this.taken += 1;
    try {
      return await work();
    } finally {
      this.taken -= 1;
    }
  }
}
