// Why an admin revealed or erased, as it rests sealed in the log: a person's number has no place in it, however
// people write numbers.

/** Characters, without the space around it. */
export const reasonLength = { least: 5, most: 500 };

/** Five digits in a row, or nine with at most one sign between two of them: dates stay readable. */
const numbers = /\d(?:[\s().·/_-]?\d){8,}|\d{5,}/g;

/** @param named what must not be left of whom it is about, besides numbers */
export function reasonToKeep(reason: string, named: readonly string[] = []): string {
  const hidden = named.reduce(
    (text, name) => (name.length < 2 ? text : text.replaceAll(name, '***')),
    reason.trim(),
  );
  // Full-width digits are digits too.
  return hidden.normalize('NFKC').replace(numbers, (run) => '*'.repeat(Math.min(run.length, 8)));
}
