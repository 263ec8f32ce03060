// Clears away idempotency keys and counters of limits that have expired, a few at a time, so that their tables hold
// about a day of them.
import type { PrismaClient } from '../db/generated/client.js';
import { errorName } from '../errors.js';

const EVERY_MS = 60_000;
const AT_ONCE = 5_000;

export interface ExpiryLog {
  warn(fields: object, message: string): void;
}

/** Replicas may all do it: rows that another one holds are passed over. */
export function clearExpired(client: PrismaClient, log: ExpiryLog): { stop(): Promise<void> } {
  let clearing: Promise<void> = Promise.resolve();
  const clear = async () => {
    try {
      await client.$executeRaw`
        DELETE FROM idempotency_key
        WHERE digest IN (
          SELECT digest FROM idempotency_key WHERE expires_at < now()
          ORDER BY expires_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)`;
      await client.$executeRaw`
        DELETE FROM limit_counter
        WHERE key IN (
          SELECT key FROM limit_counter WHERE expires_at < now()
          ORDER BY expires_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)`;
    } catch (error) {
      log.warn({ error: errorName(error) }, 'could not clear away what has expired');
    }
  };
  const timer = setInterval(() => {
    clearing = clearing.then(clear);
  }, EVERY_MS);
  clearing = clear();
  return {
    stop: () => {
      clearInterval(timer);
      return clearing;
    },
  };
}
