// Where a binding ends depends on what the notices say, not on their order or number.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  afterApplication,
  afterConfirmation,
  afterNotice,
  type BindResult,
  mayConfirm,
  meaningOfBindResult,
  phoneBindingStatuses,
} from '../../../src/providers/tongqifu/status.js';

describe('a phone binding', () => {
  it('begins as its kind and the answer say', () => {
    expect(afterApplication('LEGAL_PERSON', false)).toBe('CODE_SENT');
    expect(afterApplication('ONLINE', false)).toBe('AWAITING_SIGNATURE');
    expect(afterApplication('OFFLINE', true)).toBe('UNDER_REVIEW');
    expect(afterApplication('OFFLINE', false)).toBe('UNDER_REVIEW');
    expect(afterApplication('ONLINE', true)).toBe('UNDER_REVIEW');
  });

  it('is confirmed by a code only where one was sent', () => {
    expect(phoneBindingStatuses.filter(mayConfirm)).toEqual(['CODE_SENT']);
    expect(afterConfirmation('CODE_SENT', true)).toBe('BOUND');
    expect(afterConfirmation('CODE_SENT', false)).toBe('UNDER_REVIEW');
    expect(afterConfirmation('BOUND', false)).toBe('BOUND');
    // The notice was there first.
    expect(afterConfirmation('FAILED', false)).toBe('FAILED');
    expect(afterConfirmation('FAILED', true)).toBe('BOUND');
  });

  it('is bound by a bindResult of 1 and by nothing else', () => {
    expect(meaningOfBindResult('1', [])).toBe('BOUND');
    for (const other of ['0', '2', '01', '1 ', 'true', 'success', '']) {
      expect(meaningOfBindResult(other, [])).toBe('FAILED');
    }
    expect(meaningOfBindResult('2', ['2', '3'])).toBe('PENDING');
  });

  it('stays bound whatever comes later', () => {
    for (const result of ['BOUND', 'FAILED', 'PENDING'] as const)
      expect(afterNotice('BOUND', result)).toBe('BOUND');
  });

  it('learns its state from a notice where the application got no answer', () => {
    expect(afterNotice(undefined, 'BOUND')).toBe('BOUND');
    expect(afterNotice(undefined, 'FAILED')).toBe('FAILED');
    expect(afterNotice(undefined, 'PENDING')).toBeUndefined();
  });

  it('ends the same for every order and every repetition of its notices', () => {
    const results = fc.array(fc.constantFrom<BindResult>('BOUND', 'FAILED', 'PENDING'), { maxLength: 6 });
    const shuffled = results.chain((some) =>
      fc.tuple(
        fc.constant(some),
        fc.shuffledSubarray([...some, ...some], { minLength: some.length * 2, maxLength: some.length * 2 }),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...phoneBindingStatuses, undefined), shuffled, (status, [once, again]) => {
        const run = (some: BindResult[]) => some.reduce((now, result) => afterNotice(now, result), status);
        expect(run(again)).toBe(run(once));
      }),
      { numRuns: 1_000 },
    );
  });
});
