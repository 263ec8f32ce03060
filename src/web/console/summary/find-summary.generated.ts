// Made from find-summary.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type FindSummaryQueryVariables = Exact<{
  from: string;
  to: string;
  bucket: Types.SummaryBucket;
}>;


export type FindSummaryQuery = { readonly auditSummary: ReadonlyArray<{ readonly bucket: string, readonly provider: string, readonly kind: Types.RequestKind, readonly outcome: Types.Outcome, readonly count: number, readonly p50Ms: number | null, readonly p99Ms: number | null }>, readonly auditDenials: ReadonlyArray<{ readonly bucket: string, readonly rule: string, readonly count: number }> };

export const FindSummary: TypedDocument<FindSummaryQuery, FindSummaryQueryVariables> = {
  name: 'FindSummary',
  query: `query FindSummary($from: DateTime!, $to: DateTime!, $bucket: SummaryBucket!) {
  auditSummary(from: $from, to: $to, bucket: $bucket) {
    bucket
    provider
    kind
    outcome
    count
    p50Ms
    p99Ms
  }
  auditDenials(from: $from, to: $to, bucket: $bucket) {
    bucket
    rule
    count
  }
}`,
};
