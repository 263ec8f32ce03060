// Tells those who watch a flow that it may have changed, whichever replica changed it.

export class FlowChanges {
  private readonly watchers = new Map<string, Set<() => void>>();

  /** @param flow absent where notifications may have been missed: everybody looks anew */
  heard(flow: string | undefined): void {
    const woken = flow === undefined ? [...this.watchers.values()] : [this.watchers.get(flow) ?? []];
    for (const wakes of woken) for (const wake of wakes) wake();
  }

  /**
   * Reads once at the start and then after every change, until the reader leaves. Changes that come while
   * nobody asks count as one, and a reading of null is passed over. Not an async generator: those cannot be ended while they wait.
   */
  watch<Value>(flow: string, read: () => Promise<Value | null>): AsyncIterableIterator<Value> {
    let changed = true;
    let ended = false;
    let resume: (() => void) | undefined;
    const wake = () => {
      changed = true;
      resume?.();
    };
    const wakes = this.watchers.get(flow) ?? new Set();
    this.watchers.set(flow, wakes.add(wake));

    const end = async (): Promise<IteratorResult<Value>> => {
      // Once: by a second time the flow may have other watchers.
      if (!ended) {
        ended = true;
        wakes.delete(wake);
        if (wakes.size === 0) this.watchers.delete(flow);
        resume?.();
      }
      return { done: true, value: undefined };
    };
    return {
      async next() {
        for (;;) {
          if (!changed && !ended) {
            await new Promise<void>((resolve) => {
              resume = resolve;
            });
          }
          if (ended) return { done: true, value: undefined };
          changed = false;
          // Whoever gets an error asks no more, and does not end it either.
          const value = await read().catch(async (error) => {
            await end();
            throw error;
          });
          if (value !== null && !ended) return { done: false, value };
        }
      },
      return: end,
      throw: async (error) => {
        await end();
        throw error;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
