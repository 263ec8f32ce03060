// What the database keeps of chains besides their entries: who holds a chain, and its checkpoints.
import type { PrismaClient } from '../db/generated/client.js';

export interface StoredCheckpoint {
  serial: number;
  statement: string;
}

/** A chain that takes no more entries and has no last checkpoint yet. */
export interface UnfinishedChain {
  id: string;
  /** Whose it was, for people. */
  instance: string;
  last: StoredCheckpoint | null;
}

export interface StoredEntry {
  position: number;
  leaf: Uint8Array;
  hash: Uint8Array;
  previousHash: Uint8Array;
}

export class ChainStore {
  constructor(private readonly client: PrismaClient) {}

  /** Takes hold of a chain, or keeps hold of it. @returns false where it was closed meanwhile */
  async lease(chain: string, instance: string, forMs: number): Promise<boolean> {
    const rows = await this.client.$executeRaw`
      INSERT INTO audit_chain (id, instance, alive_until)
      VALUES (${chain}::uuid, ${instance}, now() + make_interval(secs => ${forMs}::float8 / 1000))
      ON CONFLICT (id) DO UPDATE SET alive_until = EXCLUDED.alive_until WHERE audit_chain.closed_at IS NULL`;
    return rows > 0;
  }

  /** Keeps hold of chains. @returns those that are still held; the others were closed meanwhile */
  async renew(chains: readonly string[], forMs: number): Promise<Set<string>> {
    const held = await this.client.$queryRaw<{ id: string }[]>`
      UPDATE audit_chain SET alive_until = now() + make_interval(secs => ${forMs}::float8 / 1000)
      WHERE id = ANY (${chains}::uuid[]) AND closed_at IS NULL
      RETURNING id::text`;
    return new Set(held.map(({ id }) => id));
  }

  /** From then on the chain takes no more entries. @returns false where it was closed before */
  async close(chain: string): Promise<boolean> {
    const rows = await this.client.$executeRaw`
      UPDATE audit_chain SET closed_at = clock_timestamp() WHERE id = ${chain}::uuid AND closed_at IS NULL`;
    return rows > 0;
  }

  /**
   * Closes the chains whose holder has let go, but for `own`. Nobody holds one for an hour, or closes it in the future.
   * @param alone true where nobody else can hold a chain
   */
  async closeUnheld(own: readonly string[], alone: boolean): Promise<{ id: string; instance: string }[]> {
    // The clock and not now(): the row may have to be waited for, and what comes after counts from then.
    return this.client.$queryRaw`
      UPDATE audit_chain SET closed_at = clock_timestamp()
      WHERE id <> ALL (${own}::uuid[])
        AND (closed_at > now() + interval '1 hour' OR closed_at IS NULL AND (
          alive_until < now() OR alive_until > now() + interval '1 hour' OR ${alone}::boolean))
      RETURNING id::text, instance`;
  }

  /**
   * Closes the chains that have not ended and that nobody can hold, since their row is gone: it is made before their
   * first checkpoint, and stays.
   */
  async closeLost(own: readonly string[]): Promise<string[]> {
    const lost = await this.client.$queryRaw<{ id: string }[]>`
      WITH RECURSIVE found (chain) AS (
        (SELECT chain FROM audit_checkpoint ORDER BY chain LIMIT 1)
        UNION ALL
        SELECT (SELECT k.chain FROM audit_checkpoint k WHERE k.chain > found.chain ORDER BY k.chain LIMIT 1)
        FROM found WHERE found.chain IS NOT NULL
      )
      INSERT INTO audit_chain (id, instance, alive_until, closed_at)
      SELECT found.chain, 'unknown', now(), clock_timestamp()
      FROM found
      JOIN LATERAL (
        SELECT statement FROM audit_checkpoint WHERE chain = found.chain ORDER BY serial DESC LIMIT 1
      ) AS k ON true
      WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE c.id = found.chain)
        AND found.chain <> ALL (${own}::uuid[])
        AND NOT (k.statement LIKE '%"state":"CLOSED"}' OR k.statement LIKE '%"state":"ABANDONED"}')
      ON CONFLICT DO NOTHING
      RETURNING id::text`;
    return lost.map(({ id }) => id);
  }

  /** Chains that were closed at least so long ago and have no last checkpoint yet, but for `own`. */
  async unfinished(own: readonly string[], forMs: number): Promise<UnfinishedChain[]> {
    // Canonical JSON ends with the state, the last of its members by name.
    const rows = await this.client.$queryRaw<
      { id: string; instance: string; serial: number | null; statement: string | null }[]
    >`
      SELECT c.id::text, c.instance, k.serial, k.statement
      FROM audit_chain c
      LEFT JOIN LATERAL (
        SELECT serial, statement FROM audit_checkpoint WHERE chain = c.id ORDER BY serial DESC LIMIT 1
      ) AS k ON true
      WHERE c.closed_at <= now() - make_interval(secs => ${forMs}::float8 / 1000)
        AND c.id <> ALL (${own}::uuid[])
        AND (k.statement IS NULL
          OR NOT (k.statement LIKE '%"state":"CLOSED"}' OR k.statement LIKE '%"state":"ABANDONED"}'))
      ORDER BY c.id`;
    return rows.map(({ id, instance, serial, statement }) => ({
      id,
      instance,
      last: serial === null || statement === null ? null : { serial, statement },
    }));
  }

  /** Stores a checkpoint, unless this one or another one is there. */
  async insert(chain: string, serial: number, statement: string): Promise<'STORED' | 'THERE' | 'TAKEN'> {
    const data = { chain, serial, statement };
    const { count } = await this.client.auditCheckpoint.createMany({ data, skipDuplicates: true });
    if (count > 0) return 'STORED';
    return (await this.checkpoint(chain, serial))?.statement === statement ? 'THERE' : 'TAKEN';
  }

  async lastCheckpoint(chain: string): Promise<StoredCheckpoint | null> {
    return this.client.auditCheckpoint.findFirst({ where: { chain }, orderBy: { serial: 'desc' } });
  }

  /** The first checkpoint at or after a position; null where there is none. Positions grow with serials. */
  async firstCovering(chain: string, position: number): Promise<StoredCheckpoint | null> {
    let found = await this.lastCheckpoint(chain);
    if (!found || positionOf(found) < position) return null;
    let low = 0;
    let high = found.serial;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const checkpoint = await this.checkpoint(chain, middle);
      if (checkpoint && positionOf(checkpoint) >= position) {
        found = checkpoint;
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return found;
  }

  /** Entries of a chain from a position on, in order. */
  async entriesFrom(chain: string, position: number, atMost: number): Promise<StoredEntry[]> {
    return this.client.auditEntry.findMany({
      where: { chain, position: { gte: position } },
      orderBy: { position: 'asc' },
      take: atMost,
      select: { position: true, leaf: true, hash: true, previousHash: true },
    });
  }

  private async checkpoint(chain: string, serial: number): Promise<StoredCheckpoint | null> {
    return this.client.auditCheckpoint.findUnique({ where: { chain_serial: { chain, serial } } });
  }
}

/** As the statement says, genuine or not; -1 where it says nothing. */
function positionOf({ statement }: StoredCheckpoint): number {
  const digits = /"position":(\d{1,10}),/.exec(statement)?.[1];
  return digits === undefined ? -1 : Number(digits);
}
