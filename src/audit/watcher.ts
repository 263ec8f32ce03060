// One who watches: what he is told waits until he takes it, up to a bound. Not an async generator: those cannot be
// ended while they wait.
import { Fault } from '../errors.js';

export class Watcher<Row> implements AsyncIterableIterator<Row> {
  private waiting: Row[] = [];
  private overrun = false;
  private ended = false;
  private resume: (() => void) | undefined;

  /** @param left told once, when he leaves */
  constructor(
    private readonly atMost: number,
    private readonly left: () => void,
  ) {}

  /** Where more would wait than may, he gets an error instead, and is to begin again. */
  tell(rows: readonly Row[]): void {
    if (this.waiting.length + rows.length > this.atMost) {
      this.overrun = true;
      this.waiting = [];
    } else {
      this.waiting.push(...rows);
    }
    this.resume?.();
  }

  async next(): Promise<IteratorResult<Row>> {
    for (;;) {
      if (this.ended) return { done: true, value: undefined };
      if (this.overrun) {
        // Whoever gets an error asks no more, and does not end it either.
        await this.return();
        throw new Fault('OVERLOADED', { message: 'More comes than is taken; begin again.' });
      }
      const row = this.waiting.shift();
      if (row !== undefined) return { done: false, value: row };
      await new Promise<void>((resolve) => {
        this.resume = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<Row>> {
    if (!this.ended) {
      this.ended = true;
      this.waiting = [];
      this.left();
      this.resume?.();
    }
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<Row>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
