// What providers are called and what their codes say, from each provider's own folder: a further one shows up here
// without a line of its own.
import type { Text } from '../../../language.js';
import type { Language } from '../language.js';

interface InWords {
  name: Text;
  codeWords: Readonly<Record<string, Text>>;
}

const folders = import.meta.glob<InWords>('../../../providers/*/in-words.ts', { eager: true });

const providers = new Map(
  Object.entries(folders).map(([path, words]) => [path.split('/').at(-2) ?? '', words] as const),
);

export const providerIds = [...providers.keys()].sort();

/** A provider without words is called by its id. */
export function providerName(id: string, language: Language): string {
  return providers.get(id)?.name[language] ?? id;
}

/** Null where nobody knows what the code means. */
export function codeWords(provider: string | null, code: string, language: Language): string | null {
  const table = provider === null ? undefined : providers.get(provider)?.codeWords;
  if (!table) return null;
  const layer = code.slice(0, code.indexOf(':') + 1);
  const known = [code, `${layer}*`].find((key) => Object.hasOwn(table, key));
  return known === undefined ? null : (table[known]?.[language] ?? null);
}
