// The state machine of a phone binding, as a pure function of what is known: the order in which notices arrive,
// and how often, makes no difference to where it ends.
//
// BOUND is final: a success happened, and no later or late notice undoes it. FAILED gives way to BOUND: a person
// whose first attempt on the signing page failed may succeed on the second, and the two notices may overtake each
// other, so that "failed" after "succeeded" and "succeeded" after "failed" must come to the same.

export const phoneBindingStatuses = [
  'CODE_SENT',
  'AWAITING_SIGNATURE',
  'UNDER_REVIEW',
  'BOUND',
  'FAILED',
] as const;
export type PhoneBindingStatus = (typeof phoneBindingStatuses)[number];

/** Whose phone, and how they consent. */
export type BindingKind = 'LEGAL_PERSON' | 'ONLINE' | 'OFFLINE';

/** What a notice's bindResult means. */
export type BindResult = 'BOUND' | 'PENDING' | 'FAILED';

/** After the provider took the application. */
export function afterApplication(kind: BindingKind, pendingReview: boolean): PhoneBindingStatus {
  if (pendingReview || kind === 'OFFLINE') return 'UNDER_REVIEW';
  return kind === 'ONLINE' ? 'AWAITING_SIGNATURE' : 'CODE_SENT';
}

/** True where a code may be asked of the person. */
export function mayConfirm(status: PhoneBindingStatus): boolean {
  return status === 'CODE_SENT';
}

/** After the provider took the code. An answer that nobody signed is not believed: the notice decides. */
export function afterConfirmation(status: PhoneBindingStatus, signed: boolean): PhoneBindingStatus {
  if (signed) return 'BOUND';
  return mayConfirm(status) ? 'UNDER_REVIEW' : status;
}

/** `status` is undefined where the application's outcome is not known yet. */
export function afterNotice<Status extends PhoneBindingStatus | undefined>(
  status: Status,
  result: BindResult,
): Status | 'BOUND' | 'FAILED' {
  if (status === 'BOUND' || result === 'BOUND') return 'BOUND';
  return result === 'FAILED' ? 'FAILED' : status;
}

/**
 * Documented is only `1`, bound.
 * @param pending further values that decide nothing yet; whatever else comes is a failure
 */
export function meaningOfBindResult(bindResult: string, pending: readonly string[]): BindResult {
  if (bindResult === '1') return 'BOUND';
  return pending.includes(bindResult) ? 'PENDING' : 'FAILED';
}
