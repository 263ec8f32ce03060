// What the verifier found when it last ran, and how large the log is now: told by what is proved, and by nothing else.
import type { PrismaClient } from '../db/generated/client.js';
import { appendStatement } from './published-heads.js';
import type { SigningKeys, TrustedKeys } from './signing-keys.js';
import { readRun, signRun } from './verification-run.js';
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

  /**
   * Stores a run first and publishes it second, so that what is published must be stored.
   * @throws where it cannot be stored or published
   */
  async keep(
    { startedAt, chains, entries, records, intact, faults, firstBroken }: Verification,
    keys: SigningKeys,
    file: string,
  ): Promise<void> {
    const found = { chains, entries, records, intact, faults, firstBroken };
    for (;;) {
      const last = await this.client.auditIntegrity.findFirst({ orderBy: { serial: 'desc' } });
      const serial = (last?.serial ?? 0) + 1;
      const statement = signRun({ serial, startedAt: startedAt.toISOString(), ...found }, keys);
      const stored = await this.client.$executeRaw`
        INSERT INTO audit_integrity (serial, statement) VALUES (${serial}::integer, ${statement}::text)
        ON CONFLICT DO NOTHING`;
      // Another run ended at the same time.
      if (stored === 0) continue;
      await appendStatement(file, statement);
      return;
    }
  }

  /** One look into an index for each chain, however long they are. */
  async integrity(trusted: TrustedKeys): Promise<Integrity> {
    const [size] = await this.client.$queryRaw<{ chains: number; entries: number }[]>`
      WITH RECURSIVE c(chain) AS (
        (SELECT k.chain FROM audit_checkpoint k ORDER BY k.chain LIMIT 1)
        UNION ALL
        SELECT (SELECT k.chain FROM audit_checkpoint k WHERE k.chain > c.chain ORDER BY k.chain LIMIT 1)
        FROM c WHERE c.chain IS NOT NULL
      )
      SELECT count(c.chain)::integer AS chains, COALESCE(sum(h.position), 0)::float8 AS entries
      FROM c
      LEFT JOIN LATERAL (
        SELECT e.position FROM audit_entry e WHERE e.chain = c.chain ORDER BY e.position DESC LIMIT 1
      ) AS h ON true`;
    const { chains = 0, entries = 0 } = size ?? {};
    const last = await this.client.auditIntegrity.findFirst({ orderBy: { serial: 'desc' } });
    if (!last) return { chains, entries, verifiedAt: null, intact: null, firstBroken: null };
    const { run } = readRun(last.statement, trusted);
    if (run?.serial !== last.serial) {
      const firstBroken = `audit_integrity ${last.serial}`;
      return { chains, entries, verifiedAt: null, intact: false, firstBroken };
    }
    const { startedAt, intact, firstBroken } = run;
    return { chains, entries, verifiedAt: new Date(startedAt), intact, firstBroken };
  }
}
