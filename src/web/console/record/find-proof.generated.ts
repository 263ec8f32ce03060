// Made from find-proof.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };

export type FindProofQueryVariables = Exact<{
  id: string;
}>;


export type FindProofQuery = { readonly auditProof: { readonly id: string, readonly links: ReadonlyArray<{ readonly chain: string, readonly fromPosition: number, readonly leafHashes: ReadonlyArray<string>, readonly previousHash: string, readonly checkpoint: unknown, readonly publicKey: string }> } | null };

export const FindProof: TypedDocument<FindProofQuery, FindProofQueryVariables> = {
  name: 'FindProof',
  query: `query FindProof($id: ID!) {
  auditProof(id: $id) {
    id
    links {
      chain
      fromPosition
      leafHashes
      previousHash
      checkpoint
      publicKey
    }
  }
}`,
};
