// Made from outcomes.graphql by npm run operations. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from './schema-types.generated.js';

export type RefusalPartsFragment = { readonly requestId: string, readonly code: Types.RefusalCode, readonly message: string, readonly retryAfterMs: number | null, readonly providerCode: string | null, readonly humanCheck: { readonly challenge: unknown, readonly expiresAt: string } | null };

export type OutcomeUnknownPartsFragment = { readonly requestId: string, readonly message: string, readonly pollAfterMs: number | null, readonly retryAfterMs: number | null };
