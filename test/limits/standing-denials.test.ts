// What a process remembers of denials: no longer than it is certain, however often it is used.
import { describe, expect, it } from '@jest/globals';
import { StandingDenials } from '../../src/limits/standing-denials.js';

const denial = { rule: 'BUDGET', retryAfterMs: 60_000, record: 'r' };

describe('a denial that stands', () => {
  it('is told with the time that is left', () => {
    const standing = new StandingDenials();
    standing.remember('key', denial, 500, 1_000);
    expect(standing.find(['other', 'key'], 1_400)).toEqual({ ...denial, retryAfterMs: 59_600 });
    expect(standing.find(['other'], 1_400)).toBeUndefined();
  });

  it('is asked for again when it is not certain any more, also where many were denied by it', () => {
    const standing = new StandingDenials();
    standing.remember('key', denial, 500, 1_000);
    for (let now = 1_100; now < 1_500; now += 100) {
      const found = standing.find(['key'], now);
      expect(found).toBeDefined();
      standing.remember('key', found ?? denial, 500, now);
    }
    expect(standing.find(['key'], 1_500)).toBeUndefined();
    standing.remember('key', denial, 500, 1_600);
    expect(standing.find(['key'], 1_700)).toBeDefined();
  });
});
