// Made from export-page.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type ExportPageQueryVariables = Exact<{
  filter?: Types.AuditRecordFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ExportPageQuery = { readonly auditRecords: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly kind: Types.RequestKind, readonly provider: string | null, readonly operation: string, readonly purpose: string | null, readonly outcome: Types.Outcome, readonly maskedPhone: string | null, readonly actor: string | null, readonly client: string | null, readonly flow: string | null, readonly providerCode: string | null, readonly providerReference: string | null, readonly rule: string | null, readonly retryAfterMs: number | null, readonly replays: number, readonly createdAt: string, readonly settledAt: string | null, readonly latencyMs: number | null, readonly erasedAt: string | null, readonly entries: ReadonlyArray<{ readonly chain: string, readonly position: number, readonly kind: Types.AuditEntryKind, readonly at: string, readonly actor: string | null, readonly detail: unknown, readonly hash: string }> } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export const ExportPage: TypedDocument<ExportPageQuery, ExportPageQueryVariables> = {
  name: 'ExportPage',
  query: `query ExportPage($filter: AuditRecordFilter, $first: Int, $after: String) {
  auditRecords(filter: $filter, first: $first, after: $after) {
    edges {
      node {
        ...RecordParts
        entries {
          chain
          position
          kind
          at
          actor
          detail
          hash
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
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
