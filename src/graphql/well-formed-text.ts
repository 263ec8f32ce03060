// Text that no database keeps is refused at the door: NUL, and halves of surrogate pairs.
import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';
import { Fault } from '../errors.js';

const illFormed = /[\0\p{Surrogate}]/u;

/** The rule for texts in the document itself. */
export function wellFormedText(context: ValidationContext): ASTVisitor {
  return {
    StringValue(node) {
      if (illFormed.test(node.value)) {
        context.reportError(new GraphQLError('A text holds what is no character.', { nodes: node }));
      }
    },
  };
}

/** @throws Fault BAD_USER_INPUT naming the variable that holds such a text at any depth */
export function requireWellFormed(variables: Readonly<Record<string, unknown>>): void {
  const field = Object.entries(variables).find(([, value]) => holdsIllFormedText(value))?.[0];
  if (field === undefined) return;
  throw new Fault('BAD_USER_INPUT', { field, message: 'A text holds what is no character.' });
}

function holdsIllFormedText(value: unknown): boolean {
  // Not recursive: a client chooses the depth.
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string' && illFormed.test(next)) return true;
    if (typeof next === 'object' && next !== null) {
      for (const member of Object.values(next)) open.push(member);
    }
  }
  return false;
}
