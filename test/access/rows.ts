// What a schema and the table of permissions say of one another.
import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { everythingOf, waysToAsk } from '../support/everything.js';
import { type CallerKind, callers } from './permissions.js';

type Table = ReadonlyMap<string, readonly CallerKind[]>;

/** A way to ask for a field of a root. */
export interface Asking {
  root: 'Query' | 'Mutation' | 'Subscription';
  field: string;
  /** Of the table. */
  row: string;
  /** Asks for everything below the field. */
  document: string;
}

const objectTypes = (schema: GraphQLSchema) =>
  Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );
const isRoot = (name: string) => ['Query', 'Mutation', 'Subscription'].includes(name);

export function askings(schema: GraphQLSchema): Asking[] {
  return objectTypes(schema)
    .filter(({ name }) => isRoot(name))
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) =>
        Array.from(waysToAsk(field.args), ([member, given]) => ({
          root: type.name as Asking['root'],
          field: field.name,
          row: `${type.name}.${field.name}${member && `(${member})`}`,
          document: `${type.name.toLowerCase()} { ${field.name}${given} ${everythingOf(getNamedType(field.type))} }`,
        })),
      ),
    );
}

/** Fields without a row, rows without a field, and rows of answers that say other than the rows that lead to them. */
export function faultsOf(schema: GraphQLSchema, table: Table): string[] {
  const asked = askings(schema);
  const leading = new Map<string, Set<CallerKind>>();
  for (const { root, field, row } of asked) {
    const answer = getNamedType(typeNamed(schema, root).getFields()[field]?.type ?? schema.getQueryType());
    for (const name of answer ? below(answer) : []) {
      const who = leading.get(name) ?? new Set();
      for (const caller of table.get(row) ?? []) who.add(caller);
      leading.set(name, who);
    }
  }
  const rows = new Set(asked.map(({ row }) => row));
  const faults: string[] = [];
  for (const row of rows) if (!table.has(row)) faults.push(`${row} has no row`);
  for (const type of objectTypes(schema).filter(({ name }) => !isRoot(name))) {
    for (const field of Object.keys(type.getFields())) {
      const row = `${type.name}.${field}`;
      rows.add(row);
      const who = callers.filter((caller) => leading.get(type.name)?.has(caller));
      const said = callers.filter((caller) => table.get(row)?.includes(caller));
      if (!table.has(row)) faults.push(`${row} has no row`);
      else if (who.join() !== said.join())
        faults.push(`${row} can be reached by ${who.join(', ') || 'nobody'}`);
    }
  }
  for (const row of table.keys()) if (!rows.has(row)) faults.push(`${row} is no field`);
  return faults;
}

/** The object types that an answer of this type may hold, at any depth. */
function below(type: GraphQLNamedType, seen = new Set<string>()): Set<string> {
  if (isUnionType(type)) for (const member of type.getTypes()) below(member, seen);
  if (!isObjectType(type) || seen.has(type.name)) return seen;
  seen.add(type.name);
  for (const field of Object.values(type.getFields())) below(getNamedType(field.type), seen);
  return seen;
}

function typeNamed(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type`);
  return type;
}
