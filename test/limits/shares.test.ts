// An address has its share and no more, whichever of its /64 it uses; those that speak for many have none.
import { describe, expect, it } from '@jest/globals';
import { Shares } from '../../src/limits/shares.js';

describe('a share of two', () => {
  const shares = new Shares({ most: 2, isExempt: (address) => address === '10.0.0.1' });
  const takes = (address: string) => shares.take(address) !== null;

  it('is one for a /64, and another for its neighbour', () => {
    expect(['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1'].map(takes)).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it('comes back once, however often it is given back', () => {
    const [first] = [shares.take('203.0.113.7'), shares.take('203.0.113.7')];
    first?.();
    first?.();
    expect([takes('203.0.113.7'), takes('203.0.113.7')]).toEqual([true, false]);
  });

  it('is not counted of those who are exempt', () => {
    expect(Array.from({ length: 5 }, () => takes('10.0.0.1'))).toEqual(Array(5).fill(true));
  });
});
