// What answering a document may cost, told before it is answered: how many values its answer can hold. A page
// counts by the size that was asked for, so that many large pages do not hide behind one short document.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** A page of 200 records with everything in it costs 25,000. */
const MAX_COST = 30_000;

/** A value costs 1; an object more, since it may have to be fetched. */
const OBJECT = 10;
/** The schema describes itself at about this price. */
const INTROSPECTION = 10_000;
/** Of a list that knows no `first`: entries of a record, providers. */
const USUAL_LENGTH = 4;
/** What `first` is where it is not given, and what it is at most. */
const page = { usual: 50, most: 200 };

export interface Asked {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/** For a document that is valid; a fragment that is spread within itself would never end. */
function costOf(schema: GraphQLSchema, { document, operation, variables }: Asked): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const known = new Map<string, number>();

  const ofSelections = (selections: SelectionSetNode, type: GraphQLNamedType, paged: boolean): number => {
    let cost = 0;
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        cost += ofField(selection, type, paged);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition } = selection;
        const on = typeCondition ? schema.getType(typeCondition.name.value) : type;
        cost += on ? ofSelections(selection.selectionSet, on, paged) : 0;
      } else {
        cost += ofFragment(selection.name.value, paged);
      }
    }
    return cost;
  };

  /** Each is counted once: spread in one another, they grow as a power of two. */
  const ofFragment = (name: string, paged: boolean): number => {
    const key = `${name} ${paged}`;
    const fragment = fragments.get(name);
    const on = fragment && schema.getType(fragment.typeCondition.name.value);
    const cost = known.get(key) ?? (on ? ofSelections(fragment.selectionSet, on, paged) : 0);
    known.set(key, cost);
    return cost;
  };

  const ofField = (node: FieldNode, parent: GraphQLNamedType, paged: boolean): number => {
    if (node.name.value.startsWith('__')) return node.selectionSet ? INTROSPECTION : 1;
    const field =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (!field || !node.selectionSet) return 1;
    const takesFirst = field.args.some(({ name }) => name === 'first');
    const within = ofSelections(node.selectionSet, getNamedType(field.type), takesFirst);
    if (takesFirst) return OBJECT + pageSize(node) * within;
    // The list of a page was counted with the page.
    const times = isListType(getNullableType(field.type)) && !paged ? USUAL_LENGTH : 1;
    return times * (OBJECT + within);
  };

  const pageSize = (node: FieldNode): number => {
    const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    const value =
      given?.kind === Kind.VARIABLE
        ? Object.hasOwn(variables, given.name.value)
          ? variables[given.name.value]
          : defaultOf(given.name.value)
        : given?.kind === Kind.INT
          ? Number(given.value)
          : undefined;
    // Larger ones, and what is no number, are refused further in.
    return typeof value === 'number' ? Math.min(Math.max(value, 1), page.most) : page.usual;
  };

  const defaultOf = (variable: string): number | undefined => {
    const definition = operation.variableDefinitions?.find((one) => one.variable.name.value === variable);
    return definition?.defaultValue?.kind === Kind.INT ? Number(definition.defaultValue.value) : undefined;
  };

  const root = schema.getRootType(operation.operation);
  return root ? ofSelections(operation.selectionSet, root, false) : 0;
}

/** @throws GraphQLError where an answer would cost too much */
export function requireAffordable(schema: GraphQLSchema, asked: Asked): void {
  if (costOf(schema, asked) <= MAX_COST) return;
  throw new GraphQLError('Too much at once: ask for less, or for smaller pages.', {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}
