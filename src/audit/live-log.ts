// Tells whoever watches of each record that is added to the log, by whichever process. It looks once a second, and
// only while somebody watches: a notification a record would take a lock at every commit.
//
// A record's id is made before it is committed, so that a newer one may be seen first. Each look therefore goes back
// some seconds, and what was seen before is passed over. Looks are bounded: where more records come in a second than
// one look takes, the oldest of them are passed over, and are found by searching.
import { errorName } from '../errors.js';
import { regularly } from './regularly.js';
import { Watcher } from './watcher.js';

/** What it needs of the search. */
export interface AddedRecords<Row> {
  /** Newest first. */
  idsSince(at: Date, atMost: number): Promise<string[]>;
  /** Oldest first. */
  records(ids: readonly string[]): Promise<Row[]>;
}

export interface LiveLogSettings {
  everyMs: number;
  /** How far a look goes back: how late a commit, and how slow a replica's clock, may be. */
  backMs: number;
  /** Records a look takes, and records that wait for a slow watcher. */
  atMost: number;
}

export interface LiveLogLog {
  warn(fields: object, message: string): void;
}

export class LiveLog<Row> {
  private lookout: Lookout<Row> | null = null;

  constructor(
    private readonly added: AddedRecords<Row>,
    private readonly settings: LiveLogSettings,
    private readonly log: LiveLogLog,
  ) {}

  /** Resolves when it watches; yields every record that is added from then on, each once, until the reader leaves. */
  async watch(): Promise<AsyncIterableIterator<Row>> {
    this.lookout ??= new Lookout(this.added, this.settings, this.log, (lookout) => {
      if (this.lookout === lookout) this.lookout = null;
    });
    const { lookout } = this;
    const watcher = lookout.join();
    try {
      await lookout.begun;
    } catch (error) {
      await watcher.return();
      throw error;
    }
    return watcher;
  }

  /** Everybody's watching ends. */
  async stop(): Promise<void> {
    await this.lookout?.stop();
  }
}

/** From the first watcher until the last has left. */
class Lookout<Row> {
  readonly begun: Promise<void>;
  private readonly watchers = new Set<Watcher<Row>>();
  private readonly seen = new Set<string>();
  private from = new Date(0);
  private looks: { stop(): Promise<void> } | undefined;
  private over = false;

  constructor(
    private readonly added: AddedRecords<Row>,
    private readonly settings: LiveLogSettings,
    private readonly log: LiveLogLog,
    private readonly ended: (lookout: Lookout<Row>) => void,
  ) {
    this.begun = this.begin();
  }

  join(): Watcher<Row> {
    const watcher = new Watcher<Row>(this.settings.atMost, () => {
      this.watchers.delete(watcher);
      if (this.watchers.size === 0) void this.end();
    });
    this.watchers.add(watcher);
    return watcher;
  }

  async stop(): Promise<void> {
    for (const watcher of this.watchers) await watcher.return();
    await this.end();
  }

  private async end(): Promise<void> {
    this.over = true;
    this.ended(this);
    await this.looks?.stop();
  }

  /** What is there already has been seen. */
  private async begin(): Promise<void> {
    for (const id of await this.newest()) this.seen.add(id);
    if (this.over) return;
    this.looks = regularly(
      this.settings.everyMs,
      () => this.look(),
      (error) => this.log.warn({ error: errorName(error) }, 'could not look for records that were added'),
    );
  }

  private newest(): Promise<string[]> {
    // Never backwards, whatever the clock does: what was forgotten would be told of twice.
    this.from = new Date(Math.max(this.from.getTime(), Date.now() - this.settings.backMs));
    return this.added.idsSince(this.from, this.settings.atMost);
  }

  private async look(): Promise<void> {
    const ids = await this.newest();
    const more = ids.filter((id) => !this.seen.has(id));
    const rows = more.length > 0 ? await this.added.records(more) : [];
    // Only now: where reading them fails, the next look finds them again.
    for (const id of more) this.seen.add(id);
    // The newest so many only ever grow newer.
    const oldest = ids.at(-1);
    for (const id of this.seen) if (oldest === undefined || id < oldest) this.seen.delete(id);
    for (const watcher of this.watchers) watcher.tell(rows);
  }
}
