// Made from request-bank-code.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type RequestBankCodeMutationVariables = Exact<{
  bank: Types.BankCodeInput;
  idempotencyKey?: string | null | undefined;
  humanCheck?: string | null | undefined;
}>;


export type RequestBankCodeMutation = { readonly requestVerificationCode:
    | { readonly __typename: 'VerificationCodeSent', readonly requestId: string, readonly maskedPhone: string | null, readonly expiresInMs: number | null, readonly resendAfterMs: number | null, readonly taskId: string | null, readonly replayed: boolean }
    | { readonly __typename: 'Refusal', readonly requestId: string, readonly code: Types.RefusalCode, readonly message: string, readonly retryAfterMs: number | null, readonly providerCode: string | null, readonly humanCheck: { readonly challenge: unknown, readonly expiresAt: string } | null }
    | { readonly __typename: 'OutcomeUnknown', readonly requestId: string, readonly message: string, readonly pollAfterMs: number | null, readonly retryAfterMs: number | null }
   };

export const RequestBankCode: TypedDocument<RequestBankCodeMutation, RequestBankCodeMutationVariables> = {
  name: 'RequestBankCode',
  query: `mutation RequestBankCode($bank: BankCodeInput!, $idempotencyKey: ID, $humanCheck: String) {
  requestVerificationCode(
    input: {bank: $bank}
    idempotencyKey: $idempotencyKey
    humanCheck: $humanCheck
  ) {
    __typename
    ... on VerificationCodeSent {
      requestId
      maskedPhone
      expiresInMs
      resendAfterMs
      taskId
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
