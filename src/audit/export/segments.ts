// Finds the segment that proves an entry: from the checkpoint before it to the first one that covers it. Entries are
// asked for roughly in the order of time, so that one look at the checkpoints serves many of them.
import type { PrismaClient } from '../../db/generated/client.js';
import { ChainStore, type StoredCheckpoint } from '../chain-store.js';
import { EntryStore } from '../entry-store.js';
import { type ExportSegment, segmentName } from './format.js';
import { Window } from './window.js';

export interface FoundSegment {
  serial: number;
  /** Position of its first entry, and of its last. */
  from: number;
  to: number;
  statement: string;
}

/** Checkpoints that follow one another in a chain. */
interface Run {
  found: FoundSegment[];
}

const CHAINS = 64;
const BEFORE = 48;
const AFTER = 16;

export class Segments {
  private readonly chains: ChainStore;
  private readonly entries: EntryStore;
  private readonly runs = new Window<Run>(CHAINS);

  constructor(private readonly client: PrismaClient) {
    this.chains = new ChainStore(client);
    this.entries = new EntryStore(client);
  }

  /** Null where no checkpoint covers the entry yet. */
  async covering(chain: string, position: number): Promise<FoundSegment | null> {
    const known = this.runs.get(chain)?.found.find(({ from, to }) => from <= position && position <= to);
    if (known) return known;
    const first = await this.chains.firstCovering(chain, position);
    if (!first) return null;
    const found = await this.runAround(chain, first.serial);
    this.runs.add(chain, { found });
    return found.find(({ serial }) => serial === first.serial) ?? null;
  }

  async load(chain: string, { serial, from, to, statement }: FoundSegment): Promise<ExportSegment> {
    const { previousHash, leafHashes } = await this.entries.segment(chain, from, to);
    return {
      segment: segmentName(chain, serial),
      from,
      previousHash: previousHash.toString('hex'),
      leafHashes: Buffer.concat(leafHashes).toString('base64'),
      checkpoint: statement,
    };
  }

  private async runAround(chain: string, serial: number): Promise<FoundSegment[]> {
    const checkpoints: StoredCheckpoint[] = await this.client.auditCheckpoint.findMany({
      where: { chain, serial: { gte: serial - BEFORE - 1, lte: serial + AFTER } },
      orderBy: { serial: 'asc' },
      select: { serial: true, statement: true },
    });
    return checkpoints.flatMap(({ serial, statement }, at) => {
      const before = checkpoints[at - 1];
      // Without the one before, it is not known where the segment begins.
      if (before?.serial !== serial - 1) return [];
      const [from, to] = [positionOf(before.statement) + 1, positionOf(statement)];
      return from <= to ? [{ serial, from, to, statement }] : [];
    });
  }
}

function positionOf(statement: string): number {
  return Number(/"position":(\d{1,10}),/.exec(statement)?.[1] ?? 0);
}
