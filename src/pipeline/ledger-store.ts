// The ledger's statements against the database, through Prisma.
import type { PrismaClient } from '../db/generated/client.js';
import type { Admission, CommittedBatch, LedgerStore, Settlement } from './ledger-batch.js';

export function ledgerStore(client: PrismaClient): LedgerStore {
  return {
    async commit(chain, head, admissions, settlements) {
      const batch = batchJson(admissions, settlements);
      const [row] = await client.$queryRaw<{ done: CommittedBatch }[]>`
        SELECT ledger_commit(${chain}::uuid, ${head.position}::integer, ${head.hash}::text, ${batch}::jsonb) AS done`;
      if (!row) throw new Error('ledger_commit returned nothing');
      return row.done;
    },

    async head(chain) {
      const last = await client.auditEntry.findFirst({
        where: { chain },
        orderBy: { position: 'desc' },
        select: { position: true, hash: true },
      });
      return last && { position: last.position, hash: Buffer.from(last.hash).toString('hex') };
    },

    async outcomes(ids) {
      const rows = await client.auditRecord.findMany({
        where: { id: { in: [...ids] } },
        select: { id: true, outcome: true },
      });
      return new Map(rows.map((row) => [row.id, row.outcome]));
    },
  };
}

function batchJson(admissions: readonly Admission[], settlements: readonly Settlement[]): string {
  const keys = admissions.flatMap(({ id, key }) => (key ? [{ id, ...key }] : []));
  return JSON.stringify({
    // Absent members spare the function a step each.
    admissions: admissions.length > 0 ? admissions.map(({ key: _, ...admission }) => admission) : undefined,
    settlements: settlements.length > 0 ? settlements : undefined,
    keys: keys.length > 0 ? keys : undefined,
  });
}
