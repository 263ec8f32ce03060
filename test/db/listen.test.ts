// What hears a channel goes on hearing it, also where its connection went silent without an end.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { listenOn } from '../../src/db/listen.js';
import { type ChaosProxy, chaosProxy } from '../support/chaos-proxy.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const lane = onPostgres ? describe : describe.skip;
const reason = onPostgres ? '' : ' (skipped: nothing stands between the embedded database and its server)';

lane(`a connection that listens${reason}`, () => {
  let database: TestDatabase;
  let proxy: ChaosProxy;
  let throughProxy: string;
  beforeAll(async () => {
    database = await freshDatabase();
    const url = new URL(database.env.DATABASE_OWNER_URL ?? '');
    proxy = await chaosProxy({ host: url.hostname, port: Number(url.port || 5432) });
    url.port = String(proxy.port);
    url.hostname = '127.0.0.1';
    throughProxy = url.href;
  });
  afterAll(async () => {
    await proxy?.close();
    await database?.drop();
  });

  it('is opened again after a silence, and tells of the gap', async () => {
    const heard: (string | undefined)[] = [];
    const listening = listenOn(throughProxy, 'said', (payload) => heard.push(payload), {
      everyMs: 200,
      withinMs: 1_500,
    });
    await eventually(
      async () => heard.length,
      (count) => count === 1,
    );
    proxy.set('blackhole');
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    proxy.set('pass');
    await eventually(
      async () => heard.length,
      (count) => count === 2,
    );
    const speaker = new pg.Client({ connectionString: database.env.DATABASE_OWNER_URL });
    await speaker.connect();
    await speaker.query(`SELECT pg_notify('said', 'hello')`);
    await speaker.end();
    await eventually(
      async () => heard.at(-1),
      (last) => last === 'hello',
    );
    expect(heard.slice(0, 2)).toEqual([undefined, undefined]);
    proxy.set('blackhole');
    await listening.stop();
  });
});
