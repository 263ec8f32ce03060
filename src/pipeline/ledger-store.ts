// The ledger's statements against the database, through Prisma.
import type { PrismaClient } from '../db/generated/client.js';
import type { BatchItem, CommittedBatch, LedgerStore } from './ledger-batch.js';

export function ledgerStore(client: PrismaClient): LedgerStore {
  return {
    async commit(chain, head, items) {
      const batch = batchJson(items);
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

/** Lists that are empty are left out, which spares the function a step each. */
function batchJson(items: readonly BatchItem[]): string {
  const batch: Partial<Record<'admissions' | 'settlements' | 'callbacks' | 'keys' | 'flows', object[]>> = {};
  const add = (list: keyof typeof batch, item: object) => {
    batch[list] ??= [];
    batch[list].push(item);
  };
  for (const entry of items) {
    const { id, at } = entry.item;
    switch (entry.is) {
      case 'admission': {
        const { key, step, ...admission } = entry.item;
        add('admissions', admission);
        if (key) add('keys', { id, ...key });
        if (step) add('flows', { by: id, id, at, dueMs: admission.dueMs, ...step });
        break;
      }
      case 'settlement': {
        const { step, ...settlement } = entry.item;
        add('settlements', settlement);
        if (step) add('flows', { by: id, at, action: 'CHANGE', ...step });
        break;
      }
      case 'callback': {
        const { step, ...callback } = entry.item;
        add('callbacks', callback);
        add('flows', { by: id, at, action: 'CHANGE', ...step });
        break;
      }
      case 'move':
        add('flows', { by: id, at, action: 'CHANGE', ...entry.item.step });
    }
  }
  return JSON.stringify(batch);
}
