// Leads from a record's entries to signed heads of the chains they stand in: whoever has the public key can tell that
// the entries were in the log, and in which place, without the log.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkpoint } from './checkpoint.js';
import type { EntryStore } from './entry-store.js';
import type { TrustedKeys } from './signing-keys.js';

export interface ProofLink {
  chain: string;
  /** Of the first entry that the link covers. */
  fromPosition: number;
  /** SHA-256 of each leaf from there to the checkpoint, hex. */
  leafHashes: string[];
  /** Hash of the entry before, hex. */
  previousHash: string;
  /** The statement's members, its signature among them. */
  checkpoint: Record<string, unknown>;
  /** What it is signed with: SPKI, base64. */
  publicKey: string;
}

/** Finds checkpoints. */
export interface Covering {
  covering(chain: string, position: number): Promise<{ statement: string; checkpoint: Checkpoint } | null>;
}

/** Another process covers its entries within seconds. */
const WAIT_MS = 3_000;
const POLL_MS = 200;

export class EntryProofs {
  constructor(
    private readonly entries: EntryStore,
    private readonly keeper: Covering,
    private readonly keys: TrustedKeys,
  ) {}

  /** A link for each checkpoint that covers entries of the record; null where one of them is not covered yet. */
  async prove(record: string): Promise<ProofLink[] | null> {
    const places = await this.entries.placesOf(record);
    const links: ProofLink[] = [];
    let covered: { chain: string; position: number } | null = null;
    for (const place of places) {
      if (covered?.chain === place.chain && place.position <= covered.position) continue;
      const found = await this.covering(place.chain, place.position);
      const key = found && this.keys.get(found.checkpoint.key);
      if (!found || !key) return null;
      covered = found.checkpoint;
      const { previousHash, leafHashes } = await this.entries.segment(
        place.chain,
        place.position,
        covered.position,
      );
      // Gone by then: retention has dropped the month.
      if (leafHashes.length !== covered.position - place.position + 1) return null;
      links.push({
        chain: place.chain,
        fromPosition: place.position,
        leafHashes: leafHashes.map((hash) => hash.toString('hex')),
        previousHash: previousHash.toString('hex'),
        checkpoint: JSON.parse(found.statement) as Record<string, unknown>,
        publicKey: key.export({ format: 'der', type: 'spki' }).toString('base64'),
      });
    }
    return links;
  }

  private async covering(chain: string, position: number) {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      const found = await this.keeper.covering(chain, position);
      if (found || Date.now() > end) return found;
      await sleep(POLL_MS);
    }
  }
}
