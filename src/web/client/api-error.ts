// The one kind of error that the client throws. Business outcomes are never errors: see outcomes.graphql.

/** Codes of the server's faults that a front-end meets; more may come. */
export type FaultCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'INVALID_CLIENT'
  | 'BAD_USER_INPUT'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'REQUEST_IN_PROGRESS'
  | 'PROVIDER_UNAVAILABLE'
  | 'PROVIDER_NOT_CONFIGURED'
  | 'AUDIT_UNAVAILABLE'
  | 'OVERLOADED'
  | 'NOT_FOUND'
  | 'INTERNAL';

export class ApiError extends Error {
  /** `NO_ANSWER`: none came, so nobody knows whether the request arrived. */
  readonly code: FaultCode | 'NO_ANSWER' | (string & {});
  /** Under which support finds it; absent where no answer came. */
  readonly requestId: string | undefined;
  /** Path of the input at fault, such as `phone` for a variable, `input.account.phone` for what is within one. */
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ApiError['code'],
    message: string,
    detail: { requestId?: unknown; field?: unknown; retryAfterMs?: unknown; cause?: unknown } = {},
  ) {
    super(message, { cause: detail.cause });
    this.name = 'ApiError';
    this.code = code;
    this.requestId = typeof detail.requestId === 'string' ? detail.requestId : undefined;
    this.field = typeof detail.field === 'string' ? detail.field : undefined;
    this.retryAfterMs = typeof detail.retryAfterMs === 'number' ? detail.retryAfterMs : undefined;
  }
}

interface GraphQLErrorLike {
  message: string;
  extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Of GraphQL's list of errors the first one tells. */
export function apiErrorOf([first]: readonly GraphQLErrorLike[]): ApiError {
  const { code, ...detail } = first?.extensions ?? {};
  return new ApiError(typeof code === 'string' ? code : 'INTERNAL', first?.message ?? 'An error', detail);
}
