// One canonical form for a number, from any usual writing of it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callingCodeOf, isMainlandMobile, parsePhoneNumber } from '../src/phone-number.js';

const mobile = fc.stringMatching(/^1[3-9]\d{9}$/);
const separator = fc.constantFrom('', ' ', '-', '.', '  ');
const prefix = fc.constantFrom('', '+86', '+86 ', '0086', '0086-', '86', '(+86)', '＋８６');
const fullWidth = (text: string) =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));

describe('parsePhoneNumber', () => {
  it('gives all usual writings of a mainland mobile the same form', () => {
    fc.assert(
      fc.property(mobile, prefix, separator, fc.boolean(), (digits, before, between, wide) => {
        const parts = [digits.slice(0, 3), digits.slice(3, 7), digits.slice(7)];
        const text = ` ${before}${parts.join(between)} `;
        expect(parsePhoneNumber(wide ? fullWidth(text) : text)).toBe(`+86${digits}`);
      }),
      { numRuns: 500 },
    );
  });

  it('gives null or E.164 for any text, and never throws', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.stringMatching(/^[+０-９0-9 ().-]{0,45}$/),
    );
    fc.assert(
      fc.property(text, (any) => {
        const parsed = parsePhoneNumber(any);
        if (parsed === null) return;
        expect(parsed).toMatch(/^\+[1-9]\d{4,14}$/);
        expect(parsePhoneNumber(parsed)).toBe(parsed);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '',
    '110',
    '12345',
    '1380013800',
    '138001380000',
    '+86 138',
    'call 13800138000',
    '13800138000 ext 5',
    '📱',
    '9'.repeat(200),
    '+1 555',
    '+999 12345678',
  ])('takes %j for no number', (text) => {
    expect(parsePhoneNumber(text)).toBeNull();
  });

  it.each([
    ['+1 (415) 555-2671', '+14155552671'],
    ['+852 5123 4567', '+85251234567'],
    ['0044 7911 123456', '+447911123456'],
    ['010 6552 9988', '+861065529988'],
  ])('reads %s as %s', (text, e164) => {
    expect(parsePhoneNumber(text)).toBe(e164);
  });
});

describe('callingCodeOf', () => {
  it.each([
    ['+8613800138000', '+86'],
    ['+14155552671', '+1'],
    ['+85251234567', '+852'],
  ])('of %s is %s', (e164, code) => {
    expect(callingCodeOf(e164)).toBe(code);
  });
});

describe('isMainlandMobile', () => {
  it('is true for eleven digits behind +86 only', () => {
    expect(isMainlandMobile('+8613800138000')).toBe(true);
    for (const other of ['+861065529988', '+85251234567', '13800138000', '+86138001380001']) {
      expect(isMainlandMobile(other)).toBe(false);
    }
  });
});
