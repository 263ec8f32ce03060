// Documents made from the schema: all that can be asked of a type, and a value for whatever an argument wants.
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { phoneWith } from './phones.js';

/** All that can be asked of a type, down to its leaves. */
export function everythingOf(type: GraphQLNamedType, above: readonly string[] = []): string {
  if (isLeafType(type) || above.includes(type.name)) return '';
  if (isUnionType(type)) {
    const parts = type.getTypes().map((member) => `... on ${member.name} ${everythingOf(member, above)}`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  if (!isObjectType(type)) throw new Error(`${type.name} is not known to this test`);
  // By the type's name, since members of a union may differ in what the same field may be.
  const members = Object.values(type.getFields()).map((field) => {
    const of = getNamedType(field.type);
    const below = everythingOf(of, [...above, type.name]);
    return isLeafType(of) || below ? `${type.name}__${field.name}: ${field.name} ${below}` : '';
  });
  return `{ __typename ${members.join(' ')} }`;
}

/** The arguments that a field cannot do without, in all the ways of its @oneOf inputs: named by their member. */
export function waysToAsk(args: readonly GraphQLArgument[]): Map<string, string> {
  const needed = args.filter(({ type }) => isNonNullType(type));
  const choice = needed
    .map(({ type }) => getNamedType(type))
    .find((type) => isInputObjectType(type) && type.isOneOf);
  const members = isInputObjectType(choice) ? Object.keys(choice.getFields()) : [''];
  return new Map(
    members.map((member) => {
      const given = needed.map(({ name, type }) => `${name}: ${valueFor(type, member)}`);
      return [member, given.length > 0 ? `(${given.join(', ')})` : ''];
    }),
  );
}

/** @param chosen which member of a @oneOf input */
function valueFor(type: GraphQLInputType, chosen: string): string {
  if (isNonNullType(type)) return valueFor(type.ofType, chosen);
  if (isListType(type)) return `[${valueFor(type.ofType, chosen)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((field) =>
      type.isOneOf ? field.name === chosen : isNonNullType(field.type),
    );
    return `{ ${fields.map((field) => `${field.name}: ${valueFor(field.type, chosen)}`).join(', ')} }`;
  }
  switch (type.name) {
    case 'Int':
      return '1';
    case 'Boolean':
      return 'true';
    case 'PhoneNumber':
      return `"${phoneWith()}"`;
    case 'DateTime':
      return `"${new Date().toISOString()}"`;
    default:
      return '"x"';
  }
}
