// Denials that come again and again are counted: each entry at least twice as long after the one before, also for
// whoever pauses a little between them.
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { Ledger } from '../../src/pipeline/ledger.js';
import { Tallies } from '../../src/pipeline/tallies.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

it('writes a dozen entries in an hour, however often somebody is denied in it', async () => {
  const written: { at: number; count: number }[] = [];
  const ledger = {
    tally: async ({ count }: { count: number }) => {
      written.push({ at: Date.now(), count });
    },
  };
  const began = Date.now();
  const tallies = new Tallies(ledger as unknown as Ledger, { warn: () => {}, error: () => {} });
  const denied = { record: 'r', provider: 'usercoin', kind: 'VERIFICATION_CODE', rule: 'PHONE' } as const;
  for (let minutes = 0; minutes < 60; minutes += 1) {
    for (let i = 0; i < 15; i += 1) {
      tallies.add(denied);
      await jest.advanceTimersByTimeAsync(4_000);
    }
  }
  await tallies.stop();
  expect(written.reduce((sum, { count }) => sum + count, 0)).toBe(900);
  // 1, 2, 4 … 256 seconds, then each 300.
  expect(written.length).toBeLessThan(22);
  expect((written[0]?.at ?? 0) - began).toBeLessThan(2_000);
});
