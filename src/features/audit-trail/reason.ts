// Whoever looks into a person's data, or destroys it, says why.
import { reasonLength } from '../../audit/access-reason.js';
import { Fault } from '../../errors.js';

const { least, most } = reasonLength;

export const reasonDescription = `Why, in ${least} to ${most} characters; kept in the log, with numbers hidden, and the names and ids of whom it is about.`;

/** @throws Fault BAD_USER_INPUT */
export function requireReason(reason: string): void {
  const { length } = [...reason.trim()];
  if (length >= least && length <= most) return;
  throw new Fault('BAD_USER_INPUT', {
    field: 'reason',
    message: `reason must have ${least} to ${most} characters.`,
  });
}
