// Entries that no checkpoint covers: whoever runs covers his own within a moment, and those of a process that is gone
// shortly after. What stays uncovered while others are signed was kept from it, and could be changed and added to for
// ever.
import { readCheckpoint } from '../checkpoint.js';
import type { TrustedKeys } from '../signing-keys.js';
import type { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';
import { stillLeft } from './still-left.js';
import { STORED_WITHIN_MS } from './verify-published.js';

/** The entries after the last checkpoint of a chain that has not ended. */
export interface Tail {
  chain: string;
  covered: number;
  head: number;
}

interface DatedTail extends Tail {
  /** When the first of them was written: milliseconds since 1970. */
  at: number;
  /** Whether the next process that runs would find the chain. */
  findable: boolean;
}

export interface TailSettings {
  trusted: TrustedKeys;
  /** Of the newest checkpoint of all chains: milliseconds since 1970. */
  signedAt: number;
  startedAt: Date;
  signal: AbortSignal;
}

/** @returns what is left to be said, in words */
export async function verifyTails(
  reader: LogReader,
  tails: readonly Tail[],
  { trusted, signedAt, startedAt, signal }: TailSettings,
  faults: Faults,
): Promise<string[]> {
  const unlikely: DatedTail[] = [];
  for (const tail of tails) {
    const dated = await dateOf(reader, tail);
    if (Math.abs(signedAt - dated.at) > STORED_WITHIN_MS) unlikely.push(dated);
  }
  const somebodyRuns = Math.abs(startedAt.getTime() - signedAt) <= STORED_WITHIN_MS;
  const left =
    somebodyRuns && reader.queryNow
      ? await stillLeft(unlikely, (tail) => isCoveredNow(reader, tail, trusted), signal)
      : unlikely;
  let unsigned = 0;
  for (const { chain, covered, head, at, findable } of left) {
    const isLate = signedAt - at > STORED_WITHIN_MS;
    if (somebodyRuns || (isLate && !findable)) {
      faults.entry(chain, covered + 1, 'no checkpoint covers it, and others were signed long after it');
    } else if (isLate) unsigned += head - covered;
  }
  return unsigned > 0 ? [`entries of processes that are gone, which the next one signs: ${unsigned}`] : [];
}

async function dateOf(reader: LogReader, tail: Tail): Promise<DatedTail> {
  const { chain, covered, head } = tail;
  const [row] = await reader.query<{ at: number | null; findable: boolean }>(`
    SELECT (extract(epoch FROM min(at)) * 1000)::float8 AS at,
      EXISTS (SELECT FROM audit_chain WHERE id = '${chain}'::uuid) AS findable
    FROM audit_entry WHERE chain = '${chain}'::uuid AND position > ${covered} AND position <= ${head}`);
  return { ...tail, at: row?.at ?? Number.NEGATIVE_INFINITY, findable: row?.findable ?? false };
}

async function isCoveredNow(
  reader: LogReader,
  { chain, head }: Tail,
  trusted: TrustedKeys,
): Promise<boolean> {
  const [row] = (await reader.queryNow?.<{ statement: string | null }>(`
    SELECT statement FROM audit_checkpoint WHERE chain = '${chain}'::uuid ORDER BY serial DESC LIMIT 1`)) ?? [
    null,
  ];
  const { checkpoint } = readCheckpoint(row?.statement ?? '', trusted);
  return checkpoint?.chain === chain && checkpoint.position >= head;
}
