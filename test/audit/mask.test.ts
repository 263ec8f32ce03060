// Masks keep just enough to recognise what one already knows.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskDigits, maskIdNumber, maskName, maskPhone } from '../../src/audit/mask.js';

/** What a person might write, and what nobody would. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[\d +-]{0,24}$/),
  fc.stringMatching(/^\p{L}{1,40}$/u),
);

describe('maskPhone', () => {
  it.each([
    ['+8613800138000', '138****8000'],
    ['13800138000', '138****8000'],
    ['１３８００１３８０００', '138****8000'],
    ['+85512345678', '+855****5678'],
    ['+12025550123', '+120****0123'],
    ['010-87654321', '010****4321'],
    ['(0571) 8765 4321 转 8001', '057****8001'],
    ['87654321', '***'],
    ['+29022158', '***'],
    ['10086', '***'],
    ['none', '***'],
    ['', '***'],
  ])('%s → %s', (number, mask) => {
    expect(maskPhone(number)).toBe(mask);
  });

  it('shows how any number begins and ends, and nothing of its middle', () => {
    const number = fc.stringMatching(/^\+[1-9]\d{9,14}$/);
    fc.assert(
      fc.property(number, (e164) => {
        const mask = maskPhone(e164);
        const front = /^\+86\d{11}$/.test(e164) ? e164.slice(3, 6) : e164.slice(0, 4);
        expect(mask).toBe(`${front}****${e164.slice(-4)}`);
      }),
    );
  });

  it('shows at most seven digits of any text, and hides at least three', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const mask = maskPhone(text);
        expect(mask).toMatch(/^(\*{3}|\+?\d{3}\*{4}\d{4})$/);
        const digits = text.normalize('NFKC').replace(/\D/g, '');
        if (mask !== '***') expect(digits.length).toBeGreaterThanOrEqual(10);
      }),
    );
  });
});

describe('maskName', () => {
  it.each([
    ['张三', '张*'],
    ['欧阳娜娜', '欧***'],
    ['Li Lei', 'L*****'],
    [' 张三 ', '张*'],
    ['𠮷田太郎', '𠮷***'],
    ['E\u0301lodie', 'E\u0301*****'],
    ['Maximilian-Alexander', 'M********'],
    ['张', '***'],
    ['', '***'],
    ['13800138000', '***'],
    ['\u202E张三', '***'],
    ['👩‍👩‍👧‍👦一家', '***'],
    [`Z${'\u0335'.repeat(50)}oe`, '***'],
  ])('%s → %s', (name, mask) => {
    expect(maskName(name)).toBe(mask);
  });

  it('shows at most one letter of any text, and at most nine signs', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const mask = maskName(text);
        expect(mask).toMatch(/^(\*{3}|\p{L}.{0,3}?\*{1,8})$/su);
        if (!text.includes('*') && text !== '') expect(mask).not.toContain(text);
      }),
    );
  });
});

describe('maskIdNumber', () => {
  it.each([
    ['110101194910011234', '110***********1234'],
    ['11010119491001987X', '110***********987X'],
    ['11010119491001987x', '110***********987x'],
    ['110101491001123', '***'],
    ['1101011949100112345', '***'],
    ['G12345678', '***'],
    ['', '***'],
  ])('%s → %s', (idNumber, mask) => {
    expect(maskIdNumber(idNumber)).toBe(mask);
  });

  it('keeps the length and hides the birthday, or hides all', () => {
    const idNumber = fc.stringMatching(/^[1-9]\d{16}[\dX]$/);
    fc.assert(
      fc.property(fc.oneof(idNumber, anyText), (text) => {
        const mask = maskIdNumber(text);
        expect(mask).toMatch(/^(\*{3}|\d{3}\*{11}\d{3}[\dXx])$/);
        if (mask !== '***') expect(mask).toHaveLength(text.length);
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
