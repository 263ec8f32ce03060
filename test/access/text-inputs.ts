// Every place of the schema where a caller may write an id or a text of his own.
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isScalarType,
} from 'graphql';

/** Scalars that check themselves, and in which nobody's id fits. */
const closed = new Set(['PhoneNumber', 'DateTime', 'Int', 'Boolean', 'Float']);

/** As `field.argument.member.member`. */
export function textInputs(schema: GraphQLSchema): string[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
    Object.values(root?.getFields() ?? {}).flatMap((field) =>
      field.args.flatMap((argument) => leaves(argument, field.name)),
    ),
  );
}

function leaves({ name, type }: GraphQLArgument | GraphQLInputField, above: string): string[] {
  const of = getNamedType(type);
  const path = `${above}.${name}`;
  if (isInputObjectType(of)) return Object.values(of.getFields()).flatMap((member) => leaves(member, path));
  return isScalarType(of) && !closed.has(of.name) ? [path] : [];
}
