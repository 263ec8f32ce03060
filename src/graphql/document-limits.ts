// How large a document may be: few things asked for at once, not deep, few directives. The limits lie well above
// what any of the ready operations needs, and well below what costs a server work.
import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';
import { singleMutation } from './single-mutation.js';
import { wellFormedText } from './well-formed-text.js';

/** For `parse`. The explorer's introspection has 350. */
export const parseLimits = { maxTokens: 1_000 };
/** For `validate`. */
export const validationLimits = { maxErrors: 5 };
/** For execution: how many faults of variables are told. */
export const coercionLimits = { maxCoercionErrors: 5 };

const MAX_ROOT_FIELDS = 10;
/** The deepest field of the schema lies at 5. */
const MAX_DEPTH = 10;
const MAX_DIRECTIVES = 20;

/** What holds for documents here beyond the specification, by HTTP and by WebSocket. */
export const ownRules: readonly ValidationRule[] = [singleMutation, wellFormedText, boundedDocument];

export function boundedDocument(context: ValidationContext): ASTVisitor {
  const refuse = (message: string) => context.reportError(new GraphQLError(message));
  return {
    Document(document) {
      let directives = 0;
      visit(document, {
        Directive: () => {
          directives += 1;
        },
      });
      if (directives > MAX_DIRECTIVES) refuse(`Too many directives: at most ${MAX_DIRECTIVES}.`);
      const sizeOf = sizes(context);
      for (const definition of document.definitions) {
        if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
        const { fields, depth } = sizeOf(definition.selectionSet);
        if (fields > MAX_ROOT_FIELDS) refuse(`Too many fields at once: at most ${MAX_ROOT_FIELDS}.`);
        if (depth > MAX_DEPTH) refuse(`Too many levels: at most ${MAX_DEPTH}.`);
      }
    },
  };
}

interface Size {
  /** Fields on its own level, those of fragments among them. */
  fields: number;
  depth: number;
}

/** Each fragment is measured once: spread in one another, they grow as a power of two. */
function sizes(context: ValidationContext): (selections: SelectionSetNode) => Size {
  const known = new Map<string, Size>();
  const sizeOf = ({ selections }: SelectionSetNode): Size => {
    const size = { fields: 0, depth: 0 };
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        // What lies below __schema has a rule of its own.
        const below = selection.name.value.startsWith('__') ? undefined : selection.selectionSet;
        size.fields += 1;
        size.depth = Math.max(size.depth, 1 + (below ? sizeOf(below).depth : 0));
        continue;
      }
      const part =
        selection.kind === Kind.INLINE_FRAGMENT
          ? sizeOf(selection.selectionSet)
          : sizeOfFragment(selection.name.value);
      size.fields += part.fields;
      size.depth = Math.max(size.depth, part.depth);
    }
    return size;
  };
  const sizeOfFragment = (name: string): Size => {
    const seen = known.get(name);
    if (seen) return seen;
    // While it is measured it counts for nothing: one that is spread within itself is refused by another rule.
    known.set(name, { fields: 0, depth: 0 });
    const fragment = context.getFragment(name);
    const size = fragment ? sizeOf(fragment.selectionSet) : { fields: 0, depth: 0 };
    known.set(name, size);
    return size;
  };
  return sizeOf;
}
