// Made from request-account-code.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type RequestAccountCodeMutationVariables = Exact<{
  phone: string;
  purpose: Types.AccountCodePurpose;
  idempotencyKey?: string | null | undefined;
  humanCheck?: string | null | undefined;
}>;


export type RequestAccountCodeMutation = { readonly requestVerificationCode:
    | { readonly __typename: 'VerificationCodeSent', readonly requestId: string, readonly maskedPhone: string | null, readonly expiresInMs: number | null, readonly resendAfterMs: number | null, readonly replayed: boolean }
    | { readonly __typename: 'Refusal', readonly requestId: string, readonly code: Types.RefusalCode, readonly message: string, readonly retryAfterMs: number | null, readonly providerCode: string | null, readonly humanCheck: { readonly challenge: unknown, readonly expiresAt: string } | null }
    | { readonly __typename: 'OutcomeUnknown', readonly requestId: string, readonly message: string, readonly pollAfterMs: number | null, readonly retryAfterMs: number | null }
   };

export const RequestAccountCode: TypedDocument<RequestAccountCodeMutation, RequestAccountCodeMutationVariables> = {
  name: 'RequestAccountCode',
  query: `mutation RequestAccountCode($phone: PhoneNumber!, $purpose: AccountCodePurpose!, $idempotencyKey: ID, $humanCheck: String) {
  requestVerificationCode(
    input: {account: {phone: $phone, purpose: $purpose}}
    idempotencyKey: $idempotencyKey
    humanCheck: $humanCheck
  ) {
    __typename
    ... on VerificationCodeSent {
      requestId
      maskedPhone
      expiresInMs
      resendAfterMs
      replayed
    }
    ...RefusalParts
    ...OutcomeUnknownParts
  }
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
