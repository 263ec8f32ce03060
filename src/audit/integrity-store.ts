// What the verifier found when it last ran, and how large the log is now.
import { v7 as uuidv7 } from 'uuid';
import type { PrismaClient } from '../db/generated/client.js';
import type { Verification } from './verify/verify-log.js';

export interface Integrity {
  chains: number;
  entries: number;
  /** Of the last run; null where there was none. */
  verifiedAt: Date | null;
  intact: boolean | null;
  firstBroken: string | null;
}

export class IntegrityStore {
  constructor(private readonly client: PrismaClient) {}

  async keep({
    startedAt,
    chains,
    entries,
    records,
    intact,
    faults,
    firstBroken,
  }: Verification): Promise<void> {
    const data = { id: uuidv7(), startedAt, chains, entries, records, intact, faults, firstBroken };
    await this.client.auditIntegrity.create({ data });
  }

  /** One look into an index for each chain, however long they are. */
  async integrity(): Promise<Integrity> {
    const [size] = await this.client.$queryRaw<{ chains: number; entries: number }[]>`
      SELECT count(*)::integer AS chains, COALESCE(sum(h.position), 0)::float8 AS entries
      FROM audit_chain c
      LEFT JOIN LATERAL (
        SELECT position FROM audit_entry WHERE chain = c.id ORDER BY position DESC LIMIT 1
      ) AS h ON true`;
    const last = await this.client.auditIntegrity.findFirst({ orderBy: { id: 'desc' } });
    return {
      chains: size?.chains ?? 0,
      entries: size?.entries ?? 0,
      verifiedAt: last?.startedAt ?? null,
      intact: last?.intact ?? null,
      firstBroken: last?.firstBroken ?? null,
    };
  }
}
