// Made from record-parts.graphql by npm run operations. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type RecordPartsFragment = { readonly id: string, readonly kind: Types.RequestKind, readonly provider: string | null, readonly operation: string, readonly purpose: string | null, readonly outcome: Types.Outcome, readonly maskedPhone: string | null, readonly actor: string | null, readonly client: string | null, readonly flow: string | null, readonly providerCode: string | null, readonly providerReference: string | null, readonly rule: string | null, readonly retryAfterMs: number | null, readonly replays: number, readonly createdAt: string, readonly settledAt: string | null, readonly latencyMs: number | null, readonly erasedAt: string | null };
