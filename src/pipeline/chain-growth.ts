// What a chain has come to hold past the end that its writer knows of, told by the leaves: which items of batches whose
// fate is unknown are in, and whether all that is there was sent. Pure.
import { type ChainEntry, linkHash } from '../audit/chain.js';
import type { Admission, BatchItem, ChainHead } from './ledger-batch.js';

export interface ChainGrowth {
  /** Items whose entry is there. */
  written: ReadonlySet<BatchItem>;
  /** Where the chain ends by what was sent. */
  head: ChainHead;
  /** Position of the first entry that nobody sent; null where there is none. */
  foreign: number | null;
}

/** An admission that is denied begins and ends in the same batch. */
const MOST_ENTRIES_OF_AN_ITEM = 2;

/** So many entries tell all: one more than can have been sent. */
export function entriesToRead(sent: number): number {
  return MOST_ENTRIES_OF_AN_ITEM * sent + 1;
}

/**
 * @param from the end that the writer knows of
 * @param entries those after it
 * @param sent items that are in, or on their way, or lost
 */
export function chainGrowth(
  from: ChainHead,
  entries: readonly ChainEntry[],
  sent: readonly BatchItem[],
): ChainGrowth {
  const byLeaf = new Map<string, BatchItem[]>();
  const admissions = new Map<string, Admission>();
  for (const entry of sent) {
    if (entry.is === 'admission') admissions.set(entry.item.id, entry.item);
    if (entry.is === 'move') continue;
    const leaf = bytesOf(Buffer.from(entry.item.leaf));
    byLeaf.set(leaf, [...(byLeaf.get(leaf) ?? []), entry]);
  }
  const written = new Set<BatchItem>();
  let head = from;
  for (const { position, leaf, hash, previousHash } of entries) {
    const previous = Buffer.from(head.hash, 'hex');
    const isLinked =
      position === head.position + 1 &&
      Buffer.compare(previousHash, previous) === 0 &&
      Buffer.compare(hash, linkHash(previous, leaf)) === 0;
    const item = byLeaf.get(bytesOf(leaf))?.pop();
    if (!isLinked || !(item || takeMadeLeaf(bytesOf(leaf), admissions))) {
      return { written, head, foreign: position };
    }
    if (item) written.add(item);
    head = { position, hash: Buffer.from(hash).toString('hex') };
  }
  return { written, head, foreign: null };
}

/** As a key: bytes that are no UTF-8 differ as well. */
function bytesOf(leaf: Uint8Array): string {
  return Buffer.from(leaf).toString('latin1');
}

/** The leaves that ledger_commit (prisma/migrations) makes itself: of whom a request repeats, and of a denial. */
const madeLeaves = [
  /^\{"at":"([^"\\]*)","kind":"INTENT","record":"[0-9a-f-]{36}","repeat":"([0-9a-f-]{36})"\}$/,
  /^\{"at":"([^"\\]*)","kind":"OUTCOME","outcome":"DENIED","record":"([0-9a-f-]{36})","retryAfterMs":\d+,"rule":"(?:[^"\\]|\\.)*"\}$/,
];

/** Each admission has one such leaf at most. */
function takeMadeLeaf(leaf: string, admissions: Map<string, Admission>): boolean {
  for (const form of madeLeaves) {
    const [, at, id = ''] = form.exec(leaf) ?? [];
    if (at !== undefined && admissions.get(id)?.at === at) return admissions.delete(id);
  }
  return false;
}
