// Hears a channel of Postgres on a connection of its own, which is opened again whenever it breaks, or goes silent: what
// stands between may forget a connection on which nothing moves without telling either end.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const PAUSE_MS = { first: 200, longest: 5_000 };
/** How often it is asked whether the connection still answers, and within how long it has to. */
const BEAT = { everyMs: 30_000, withinMs: 5_000 };
/** The process does not wait longer for a connection to end. */
const LAST_WORD_MS = 1_000;

/** @param heard called with a payload, or without one after a gap in which notifications may have been missed */
export function listenOn(
  url: string,
  channel: string,
  heard: (payload: string | undefined) => void,
  { everyMs, withinMs } = BEAT,
): { stop(): Promise<void> } {
  let stopped = false;
  let pause = PAUSE_MS.first;
  let timer: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;
  let beat: NodeJS.Timeout | undefined;

  const again = (broken: pg.Client) => {
    if (stopped || client !== broken) return;
    client = undefined;
    clearTimeout(beat);
    broken.end().catch(() => {});
    timer = setTimeout(connect, pause);
    pause = Math.min(pause * 2, PAUSE_MS.longest);
  };
  const connect = async () => {
    const fresh = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      application_name: 'yanzheng listen',
    });
    client = fresh;
    fresh.on('notification', ({ payload }) => heard(payload));
    fresh.on('error', () => again(fresh));
    fresh.on('end', () => again(fresh));
    try {
      await fresh.connect();
      await answered(fresh, `LISTEN ${pg.escapeIdentifier(channel)}`, withinMs);
      pause = PAUSE_MS.first;
      heard(undefined);
      listenOnly(fresh);
    } catch {
      again(fresh);
    }
  };
  const listenOnly = (listening: pg.Client) => {
    beat = setTimeout(() => {
      answered(listening, 'SELECT 1', withinMs).then(
        () => client === listening && !stopped && listenOnly(listening),
        () => again(listening),
      );
    }, everyMs);
  };
  void connect();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      clearTimeout(beat);
      const ended = client?.end().catch(() => {});
      await Promise.race([ended, sleep(LAST_WORD_MS, undefined, { ref: false })]);
    },
  };
}

/** @throws where the answer does not come in time, or is an error */
async function answered(client: pg.Client, sql: string, withinMs: number): Promise<void> {
  const late = new AbortController();
  try {
    await Promise.race([
      client.query(sql),
      sleep(withinMs, undefined, late).then(() => {
        throw new Error('no answer');
      }),
    ]);
  } finally {
    late.abort();
  }
}
