// The ledger's statements against the database, through Prisma.

import { ChainStore } from '../audit/chain-store.js';
import { latencyCell } from '../audit/histogram.js';
import { classOf, type RecordClass, type RecordTraits } from '../audit/record-class.js';
import { timeOfId } from '../audit/record-time.js';
import type { PrismaClient } from '../db/generated/client.js';
import type { Claims, CounterClaim } from '../limits/claims.js';
import type { BatchItem, CommittedBatch, LedgerStore } from './ledger-batch.js';

export function ledgerStore(client: PrismaClient): LedgerStore {
  /** Classes that the database has been told of. */
  const told = new Set<string>();
  const chains = new ChainStore(client);
  return {
    async commit(chain, head, items) {
      const untold = new Map(
        items.flatMap(classesOf).flatMap((one) => (told.has(one.id) ? [] : [[one.id, one]])),
      );
      const batch = batchJson(items, [...untold.values()]);
      const [row] = await client.$queryRaw<{ done: CommittedBatch }[]>`
        SELECT ledger_commit(${chain}::uuid, ${head.position}::integer, ${head.hash}::text, ${batch}::jsonb) AS done`;
      if (!row) throw new Error('ledger_commit returned nothing');
      for (const id of untold.keys()) told.add(id);
      return row.done;
    },

    entriesAfter: (chain, position, atMost) => chains.entriesFrom(chain, position + 1, atMost),

    async outcomes(ids) {
      const rows = await client.auditRecord.findMany({
        where: { id: { in: [...ids] } },
        select: { id: true, outcome: true, rule: true, retryAfterMs: true },
      });
      return new Map(rows.map((row) => [row.id, row]));
    },
  };
}

/** Where the counters and budgets of a batch stand in its lists, which are in the order of locking. */
interface Places {
  counters: Map<string, { place: number; row: object }>;
  budgets: Map<string, { place: number; row: object }>;
}

function placesOf(items: readonly BatchItem[]): Places {
  const counters = new Map<string, { counter: CounterClaim; claims: number }>();
  const budgets = new Map<string, { day: string; scope: string; least: number; claims: number }>();
  for (const { is, item } of items) {
    if (is !== 'admission' || !item.claims) continue;
    for (const counter of item.claims.counters) {
      const known = counters.get(counter.key);
      if (known) known.claims += 1;
      else counters.set(counter.key, { counter, claims: 1 });
    }
    const scopes = new Set<string>();
    const day = budgetDay(item.at);
    for (const { scope, most } of item.claims.budget) {
      const key = budgetKey(day, scope);
      const known = budgets.get(key) ?? { day, scope, least: most, claims: 0 };
      budgets.set(key, known);
      known.least = Math.min(known.least, most);
      if (!scopes.has(scope)) known.claims += 1;
      scopes.add(scope);
    }
  }
  return {
    counters: inOrder(counters, (key, { counter: { rule, windows }, claims }) => ({
      key,
      rule,
      most: windows.map((window) => window.most),
      seconds: windows.map((window) => window.seconds),
      claims,
    })),
    // Places of lists in SQL begin at 1.
    budgets: inOrder(budgets, (_, claim, place) => ({ place: place + 1, ...claim })),
  };
}

/** The day of a record's budget, which begins at midnight in China: `budget_day` of prisma/migrations. */
function budgetDay(at: string): string {
  return new Date(Date.parse(at) + CHINA_MS).toISOString().slice(0, 10);
}
const CHINA_MS = 8 * 3_600_000;

const budgetKey = (day: string, scope: string) => `${day} ${scope}`;

function inOrder<Claim>(
  claims: ReadonlyMap<string, Claim>,
  rowOf: (key: string, claim: Claim, place: number) => object,
): Map<string, { place: number; row: object }> {
  const sorted = [...claims].sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map(sorted.map(([key, claim], place) => [key, { place, row: rowOf(key, claim, place) }]));
}

function claimed(
  admission: RecordTraits & { id: string; at: string },
  { counters, budget, destination }: Claims,
  places: Places,
): object {
  const day = budgetDay(admission.at);
  return {
    limits: counters.map(({ key }) => places.counters.get(key)?.place),
    budget: budget.map(({ scope, most, rule }) => ({
      scope: places.budgets.get(budgetKey(day, scope))?.place,
      most,
      rule,
    })),
    destination,
    hour: hourOf(admission.id),
    deniedClass: classOf(admission, 'DENIED').id,
  };
}

/** The hour in which a record began, as rollups count it. */
function hourOf(recordId: string): string {
  const hour = Math.floor(timeOfId(recordId).getTime() / HOUR_MS);
  if (hour !== lastHour.hour) lastHour = { hour, text: new Date(hour * HOUR_MS).toISOString() };
  return lastHour.text;
}
const HOUR_MS = 3_600_000;
let lastHour = { hour: -1, text: '' };

/** Lists that are empty are left out, which spares the function a step each. */
function batchJson(items: readonly BatchItem[], classes: RecordClass[]): string {
  const batch: Partial<
    Record<
      | 'admissions'
      | 'settlements'
      | 'callbacks'
      | 'accesses'
      | 'tallies'
      | 'keys'
      | 'budgets'
      | 'counters'
      | 'flows'
      | 'classes',
      object[]
    >
  > = classes.length > 0 ? { classes } : {};
  const places = placesOf(items);
  if (places.counters.size > 0) batch.counters = Array.from(places.counters.values(), ({ row }) => row);
  if (places.budgets.size > 0) batch.budgets = Array.from(places.budgets.values(), ({ row }) => row);
  const add = (list: keyof typeof batch, item: object) => {
    batch[list] ??= [];
    batch[list].push(item);
  };
  for (const entry of items) {
    const { id, at } = entry.item;
    switch (entry.is) {
      case 'admission': {
        const { key, step, claims, ...admission } = entry.item;
        add('admissions', claims ? { ...admission, ...claimed(admission, claims, places) } : admission);
        if (key) add('keys', { id, at, ...key });
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

/** The classes that an item's record may end in with this batch. */
function classesOf({ is, item }: BatchItem): RecordClass[] {
  if (is === 'admission') return item.claims ? [classOf(item, 'DENIED')] : [];
  return 'class' in item ? [item.class] : [];
}
