// Made from find-providers.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type FindProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type FindProvidersQuery = { readonly providers: ReadonlyArray<{ readonly id: string, readonly configured: boolean, readonly sandbox: boolean, readonly breaker: Types.BreakerState }> };

export const FindProviders: TypedDocument<FindProvidersQuery, FindProvidersQueryVariables> = {
  name: 'FindProviders',
  query: `query FindProviders {
  providers {
    id
    configured
    sandbox
    breaker
  }
}`,
};
