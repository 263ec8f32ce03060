// Where entries stand in their chains, as proofs need it.
import type { PrismaClient } from '../db/generated/client.js';

export interface EntryPlace {
  chain: string;
  position: number;
}

export class EntryStore {
  constructor(private readonly client: PrismaClient) {}

  /** Of a record's entries, by chain and position. */
  async placesOf(record: string): Promise<EntryPlace[]> {
    return this.client.auditEntry.findMany({
      where: { recordId: record },
      orderBy: [{ chain: 'asc' }, { position: 'asc' }],
      select: { chain: true, position: true },
    });
  }

  /** SHA-256 of the leaves from a position to another, and the hash before them. */
  async segment(
    chain: string,
    from: number,
    to: number,
  ): Promise<{ previousHash: Buffer; leafHashes: Buffer[] }> {
    const rows = await this.client.$queryRaw<{ hash: Uint8Array; previous: Uint8Array | null }[]>`
      SELECT sha256(leaf) AS hash, CASE WHEN position = ${from}::integer THEN previous_hash END AS previous
      FROM audit_entry
      WHERE chain = ${chain}::uuid AND position BETWEEN ${from}::integer AND ${to}::integer
      ORDER BY position`;
    return {
      previousHash: Buffer.from(rows[0]?.previous ?? []),
      leafHashes: rows.map(({ hash }) => Buffer.from(hash)),
    };
  }
}
