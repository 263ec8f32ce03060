// Why an admin revealed or erased, as it rests sealed in the log: a person's number has no place in it, however
// people write numbers.

/** Characters, without the space around it. */
export const reasonLength = { least: 5, most: 500 };

/** Five digits in a row, or nine with a few signs between two of them: dates stay readable. */
const numbers = /\d(?:[\s().·/_\-‐-―]{0,4}\d){8,}|\d{5,}/g;

/** @param named what must not be left of whom it is about, besides numbers */
export function reasonToKeep(reason: string, named: readonly string[] = []): string {
  // Full-width digits are digits too, and so are full-width ids.
  const plain = (text: string) => text.normalize('NFKC').trim();
  // A name may begin with another one.
  const hidden = named
    .map(plain)
    .sort((one, other) => other.length - one.length)
    .reduce((text, name) => (name.length < 2 ? text : text.replaceAll(name, '***')), plain(reason));
  return hidden.replace(numbers, (run) => '*'.repeat(Math.min(run.length, 8)));
}
