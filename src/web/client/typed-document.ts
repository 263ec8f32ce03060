// A GraphQL document that knows what goes in and what comes out. generate-operations.mjs makes one of each
// operation in a .graphql file.

export interface TypedDocument<Result, Variables> {
  readonly name: string;
  readonly query: string;
  /** For types only; nothing is ever there. */
  readonly types?: (variables: Variables) => Result;
}

/** A mutation asks for one field, so what it answers is that field's value: a union of outcomes. */
export type OutcomeOf<Result> = Result[keyof Result];

/** What the client adds by itself. */
export type OwnVariables<Variables> = Omit<Variables, 'idempotencyKey' | 'humanCheck'>;
