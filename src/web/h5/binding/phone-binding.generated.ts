// Made from phone-binding.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type FindPhoneBindingQueryVariables = Exact<{
  id: string;
}>;


export type FindPhoneBindingQuery = { readonly phoneBinding: { readonly id: string, readonly status: Types.PhoneBindingStatus, readonly memberId: string | null, readonly maskedPhone: string | null, readonly traceNumber: string | null, readonly signingUrl: string | null, readonly providerCode: string | null, readonly updatedAt: string, readonly words: string | null } | null };

export const FindPhoneBinding: TypedDocument<FindPhoneBindingQuery, FindPhoneBindingQueryVariables> = {
  name: 'FindPhoneBinding',
  query: `query FindPhoneBinding($id: ID!) {
  phoneBinding(id: $id) {
    ...BindingParts
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
}`,
};
