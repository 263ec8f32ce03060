// Made from bind-phone.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type BindPhoneMutationVariables = Exact<{
  input: Types.BindPhoneInput;
  idempotencyKey?: string | null | undefined;
}>;


export type BindPhoneMutation = { readonly bindPhone:
    | { readonly __typename: 'PhoneBinding', readonly id: string, readonly status: Types.PhoneBindingStatus, readonly memberId: string | null, readonly maskedPhone: string | null, readonly traceNumber: string | null, readonly signingUrl: string | null, readonly providerCode: string | null, readonly updatedAt: string, readonly words: string | null }
    | { readonly __typename: 'Refusal', readonly requestId: string, readonly code: Types.RefusalCode, readonly message: string, readonly retryAfterMs: number | null, readonly providerCode: string | null, readonly humanCheck: { readonly challenge: unknown, readonly expiresAt: string } | null }
    | { readonly __typename: 'OutcomeUnknown', readonly requestId: string, readonly message: string, readonly pollAfterMs: number | null, readonly retryAfterMs: number | null }
   };

export const BindPhone: TypedDocument<BindPhoneMutation, BindPhoneMutationVariables> = {
  name: 'BindPhone',
  query: `mutation BindPhone($input: BindPhoneInput!, $idempotencyKey: ID) {
  bindPhone(input: $input, idempotencyKey: $idempotencyKey) {
    __typename
    ...BindingParts
    ...RefusalParts
    ...OutcomeUnknownParts
  }
}

fragment BindingParts on PhoneBinding {
  id
  status
  memberId
  maskedPhone
  traceNumber
  signingUrl
  words: message
  providerCode
  updatedAt
}

fragment RefusalParts on Refusal {
  requestId
  code
  message
  retryAfterMs
  providerCode
  humanCheck {
    challenge
    expiresAt
  }
}

fragment OutcomeUnknownParts on OutcomeUnknown {
  requestId
  message
  pollAfterMs
  retryAfterMs
}`,
};
