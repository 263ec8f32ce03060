// Chains of processes that are gone. Such a chain is first closed, so that it takes no more entries; once nothing
// that was under way then can still be written, its end is read, checked and signed as ABANDONED. A chain that
// does not link up is never signed.
//
// Replicas may all do it: of two checkpoints with one serial, the database takes the first.
import { errorName } from '../errors.js';
import { genesisHash, linkHash } from './chain.js';
import type { ChainStore, UnfinishedChain } from './chain-store.js';
import { readCheckpoint, signCheckpoint } from './checkpoint.js';
import type { PublishedHeads } from './published-heads.js';
import type { SigningKeys } from './signing-keys.js';

export interface AbandonedChainsSettings {
  /** True on a database that only one process can open. */
  alone: boolean;
  /** Longer than a statement may run. */
  graceMs: number;
}

export interface AbandonedChainsLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

interface Head {
  position: number;
  hash: Uint8Array;
}

const AT_ONCE = 500;

export class AbandonedChains {
  /** Chains that cannot be signed: said once. */
  private readonly refused = new Set<string>();

  constructor(
    private readonly store: ChainStore,
    private readonly heads: PublishedHeads,
    private readonly keys: SigningKeys,
    private readonly settings: AbandonedChainsSettings,
    private readonly log: AbandonedChainsLog,
  ) {}

  /** @param own the chains of this process, which are left alone */
  async sweep(own: () => readonly string[]): Promise<void> {
    const { alone, graceMs } = this.settings;
    for (const { id: chain, instance } of await this.store.closeUnheld(own(), alone)) {
      this.log.warn({ chain, instance }, 'a process is gone; its chain takes no more entries');
    }
    for (const chain of await this.store.closeLost(own())) {
      this.log.error(
        { chain },
        'who holds a chain was removed from the database; the chain takes no more entries',
      );
    }
    for (const chain of await this.store.unfinished(own(), alone ? 0 : graceMs)) {
      if (this.refused.has(chain.id)) continue;
      try {
        await this.finish(chain);
      } catch (error) {
        const fields = { chain: chain.id, error: errorName(error) };
        this.log.error(fields, 'an abandoned chain could not be signed; trying again later');
      }
    }
  }

  private async finish({ id: chain, instance, last }: UnfinishedChain): Promise<void> {
    const refuse = (reason: string) => {
      this.refused.add(chain);
      this.log.error(
        { chain, instance, reason },
        'an abandoned chain is not as it was written; it is not signed',
      );
    };
    let from: Head = { position: 0, hash: genesisHash(chain) };
    if (last) {
      const { checkpoint, fault } = readCheckpoint(last.statement, this.keys.trusted);
      if (!checkpoint) return refuse(`its last checkpoint: ${fault}`);
      if (checkpoint.chain !== chain || checkpoint.serial !== last.serial) {
        return refuse('its last checkpoint is that of another place');
      }
      from = { position: checkpoint.position, hash: Buffer.from(checkpoint.hash, 'hex') };
    }
    const { head, broken } = await this.follow(chain, from);
    if (broken !== null) return refuse(`it does not link up at position ${broken}`);
    if (!last && head.position > 0) return refuse('it has entries and was never announced');

    const serial = (last?.serial ?? -1) + 1;
    const { position } = head;
    const hash = Buffer.from(head.hash).toString('hex');
    const at = new Date().toISOString();
    const statement = signCheckpoint({ chain, serial, position, hash, at, state: 'ABANDONED' }, this.keys);
    await this.heads.publish(chain, serial, statement);
    if ((await this.store.insert(chain, serial, statement)) === 'STORED') {
      this.log.warn({ chain, instance, position }, 'an abandoned chain has been signed');
    }
  }

  /** Follows the chain from a signed head to its end, that head's own entry included. */
  private async follow(chain: string, from: Head): Promise<{ head: Head; broken: number | null }> {
    let head = from;
    let next = Math.max(from.position, 1);
    for (;;) {
      const entries = await this.store.entriesFrom(chain, next, AT_ONCE);
      for (const { position, leaf, hash, previousHash } of entries) {
        const signed = position === from.position;
        const linked =
          position === next &&
          Buffer.compare(hash, linkHash(previousHash, leaf)) === 0 &&
          Buffer.compare(signed ? hash : previousHash, head.hash) === 0;
        if (!linked) return { head, broken: next };
        head = { position, hash };
        next += 1;
      }
      if (entries.length < AT_ONCE) break;
    }
    return { head, broken: next > from.position ? null : next };
  }
}
