// Made from operator-data-sources.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type * as Types from '../../client/schema-types.generated.js';

export type OperatorDataSourcesQueryVariables = Exact<{ [key: string]: never; }>;


export type OperatorDataSourcesQuery = { readonly operatorDataSources: ReadonlyArray<{ readonly id: string, readonly name: string, readonly category: string, readonly categoryName: string | null, readonly status: Types.DataSourceStatus }> };

export const OperatorDataSources: TypedDocument<OperatorDataSourcesQuery, OperatorDataSourcesQueryVariables> = {
  name: 'OperatorDataSources',
  query: `query OperatorDataSources {
  operatorDataSources {
    id
    name
    category
    categoryName
    status
  }
}`,
};
