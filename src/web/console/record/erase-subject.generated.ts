// Made from erase-subject.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type EraseSubjectMutationVariables = Exact<{
  subject: Types.SubjectInput;
  reason: string;
  idempotencyKey?: string | null | undefined;
}>;


export type EraseSubjectMutation = { readonly eraseSubject: { readonly records: number, readonly erasedAt: string } };

export const EraseSubject: TypedDocument<EraseSubjectMutation, EraseSubjectMutationVariables> = {
  name: 'EraseSubject',
  query: `mutation EraseSubject($subject: SubjectInput!, $reason: String!, $idempotencyKey: ID) {
  eraseSubject(
    subject: $subject
    reason: $reason
    idempotencyKey: $idempotencyKey
  ) {
    records
    erasedAt
  }
}`,
};
