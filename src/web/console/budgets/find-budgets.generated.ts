// Made from find-budgets.graphql by npm run operations. Do not edit.
import type { TypedDocument } from '../../client/typed-document.js';
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };

export type FindBudgetsQueryVariables = Exact<{ [key: string]: never; }>;


export type FindBudgetsQuery = { readonly budgets: ReadonlyArray<{ readonly scope: string, readonly limit: number, readonly reserved: number, readonly spent: number, readonly resetsAt: string }> };

export const FindBudgets: TypedDocument<FindBudgetsQuery, FindBudgetsQueryVariables> = {
  name: 'FindBudgets',
  query: `query FindBudgets {
  budgets {
    scope
    limit
    reserved
    spent
    resetsAt
  }
}`,
};
