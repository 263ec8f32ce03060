// Made from authentication-parts.graphql by npm run operations. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type AuthenticationPartsFragment = { readonly id: string, readonly continuation: string | null, readonly expiresAt: string, readonly updatedAt: string, readonly dataSource: { readonly name: string, readonly category: string, readonly categoryName: string | null }, readonly step:
    | { readonly __typename: 'ServicePasswordStep', readonly prompt: string, readonly retry: boolean }
    | { readonly __typename: 'SmsCaptchaStep', readonly prompt: string, readonly reason: Types.CaptchaReason, readonly retry: boolean, readonly requestBySms: boolean, readonly resendAfterMs: number | null }
    | { readonly __typename: 'QueryPasswordStep', readonly prompt: string, readonly retry: boolean }
    | { readonly __typename: 'WaitStep', readonly pollAfterMs: number }
    | { readonly __typename: 'PasswordResetRequiredStep', readonly prompt: string }
    | { readonly __typename: 'CollectionStarted', readonly message: string }
    | { readonly __typename: 'AuthenticationFailed', readonly message: string, readonly providerCode: string | null }
   };
