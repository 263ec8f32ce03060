// Made from binding-parts.graphql by npm run operations. Do not edit.
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type BindingPartsFragment = { readonly id: string, readonly status: Types.PhoneBindingStatus, readonly memberId: string | null, readonly maskedPhone: string | null, readonly traceNumber: string | null, readonly signingUrl: string | null, readonly providerCode: string | null, readonly updatedAt: string, readonly words: string | null };
