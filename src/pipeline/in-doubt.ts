// Records still PENDING after their time belong to a process that is gone. What became of the call nobody
// knows, and that is what gets recorded: UNKNOWN, as an entry, with the time it was found.
import type { RecordTraits } from '../audit/record-class.js';
import type { PrismaClient } from '../db/generated/client.js';
import { errorName } from '../errors.js';
import type { Ledger, LedgerLog } from './ledger.js';
import { settlementWithoutCall } from './settlement.js';

const EVERY_MS = 5_000;
/** After the database was away: those who know how their calls ended write that first. */
const AFTER_OUTAGE_MS = 15_000;
const AT_ONCE = 500;

/** Looks now and then every five seconds; replicas may all look, whoever settles first settles. */
export function watchForDoubt(
  client: PrismaClient,
  ledger: Ledger,
  log: LedgerLog,
): { stop(): Promise<void> } {
  let looking: Promise<void> = Promise.resolve();
  let failedAt = Number.NEGATIVE_INFINITY;
  const look = async () => {
    try {
      const found = await client.$queryRaw<(RecordTraits & { id: string })[]>`
        SELECT id::text, kind, provider, operation, purpose, client FROM audit_record WHERE outcome = 'PENDING' AND due_at < now() ORDER BY due_at LIMIT ${AT_ONCE}`;
      if (performance.now() - failedAt < AFTER_OUTAGE_MS) return;
      await Promise.all(
        found.map((record) => ledger.settle(settlementWithoutCall(record, 'UNKNOWN', 'IN_DOUBT'))),
      );
      if (found.length > 0)
        log.warn({ count: found.length }, 'requests of a process that is gone are now UNKNOWN');
    } catch (error) {
      failedAt = performance.now();
      log.warn({ error: errorName(error) }, 'could not look for requests in doubt');
    }
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, EVERY_MS);
  looking = look();
  return {
    stop: () => {
      clearInterval(timer);
      return looking;
    },
  };
}
