// Masks keep just enough to recognise what one already knows.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskDigits, maskPhone } from '../../src/audit/mask.js';

describe('maskPhone', () => {
  it('keeps the first three and last four digits of a mainland mobile', () => {
    expect(maskPhone('+8613800138000')).toBe('138****8000');
  });

  it('never shows more than half of the digits in the middle of any number', () => {
    const number = fc.stringMatching(/^\+[1-9]\d{9,14}$/);
    fc.assert(
      fc.property(number, (e164) => {
        const mask = maskPhone(e164);
        expect(mask).toMatch(/^(\d{3}|\+\d{3})\*{4}\d{4}$/);
        expect(mask.slice(-4)).toBe(e164.slice(-4));
        expect(mask).not.toContain(e164.slice(4, -4).padEnd(1, 'x'));
      }),
    );
  });
});

describe('maskDigits', () => {
  it('leaves no run of five digits, whatever a stranger wrote, and at most 128 characters', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,20}$/))), (parts) => {
        const masked = maskDigits(parts.join(''));
        expect(masked).not.toMatch(/\d{5}/);
        expect(masked.length).toBeLessThanOrEqual(128);
      }),
    );
  });
});
