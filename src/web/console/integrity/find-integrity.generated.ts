// Made from find-integrity.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };

export type FindIntegrityQueryVariables = Exact<{ [key: string]: never; }>;


export type FindIntegrityQuery = { readonly auditIntegrity: { readonly chains: number, readonly entries: number, readonly verifiedAt: string | null, readonly intact: boolean | null, readonly firstBroken: string | null } };

export const FindIntegrity: TypedDocument<FindIntegrityQuery, FindIntegrityQueryVariables> = {
  name: 'FindIntegrity',
  query: `query FindIntegrity {
  auditIntegrity {
    chains
    entries
    verifiedAt
    intact
    firstBroken
  }
}`,
};
