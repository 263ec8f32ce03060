// Made from reveal-record.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };

export type RevealRecordMutationVariables = Exact<{
  id: string;
  reason: string;
}>;


export type RevealRecordMutation = { readonly revealAuditRecord: { readonly id: string, readonly request: unknown, readonly result: unknown } };

export const RevealRecord: TypedDocument<RevealRecordMutation, RevealRecordMutationVariables> = {
  name: 'RevealRecord',
  query: `mutation RevealRecord($id: ID!, $reason: String!) {
  revealAuditRecord(id: $id, reason: $reason) {
    id
    request
    result
  }
}`,
};
