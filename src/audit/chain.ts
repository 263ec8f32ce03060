// The rule that links entries into a chain, as pure functions. The database applies the same rule when it
// writes (ledger_commit in prisma/migrations); this file states it, and verifies what was written.
//
// An entry's leaf is the canonical JSON (RFC 8785) of what happened. Its hash covers the hash before it:
//   hash = SHA-256(previousHash ‖ SHA-256(leaf))
// so that changing, removing, inserting or swapping an entry changes every hash after it.
import { createHash } from 'node:crypto';

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** What stands before a chain's first entry; the chain's name is in it, so that no two chains share a start. */
export function genesisHash(chain: string): Buffer {
  return sha256(`yanzheng chain ${chain}`);
}

/** The hash of an entry that follows `previousHash`. 32 bytes. */
export function linkHash(previousHash: Uint8Array, leaf: Uint8Array): Buffer {
  return sha256(previousHash, sha256(leaf));
}

export interface ChainEntry {
  position: number;
  leaf: Uint8Array;
  hash: Uint8Array;
  previousHash: Uint8Array;
}

/** Checks a whole chain in order of position; returns the first position that is wrong, or null. */
export function firstBrokenLink(chain: string, entries: Iterable<ChainEntry>): number | null {
  let previous: Uint8Array = genesisHash(chain);
  let position = 0;
  for (const entry of entries) {
    position += 1;
    const linked =
      entry.position === position &&
      Buffer.compare(entry.previousHash, previous) === 0 &&
      Buffer.compare(entry.hash, linkHash(previous, entry.leaf)) === 0;
    if (!linked) return position;
    previous = entry.hash;
  }
  return null;
}
