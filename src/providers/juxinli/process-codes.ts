// What an answer of the collecting conversation means: its process_code where that is known, else its type.
import type { CollectAnswer } from './collect.js';

export type Meaning =
  | 'CAPTCHA'
  | 'SECOND_CAPTCHA'
  | 'WRONG_CAPTCHA'
  | 'CAPTCHA_EXPIRED'
  | 'CAPTCHA_BY_SMS'
  | 'CAPTCHA_BY_SMS_EXPIRED'
  | 'QUERY_PASSWORD'
  | 'WRONG_QUERY_PASSWORD'
  | 'PASSWORD'
  | 'WRONG_PASSWORD'
  | 'WEAK_PASSWORD'
  | 'BUSY'
  | 'SOURCE_DONE'
  | 'FAILED';

// Maps, since a code is a stranger's text and an object would know `constructor`.
export const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['10001', 'SECOND_CAPTCHA'],
  ['10002', 'CAPTCHA'],
  ['10003', 'WRONG_PASSWORD'],
  ['10004', 'WRONG_CAPTCHA'],
  ['10006', 'CAPTCHA_EXPIRED'],
  ['10007', 'WEAK_PASSWORD'],
  ['10008', 'SOURCE_DONE'],
  // Identity or contacts are not valid, or the number is nobody's: only a new application helps.
  ['10009', 'FAILED'],
  // The reset flow's: the new password does not meet the format.
  ['10010', 'WEAK_PASSWORD'],
  ['10017', 'CAPTCHA_BY_SMS'],
  ['10018', 'CAPTCHA_BY_SMS_EXPIRED'],
  ['10022', 'QUERY_PASSWORD'],
  ['10023', 'WRONG_QUERY_PASSWORD'],
  // The reset flow's: the password has been reset, and collecting starts anew with it.
  ['11000', 'PASSWORD'],
  ['20007', 'FAILED'],
  ['30000', 'FAILED'],
  ['31000', 'FAILED'],
]);

const meaningOfNextType = new Map<string, Meaning>([
  ['SUBMIT_CAPTCHA', 'CAPTCHA'],
  ['RESEND_CAPTCHA', 'CAPTCHA'],
  ['SUBMIT_QUERY_PWD', 'QUERY_PASSWORD'],
  ['SUBMIT_RESET_PWD', 'WEAK_PASSWORD'],
]);

/** Total: an answer that nobody has documented is a failure, never an exception. */
export function meaningOf(answer: CollectAnswer): Meaning {
  if (answer.alreadyCollected) return 'SOURCE_DONE';
  const known = meanings.get(answer.processCode);
  if (known) return known;
  // 0 is "timed out" as well as "the operator's site is down"; with ERROR it asks to start again.
  if (answer.type === 'ERROR') return 'FAILED';
  if (answer.type === 'RUNNING' || answer.processCode === '0') return 'BUSY';
  if (answer.finish) return 'SOURCE_DONE';
  return meaningOfNextType.get(answer.nextType ?? '') ?? 'FAILED';
}

const declining: ReadonlySet<Meaning> = new Set<Meaning>([
  'WRONG_CAPTCHA',
  'CAPTCHA_EXPIRED',
  'CAPTCHA_BY_SMS_EXPIRED',
  'WRONG_QUERY_PASSWORD',
  'WRONG_PASSWORD',
  'WEAK_PASSWORD',
  'FAILED',
]);

/** True where the answer says no to what was submitted. */
export function declines(answer: CollectAnswer): boolean {
  return declining.has(meaningOf(answer));
}
