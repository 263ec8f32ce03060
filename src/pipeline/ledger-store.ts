// The ledger's statements against the database, through Prisma.

import { latencyCell } from '../audit/histogram.js';
import type { RecordClass } from '../audit/record-class.js';
import { timeOfId } from '../audit/record-time.js';
import type { PrismaClient } from '../db/generated/client.js';
import type { BatchItem, CommittedBatch, LedgerStore } from './ledger-batch.js';

export function ledgerStore(client: PrismaClient): LedgerStore {
  /** Classes that the database has been told of. */
  const told = new Set<string>();
  return {
    async commit(chain, head, items) {
      const untold = new Map(
        items.flatMap(({ item }) =>
          'class' in item && !told.has(item.class.id) ? [[item.class.id, item.class]] : [],
        ),
      );
      const batch = batchJson(items, [...untold.values()]);
      const [row] = await client.$queryRaw<{ done: CommittedBatch }[]>`
        SELECT ledger_commit(${chain}::uuid, ${head.position}::integer, ${head.hash}::text, ${batch}::jsonb) AS done`;
      if (!row) throw new Error('ledger_commit returned nothing');
      for (const id of untold.keys()) told.add(id);
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

/** The hour in which a record began, as rollups count it. */
function hourOf(recordId: string): string {
  const hour = timeOfId(recordId);
  hour.setUTCMinutes(0, 0, 0);
  return hour.toISOString();
}

/** Lists that are empty are left out, which spares the function a step each. */
function batchJson(items: readonly BatchItem[], classes: RecordClass[]): string {
  const batch: Partial<
    Record<
      'admissions' | 'settlements' | 'callbacks' | 'accesses' | 'tallies' | 'keys' | 'flows' | 'classes',
      object[]
    >
  > = classes.length > 0 ? { classes } : {};
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
        const { step, class: ended, latencyMs, ...settlement } = entry.item;
        const { id: classId, kind, provider, outcome } = ended;
        add('settlements', {
          ...settlement,
          latencyMs,
          class: classId,
          kind,
          provider,
          outcome,
          hour: hourOf(id),
          cell: latencyMs === undefined ? undefined : latencyCell(latencyMs),
        });
        if (step) add('flows', { by: id, at, action: 'CHANGE', ...step });
        break;
      }
      case 'callback': {
        const { step, ...callback } = entry.item;
        add('callbacks', callback);
        add('flows', { by: id, at, action: 'CHANGE', ...step });
        break;
      }
      case 'access': {
        const { class: made, ...access } = entry.item;
        add('accesses', { ...access, class: made.id, operation: made.operation, client: made.client });
        break;
      }
      case 'tally':
        add('tallies', { ...entry.item, hour: hourOf(entry.item.record) });
        break;
      case 'move':
        add('flows', { by: id, at, action: 'CHANGE', ...entry.item.step });
    }
  }
  return JSON.stringify(batch);
}
