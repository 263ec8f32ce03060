// Records still PENDING after their time belong to a process that is gone. What became of the call nobody
// knows, and that is what gets recorded: UNKNOWN, as an entry, with the time it was found.
import { leafOf } from '../audit/entry.js';
import type { PrismaClient } from '../db/generated/client.js';
import { errorName } from '../errors.js';
import type { Ledger, LedgerLog } from './ledger.js';

const EVERY_MS = 5_000;
const AT_ONCE = 500;

/** Looks now and then every five seconds; replicas may all look, whoever settles first settles. */
export function watchForDoubt(
  client: PrismaClient,
  ledger: Ledger,
  log: LedgerLog,
): { stop(): Promise<void> } {
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    try {
      const found = await client.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM audit_record WHERE outcome = 'PENDING' AND due_at < now() ORDER BY due_at LIMIT ${AT_ONCE}`;
      const at = new Date().toISOString();
      const state = { outcome: 'UNKNOWN', rule: 'IN_DOUBT' } as const;
      await Promise.all(
        found.map(({ id }) =>
          ledger.settle({ id, ...state, at, leaf: leafOf({ ...state, kind: 'OUTCOME', record: id, at }) }),
        ),
      );
      if (found.length > 0)
        log.warn({ count: found.length }, 'requests of a process that is gone are now UNKNOWN');
    } catch (error) {
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
