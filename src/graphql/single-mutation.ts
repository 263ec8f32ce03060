// One mutation field a request: aliases and fragments do not multiply effects.
import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';

export function singleMutation(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      if (operation.operation !== 'mutation') return;
      if (countFields(context, operation.selectionSet, new Set()) > 1) {
        context.reportError(
          new GraphQLError('Only one mutation field is allowed in a request.', { nodes: operation }),
        );
      }
    },
  };
}

function countFields(context: ValidationContext, selections: SelectionSetNode, seen: Set<string>): number {
  let count = 0;
  for (const selection of selections.selections) {
    if (count > 1) return count;
    if (selection.kind === Kind.FIELD) {
      count += 1;
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      count += countFields(context, selection.selectionSet, seen);
    } else {
      // Spread twice, a fragment's fields merge; spread within itself, another rule refuses it.
      const name = selection.name.value;
      const fragment = seen.has(name) ? null : context.getFragment(name);
      seen.add(name);
      if (fragment) count += countFields(context, fragment.selectionSet, seen);
    }
  }
  return count;
}
