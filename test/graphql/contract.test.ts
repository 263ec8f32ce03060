// The schema holds all that contract.graphql promises to clients, but for what is listed here as not built yet.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  buildSchema as parseSchema,
} from 'graphql';
import { buildSchema } from '../../src/graphql/schema.js';
import { notBuiltYet } from './not-built-yet.js';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const contract = parseSchema(read('./contract.graphql'));
const built = buildSchema();
const committed = parseSchema(read('../../schema.graphql'));

const own = (schema: GraphQLSchema): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));

const typed = (of: string, { name, type, defaultValue }: GraphQLArgument | GraphQLInputField) =>
  `${of}${name}: ${type}${defaultValue === undefined ? '' : ` = ${JSON.stringify(defaultValue)}`}`;

/** Everything that can be said of a schema, a line each; what belongs to something is named after it. */
function linesOf(schema: GraphQLSchema): string[] {
  return own(schema).flatMap((type) => {
    const lines = [`${type.constructor.name} ${type.name}`];
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        const name = `${type.name}.${field.name}`;
        lines.push(`${name}: ${field.type}`, ...field.args.map((argument) => typed(`${name}@`, argument)));
      }
    }
    if (isInputObjectType(type)) {
      if (type.isOneOf) lines.push(`${type.name} @oneOf`);
      lines.push(...Object.values(type.getFields()).map((field) => typed(`${type.name}.`, field)));
    }
    if (isEnumType(type)) lines.push(...type.getValues().map(({ name }) => `${type.name}.${name}`));
    if (isUnionType(type)) lines.push(...type.getTypes().map(({ name }) => `${type.name} | ${name}`));
    return lines;
  });
}

const roots = ['Query', 'Mutation', 'Subscription'];

/** What is missing of the root types and of types that are there; other types wait for the fields that need them. */
function missing(): string[] {
  const has = new Set(linesOf(built));
  const there = new Set([...roots, ...own(built).map(({ name }) => name)]);
  const lines = linesOf(contract).filter((line) => {
    const [type = ''] = line.replace(/^GraphQL\w+ /, '').split(/\W/);
    return !has.has(line) && there.has(type) && line !== `GraphQLObjectType ${type}`;
  });
  const fields = new Set(lines.flatMap((line) => /^\w+\.\w+(?=:)/.exec(line) ?? []));
  return lines.filter((line) => !fields.has(line.split('@')[0] ?? '')).sort();
}

describe('the schema', () => {
  it('holds every type, field, argument, default, enum value, union member and @oneOf of the contract', () => {
    expect(missing()).toEqual([...notBuiltYet].sort());
  });

  it('is what schema.graphql says', () => {
    expect(linesOf(committed).sort()).toEqual(linesOf(built).sort());
  });

  it('describes every type, field, argument, input field and enum value', () => {
    const bare = own(built)
      .filter((type) => !['String', 'Int', 'Boolean', 'ID', 'Float'].includes(type.name))
      // Roots are no more than the list of their fields.
      .filter(({ name }) => !roots.includes(name))
      .filter(({ description }) => !description?.trim())
      .map(({ name }) => name);
    for (const type of own(built)) {
      const members = isEnumType(type)
        ? type.getValues()
        : isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
          ? Object.values(type.getFields())
          : [];
      for (const member of members) {
        if (!member.description?.trim()) bare.push(`${type.name}.${member.name}`);
        for (const argument of 'args' in member ? member.args : []) {
          if (!argument.description?.trim()) bare.push(`${type.name}.${member.name}@${argument.name}`);
        }
      }
    }
    expect(bare).toEqual([]);
  });

  it('says of every phone and name that it is personal, and of every code and token that it is secret', () => {
    const marked = (type: string, field: string) => {
      const of = built.getType(type);
      const { description } =
        (isInputObjectType(of) || isObjectType(of) ? of.getFields()[field] : undefined) ?? {};
      return /Personal|Secret/.test(description ?? '');
    };
    expect(marked('AccountCodeInput', 'phone')).toBe(true);
    expect(marked('AccountCodeInput', 'username')).toBe(true);
    expect(marked('SubjectInput', 'phone')).toBe(true);
    expect(marked('VerificationCodeSent', 'testCode')).toBe(true);
  });
});
