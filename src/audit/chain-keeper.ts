// The life of this process's chains outside of their entries: a chain is announced before its first entry, its head
// is signed and published while it grows, and it is closed. Nothing here is waited for by a request, but for the
// announcement.
//
// A checkpoint is published outside the database first and stored second. Published and not stored, the same
// statement is stored later: there is one checkpoint a serial.
import { hostname } from 'node:os';
import { v7 as uuidv7 } from 'uuid';
import type { PrismaClient } from '../db/generated/client.js';
import { errorName } from '../errors.js';
import { AbandonedChains } from './abandoned-chains.js';
import { genesisHash } from './chain.js';
import { ChainStore } from './chain-store.js';
import { type Checkpoint, readCheckpoint, signCheckpoint } from './checkpoint.js';
import type { PublishedHeads } from './published-heads.js';
import { timeOfId } from './record-time.js';
import { regularly } from './regularly.js';
import type { SigningKeys } from './signing-keys.js';

export interface ChainKeeperSettings {
  /** An entry waits no longer than this for a checkpoint that covers it. */
  everyMs: number;
  /** True on a database that only one process can open. */
  alone: boolean;
}

export interface ChainKeeperLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The end of a chain: position of its last entry (0: none yet) and its hash in hex. */
interface Head {
  position: number;
  hash: string;
}

interface OwnChain {
  readonly id: string;
  /** As the ledger told it last. */
  head: Head;
  /** Where the last checkpoint stands that was begun. */
  claimed: number;
  /** Where the last checkpoint stands that is stored. */
  covered: number;
  /** Of the next checkpoint. */
  serial: number;
  /** Published and not stored yet: the checkpoint of that serial. */
  published: { position: number; statement: string } | null;
  timer: NodeJS.Timeout | undefined;
  /** Checkpoints are made one after another; never rejects. */
  queue: Promise<void>;
  /** True while the next one waits in the queue. */
  queued: boolean;
  failures: number;
  state: 'OPENING' | 'OPEN' | 'CLOSING';
}

/** So many entries are covered at once, however little time has passed. */
const MOST_UNCOVERED = 1_000;
const LONGEST_RETRY_MS = 10_000;

/** In milliseconds. Whoever has not been heard of for `lease` is gone. */
const usualTimes = { lease: 30_000, beat: 5_000, sweep: 15_000, grace: 15_000 };
export type ChainKeeperTimes = typeof usualTimes;

export class ChainKeeper {
  private readonly store: ChainStore;
  private readonly abandoned: AbandonedChains;
  private readonly own = new Map<string, OwnChain>();
  private readonly instance = `${hostname()} ${process.pid}`;
  private working: { stop(): Promise<void> }[] = [];

  constructor(
    client: PrismaClient,
    private readonly heads: PublishedHeads,
    private readonly keys: SigningKeys,
    private readonly settings: ChainKeeperSettings,
    private readonly log: ChainKeeperLog,
    private readonly times: ChainKeeperTimes = usualTimes,
  ) {
    this.store = new ChainStore(client);
    const sweeping = { alone: settings.alone, graceMs: times.grace };
    this.abandoned = new AbandonedChains(this.store, heads, keys, sweeping, log);
  }

  /** Keeps hold of this process's chains, and looks for chains of processes that are gone: now, and then regularly. */
  start(): void {
    const sweep = () => this.abandoned.sweep(() => [...this.own.keys()]);
    const unable = (what: string) => (error: unknown) =>
      this.log.warn({ error: errorName(error) }, `could not ${what}`);
    this.working = [
      regularly(this.times.beat, () => this.beat(), unable('keep hold of the chains of this process')),
      regularly(this.times.sweep, sweep, unable('look for abandoned chains')),
    ];
  }

  /** Chains that are still open then are found abandoned by others. */
  async stop(): Promise<void> {
    await Promise.all(this.working.map((part) => part.stop()));
    for (const chain of this.own.values()) clearTimeout(chain.timer);
    await Promise.all(Array.from(this.own.values(), ({ queue }) => queue));
    this.own.clear();
    await this.heads.settled();
  }

  /**
   * Makes a chain and announces it. One that could not be announced is announced by the next call.
   * @param month it is one of this month or of a later one, also where the clock is behind
   * @throws where the database or the file of published heads cannot be written; there is no chain then
   */
  async open(month?: Date): Promise<string> {
    const from = Math.max(Date.now(), month?.getTime() ?? 0);
    const chain = this.opening(from) ?? this.newChain(from);
    if (!(await this.store.lease(chain.id, this.instance, this.times.lease))) {
      this.letGo(chain);
      throw new Error('the chain was closed before it was announced');
    }
    await this.checkpoint(chain, 'ANNOUNCED');
    chain.state = 'OPEN';
    return chain.id;
  }

  /** Told after each batch, once it is durable. Never throws and never waits. */
  advanced(id: string, head: Head): void {
    const chain = this.own.get(id);
    if (chain?.state !== 'OPEN') return;
    chain.head = head;
    if (head.position <= chain.claimed) return;
    // While checkpoints fail, the time of the next try stands.
    if (head.position - chain.claimed >= MOST_UNCOVERED && chain.failures === 0) void this.cover(chain);
    else chain.timer ??= setTimeout(() => void this.cover(chain), this.settings.everyMs);
  }

  /**
   * No more entries will come. Never rejects: a chain that could not be closed is found abandoned later.
   * @param isWhole true where the ledger knows of all that it wrote: entries past the head are not its own, and stay
   *   outside of what is signed
   */
  async close(id: string, head: Head, isWhole = false): Promise<void> {
    const chain = this.own.get(id);
    if (!chain) return;
    chain.state = 'CLOSING';
    chain.head = head;
    clearTimeout(chain.timer);
    chain.queue = chain.queue.then(async () => {
      try {
        await this.end(chain, isWhole);
      } catch (error) {
        const fields = { chain: id, error: errorName(error) };
        this.log.error(fields, 'a chain could not be closed; it will be found abandoned');
      }
      this.letGo(chain);
    });
    await chain.queue;
  }

  /**
   * The first checkpoint that covers an entry; made now where the chain is this process's own and none does yet.
   * Null where none does: the chain is another process's, which will cover it shortly, or has no such entry.
   * @throws where the checkpoint in the database is not genuine
   */
  async covering(
    id: string,
    position: number,
  ): Promise<{ statement: string; checkpoint: Checkpoint } | null> {
    let found = await this.store.firstCovering(id, position);
    const chain = this.own.get(id);
    if (!found && chain && chain.head.position >= position) {
      await (chain.state === 'OPEN' ? this.cover(chain) : chain.queue);
      found = await this.store.firstCovering(id, position);
    }
    if (!found) return null;
    const { checkpoint, fault } = readCheckpoint(found.statement, this.keys.trusted);
    if (!checkpoint) throw new Error(`checkpoint ${id} ${found.serial}: ${fault}`);
    return { statement: found.statement, checkpoint };
  }

  private newChain(from: number): OwnChain {
    const id = from > Date.now() ? uuidv7({ msecs: from }) : uuidv7();
    const chain: OwnChain = {
      id,
      head: { position: 0, hash: genesisHash(id).toString('hex') },
      claimed: 0,
      covered: 0,
      serial: 0,
      published: null,
      timer: undefined,
      queue: Promise.resolve(),
      queued: false,
      failures: 0,
      state: 'OPENING',
    };
    this.own.set(id, chain);
    return chain;
  }

  /** A chain that was begun and could not be announced, unless its month is over. */
  private opening(from: number): OwnChain | undefined {
    const month = new Date(from).toISOString().slice(0, 7);
    for (const chain of this.own.values()) {
      if (chain.state !== 'OPENING') continue;
      if (timeOfId(chain.id).toISOString().slice(0, 7) >= month) return chain;
      this.letGo(chain);
    }
    return undefined;
  }

  private letGo(chain: OwnChain): void {
    clearTimeout(chain.timer);
    this.own.delete(chain.id);
  }

  /** Covers what there is, after the checkpoints that are being made. Never rejects. */
  private cover(chain: OwnChain): Promise<void> {
    clearTimeout(chain.timer);
    chain.timer = undefined;
    if (chain.queued) return chain.queue;
    chain.queued = true;
    chain.queue = chain.queue.then(async () => {
      chain.queued = false;
      if (!this.isOpen(chain)) return;
      try {
        if (chain.published) await this.checkpoint(chain, 'OPEN');
        if (chain.head.position > chain.covered) await this.checkpoint(chain, 'OPEN');
        chain.failures = 0;
      } catch (error) {
        this.retry(chain, error);
      }
    });
    return chain.queue;
  }

  private retry(chain: OwnChain, error: unknown): void {
    chain.claimed = chain.covered;
    if (!this.isOpen(chain)) return;
    const fields = { chain: chain.id, from: chain.covered + 1, error: errorName(error) };
    this.log.error(fields, 'a checkpoint could not be published or stored; trying again');
    const pause = Math.min(this.settings.everyMs * 2 ** chain.failures, LONGEST_RETRY_MS);
    chain.failures += 1;
    clearTimeout(chain.timer);
    chain.timer = setTimeout(() => void this.cover(chain), pause);
  }

  /** Publishes and stores the next checkpoint, or stores the one that is published. */
  private async checkpoint(chain: OwnChain, state: Checkpoint['state']): Promise<void> {
    const { id, serial } = chain;
    if (!chain.published) {
      const { position, hash } = chain.head;
      chain.claimed = position;
      const at = new Date().toISOString();
      const statement = signCheckpoint({ chain: id, serial, position, hash, at, state }, this.keys);
      await this.heads.publish(id, serial, statement);
      chain.published = { position, statement };
    }
    const { position, statement } = chain.published;
    chain.claimed = position;
    if ((await this.store.insert(id, serial, statement)) === 'TAKEN') {
      this.lost(chain);
      throw new Error('the place of the checkpoint is taken');
    }
    chain.covered = position;
    chain.serial += 1;
    chain.published = null;
  }

  /** First no more entries, then the signature: nothing can come after it. */
  private async end(chain: OwnChain, isWhole: boolean): Promise<void> {
    if (!(await this.store.close(chain.id))) return this.lost(chain);
    if ((await this.store.entriesFrom(chain.id, chain.head.position + 1, 1)).length > 0) {
      if (!isWhole) {
        // A batch whose answer was lost. Others may be under way: the end of this chain is not known yet.
        this.log.warn({ chain: chain.id }, 'a chain goes on past its end; it will be found abandoned');
        return;
      }
      // Whoever finds a chain without an end believes of it whatever links up.
      const fields = { chain: chain.id, position: chain.head.position + 1 };
      this.log.error(
        fields,
        'a chain holds entries that its process did not write; it is signed without them',
      );
    }
    if (chain.published) await this.checkpoint(chain, 'OPEN');
    await this.checkpoint(chain, 'CLOSED');
  }

  private async beat(): Promise<void> {
    const held = [...this.own.values()].filter((chain) => this.isOpen(chain));
    if (held.length === 0) return;
    const stillHeld = await this.store.renew(
      held.map(({ id }) => id),
      this.times.lease,
    );
    for (const chain of held) if (!stillHeld.has(chain.id) && this.isOpen(chain)) this.lost(chain);
  }

  private isOpen(chain: OwnChain): boolean {
    return chain.state === 'OPEN' && this.own.get(chain.id) === chain;
  }

  /** Somebody thought that this process was gone, and ends the chain in its place. */
  private lost(chain: OwnChain): void {
    this.log.warn({ chain: chain.id }, 'the chain of this process was taken for abandoned');
    this.letGo(chain);
  }
}
