// Knows a backup that was restored: it holds what was erased after it was made. The file of erasures outside the
// database says what that is.
import type { ErasureStore } from './erasure-store.js';
import { claimedErasure, claimedRecords, erasureLines, readErasure } from './published-erasures.js';
import type { TrustedKeys } from './signing-keys.js';

export interface ErasuresDue {
  /** Records that are here, and were erased. */
  records: number;
  /** Lines that name records that are here, and are signed with a key that is not trusted. */
  unknownKey: number[];
  /** Lines that nobody signed, that were changed, or that were cut off: nobody was told that they were published. */
  notGenuine: number[];
}

/** A line may be 40 kB long. */
const LINES_AT_ONCE = 64;

/**
 * An erasure that the database knows of is the database's own to finish, so that looking costs no more than reading
 * the file and one question for many lines.
 */
export async function erasuresDue(
  file: string,
  store: ErasureStore,
  keys: TrustedKeys,
): Promise<ErasuresDue> {
  const found: ErasuresDue = { records: 0, unknownKey: [], notGenuine: [] };
  for await (const { line, text } of unknownErasures(file, store)) {
    const { published, fault } = readErasure(text, keys);
    if (published) found.records += await store.countUnerased(published.records);
    else if (fault !== 'UNKNOWN_KEY') found.notGenuine.push(line);
    else if ((await store.countUnerased(claimedRecords(text))) > 0) found.unknownKey.push(line);
  }
  return found;
}

/** The records of all lines, as far as the database does not know of their erasure. */
export async function* erasedElsewhere(
  file: string,
  store: ErasureStore,
  keys: TrustedKeys,
): AsyncGenerator<readonly string[]> {
  for await (const { text } of unknownErasures(file, store)) {
    const { published } = readErasure(text, keys);
    if (published) yield published.records;
  }
}

async function* unknownErasures(
  file: string,
  store: ErasureStore,
): AsyncGenerator<{ line: number; text: string }> {
  let lines: { line: number; text: string; erasure: string | undefined }[] = [];
  const unknown = async () => {
    const claimed = lines.flatMap(({ erasure }) => erasure ?? []);
    const known = claimed.length === 0 ? new Set() : await store.recorded([...new Set(claimed)]);
    const left = lines.filter(({ erasure }) => erasure === undefined || !known.has(erasure));
    lines = [];
    return left;
  };
  for await (const { line, text } of erasureLines(file)) {
    lines.push({ line, text, erasure: claimedErasure(text) });
    if (lines.length >= LINES_AT_ONCE) yield* await unknown();
  }
  yield* await unknown();
}
