// The samples of the source document, byte for byte.
import { readFileSync } from 'node:fs';

export function sample(name: string): string {
  return readFileSync(`test/providers/juxinli/samples/${name}.txt`, 'utf8');
}
