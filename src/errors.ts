// The kinds of failure and the closed list of codes that a front-end can meet.
// Three kinds, never mixed: a refusal is a value (see providers/provider.ts), a fault is an error that is
// named here, and our bug is any other error, which the doors answer as INTERNAL.

/** Codes of faults, as `extensions.code`. Stable: clients switch on them. */
export const faultCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'INVALID_CLIENT',
  'BAD_USER_INPUT',
  'IDEMPOTENCY_KEY_REUSED',
  'REQUEST_IN_PROGRESS',
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_NOT_CONFIGURED',
  'AUDIT_UNAVAILABLE',
  'PAYLOAD_TOO_LARGE',
  'BAD_REQUEST',
  'NOT_FOUND',
  'OVERLOADED',
  'INTERNAL',
] as const;

export type FaultCode = (typeof faultCodes)[number];

/** What a fault says unless its thrower says better. Never holds a value that came from outside. */
const texts: Record<FaultCode, string> = {
  UNAUTHENTICATED: 'Sign in first: this needs a valid bearer token.',
  FORBIDDEN: 'The token does not allow this.',
  INVALID_CLIENT: 'The x-client-id header names no registered client.',
  BAD_USER_INPUT: 'A value is not valid.',
  IDEMPOTENCY_KEY_REUSED: 'This idempotencyKey was used with another input.',
  REQUEST_IN_PROGRESS: 'The first request with this idempotencyKey is still running; repeat it later.',
  PROVIDER_UNAVAILABLE: 'The provider cannot be reached; nothing was sent.',
  PROVIDER_NOT_CONFIGURED: 'The provider is not configured on this server.',
  AUDIT_UNAVAILABLE: 'The audit log cannot be written, so nothing was sent.',
  PAYLOAD_TOO_LARGE: 'The request is too large.',
  BAD_REQUEST: 'The request is not well formed.',
  NOT_FOUND: 'There is nothing here.',
  OVERLOADED: 'Too much at once; try again shortly.',
  INTERNAL: 'Something went wrong on our side.',
};

export interface FaultDetail {
  /** Overrides the code's standard text; must not hold personal data. */
  message?: string;
  /** Path of the input field at fault, such as `input.account.phone`. */
  field?: string;
  retryAfterMs?: number;
  cause?: unknown;
}

/** A failure that the caller may be told about, by its code. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: FaultCode, detail: FaultDetail = {}) {
    super(detail.message ?? texts[code], { cause: detail.cause });
    this.name = 'Fault';
    this.code = code;
    this.field = detail.field;
    this.retryAfterMs = detail.retryAfterMs;
  }
}

/** A start-up that cannot go on: printed as one clear line each, then a non-zero exit. */
export class StartupError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'StartupError';
  }
}

/**
 * A short, safe name for any error, for logs: its code and class, never its message. Messages of Prisma, pg
 * and graphql echo the values they were given.
 */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = (error as { code?: unknown }).code;
  const cause = error.cause instanceof Error ? ` < ${errorName(error.cause)}` : '';
  return `${error.name}${typeof code === 'string' ? ` ${code}` : ''}${cause}`;
}
