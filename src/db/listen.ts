// Hears a channel of Postgres on a connection of its own, which is opened again whenever it breaks.
import pg from 'pg';

const PAUSE_MS = { first: 200, longest: 5_000 };

/** @param heard called with a payload, or without one after a gap in which notifications may have been missed */
export function listenOn(
  url: string,
  channel: string,
  heard: (payload: string | undefined) => void,
): { stop(): Promise<void> } {
  let stopped = false;
  let pause = PAUSE_MS.first;
  let timer: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;

  const again = (broken: pg.Client) => {
    if (stopped || client !== broken) return;
    client = undefined;
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
      await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      pause = PAUSE_MS.first;
      heard(undefined);
    } catch {
      again(fresh);
    }
  };
  void connect();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
