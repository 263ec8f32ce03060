// The scalars of the contract. They refuse without repeating the value: it may be personal.
import { GraphQLError, GraphQLScalarType, type GraphQLScalarTypeConfig, Kind } from 'graphql';
import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { parsePhoneNumber } from '../phone-number.js';

function readPhone(value: unknown): string {
  const number = typeof value === 'string' ? parsePhoneNumber(value) : null;
  if (number === null) throw new GraphQLError('PhoneNumber must be a phone number in a usual writing');
  return number;
}

export const PhoneNumberScalar = new GraphQLScalarType<string, string>({
  name: 'PhoneNumber',
  description:
    "A phone number. Accepted in any usual writing (+86 138 0013 8000, 13800138000, full-width digits); a number without a country code is mainland China's. Stored and compared in E.164. Personal.",
  parseValue: readPhone,
  parseLiteral: (node) => readPhone(node.kind === Kind.STRING ? node.value : undefined),
  serialize: (value) => String(value),
});

export const DateTimeScalar = new GraphQLScalarType({
  ...(GraphQLDateTime.toConfig() as GraphQLScalarTypeConfig<Date, Date>),
  name: 'DateTime',
  description: 'ISO 8601, UTC.',
  specifiedByURL: null,
  extensions: {},
});

export const JsonScalar = new GraphQLScalarType({
  ...(GraphQLJSON.toConfig() as GraphQLScalarTypeConfig<unknown, unknown>),
  name: 'JSON',
  description: 'Any JSON value.',
  specifiedByURL: null,
});
