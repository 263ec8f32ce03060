// Made from resend-sms-captcha.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../../client/schema-types.generated.js';

export type ResendSmsCaptchaMutationVariables = Exact<{
  input: Types.ResendSmsCaptchaInput;
  idempotencyKey?: string | null | undefined;
}>;


export type ResendSmsCaptchaMutation = { readonly resendSmsCaptcha:
    | { readonly __typename: 'OperatorAuthentication', readonly id: string, readonly continuation: string | null, readonly expiresAt: string, readonly updatedAt: string, readonly dataSource: { readonly name: string, readonly category: string, readonly categoryName: string | null }, readonly step:
        | { readonly __typename: 'ServicePasswordStep', readonly prompt: string, readonly retry: boolean }
        | { readonly __typename: 'SmsCaptchaStep', readonly prompt: string, readonly reason: Types.CaptchaReason, readonly retry: boolean, readonly requestBySms: boolean, readonly resendAfterMs: number | null }
        | { readonly __typename: 'QueryPasswordStep', readonly prompt: string, readonly retry: boolean }
        | { readonly __typename: 'WaitStep', readonly pollAfterMs: number }
        | { readonly __typename: 'PasswordResetRequiredStep', readonly prompt: string }
        | { readonly __typename: 'CollectionStarted', readonly message: string }
        | { readonly __typename: 'AuthenticationFailed', readonly message: string, readonly providerCode: string | null }
       }
    | { readonly __typename: 'Refusal', readonly requestId: string, readonly code: Types.RefusalCode, readonly message: string, readonly retryAfterMs: number | null, readonly providerCode: string | null, readonly humanCheck: { readonly challenge: unknown, readonly expiresAt: string } | null }
    | { readonly __typename: 'OutcomeUnknown', readonly requestId: string, readonly message: string, readonly pollAfterMs: number | null, readonly retryAfterMs: number | null }
   };

export const ResendSmsCaptcha: TypedDocument<ResendSmsCaptchaMutation, ResendSmsCaptchaMutationVariables> = {
  name: 'ResendSmsCaptcha',
  query: `mutation ResendSmsCaptcha($input: ResendSmsCaptchaInput!, $idempotencyKey: ID) {
  resendSmsCaptcha(input: $input, idempotencyKey: $idempotencyKey) {
    __typename
    ...AuthenticationParts
    ...RefusalParts
    ...OutcomeUnknownParts
  }
}

fragment AuthenticationParts on OperatorAuthentication {
  id
  dataSource {
    name
    category
    categoryName
  }
  step {
    __typename
    ... on ServicePasswordStep {
      prompt
      retry
    }
    ... on SmsCaptchaStep {
      prompt
      reason
      retry
      requestBySms
      resendAfterMs
    }
    ... on QueryPasswordStep {
      prompt
      retry
    }
    ... on WaitStep {
      pollAfterMs
    }
    ... on PasswordResetRequiredStep {
      prompt
    }
    ... on CollectionStarted {
      message
    }
    ... on AuthenticationFailed {
      message
      providerCode
    }
  }
  continuation
  expiresAt
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
