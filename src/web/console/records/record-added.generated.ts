// Made from record-added.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type RecordAddedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type RecordAddedSubscription = { readonly auditRecordAdded: { readonly id: string, readonly kind: Types.RequestKind, readonly provider: string | null, readonly operation: string, readonly purpose: string | null, readonly outcome: Types.Outcome, readonly maskedPhone: string | null, readonly actor: string | null, readonly client: string | null, readonly flow: string | null, readonly providerCode: string | null, readonly providerReference: string | null, readonly rule: string | null, readonly retryAfterMs: number | null, readonly replays: number, readonly createdAt: string, readonly settledAt: string | null, readonly latencyMs: number | null, readonly erasedAt: string | null } };

export const RecordAdded: TypedDocument<RecordAddedSubscription, RecordAddedSubscriptionVariables> = {
  name: 'RecordAdded',
  query: `subscription RecordAdded {
  auditRecordAdded {
    ...RecordParts
  }
}

fragment RecordParts on AuditRecord {
  id
  kind
  provider
  operation
  purpose
  outcome
  maskedPhone
  actor
  client
  flow
  providerCode
  providerReference
  rule
  retryAfterMs
  replays
  createdAt
  settledAt
  latencyMs
  erasedAt
}`,
};
