// Watching a flow: every change is heard, none is missed, and nothing is left behind when the watcher goes.
import { describe, expect, it } from '@jest/globals';
import { FlowChanges } from '../../src/pipeline/flow-changes.js';

/** A flow whose state is a number, and how often it was read. */
function flow() {
  const changes = new FlowChanges();
  const its = { state: 0, reads: 0 };
  const read = async () => {
    its.reads += 1;
    return its.state;
  };
  const change = () => {
    its.state += 1;
    changes.heard('flow');
  };
  return { changes, its, read, change, watch: () => changes.watch('flow', read) };
}
const watchersOf = (changes: FlowChanges) =>
  (changes as unknown as { watchers: Map<string, unknown> }).watchers.size;

describe('watching a flow', () => {
  it('reads at the start, and after each change', async () => {
    const { change, watch } = flow();
    const watching = watch();
    expect(await watching.next()).toEqual({ done: false, value: 0 });
    const next = watching.next();
    change();
    expect(await next).toEqual({ done: false, value: 1 });
  });

  it('hears a change between two questions, several as one', async () => {
    const { its, change, watch } = flow();
    const watching = watch();
    await watching.next();
    change();
    change();
    change();
    expect(await watching.next()).toEqual({ done: false, value: 3 });
    expect(its.reads).toBe(2);
  });

  it('hears a change that comes while it reads', async () => {
    const { changes, change } = flow();
    let state = 0;
    const watching = changes.watch('flow', async () => {
      const seen = state;
      if (seen === 0) {
        state = 1;
        change();
      }
      return seen;
    });
    expect((await watching.next()).value).toBe(0);
    expect((await watching.next()).value).toBe(1);
  });

  it('looks anew after a gap in what could be heard', async () => {
    const { changes, its, watch } = flow();
    const watching = watch();
    await watching.next();
    its.state = 7;
    const next = watching.next();
    changes.heard(undefined);
    expect((await next).value).toBe(7);
  });

  it('passes over a reading of null, and over changes of others', async () => {
    const { changes } = flow();
    const readings = [null, null, 'there'];
    const watching = changes.watch('flow', async () => readings.shift() ?? null);
    const next = watching.next();
    for (let change = 0; change < 5; change += 1) {
      await Promise.resolve();
      changes.heard('another');
    }
    expect(readings).toHaveLength(2);
    changes.heard('flow');
    await new Promise(setImmediate);
    changes.heard('flow');
    expect((await next).value).toBe('there');
  });

  it('ends while it waits, and leaves nothing behind', async () => {
    const { changes, change, its, watch } = flow();
    const watching = watch();
    await watching.next();
    const next = watching.next();
    await watching.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(watchersOf(changes)).toBe(0);
    change();
    expect(await watching.next()).toEqual({ done: true, value: undefined });
    expect(its.reads).toBe(1);
  });

  it('tells nothing more when it is ended while it reads', async () => {
    const { changes } = flow();
    let answer: (state: number) => void = () => {};
    const watching = changes.watch('flow', () => new Promise<number>((resolve) => (answer = resolve)));
    const next = watching.next();
    await watching.return?.();
    answer(1);
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('that is ended twice does not end those who came after', async () => {
    const { changes, change, watch } = flow();
    const first = watch();
    await first.next();
    await first.return?.();
    const second = watch();
    await second.next();
    await first.return?.();
    change();
    expect((await second.next()).value).toBe(1);
    expect(watchersOf(changes)).toBe(1);
  });

  it('whose reading fails says so once, and leaves nothing behind', async () => {
    const { changes } = flow();
    const watching = changes.watch('flow', async () => {
      throw new Error('the database is away');
    });
    await expect(watching.next()).rejects.toThrow('the database is away');
    expect(watchersOf(changes)).toBe(0);
    expect(await watching.next()).toEqual({ done: true, value: undefined });
  });
});
