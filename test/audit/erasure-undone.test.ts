// Who puts back what was erased, and says that the erasure is still going on, is believed for as long as it may take.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Eraser } from '../../src/audit/eraser.js';
import { ErasureStore } from '../../src/audit/erasure-store.js';
import { PublishedErasures } from '../../src/audit/published-erasures.js';
import { openDatabase } from '../../src/db/client.js';
import { Digester } from '../../src/limits/subject.js';
import { askForCode } from '../support/ask.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer } from '../support/server.js';
import { erase } from './admin.js';
import { anHourLater, type LogSession, openLogSession } from './log-session.js';

let database: TestDatabase;
let session: LogSession;
let id: string;
/** What somebody does who kept a copy. */
let undo: string[];

beforeAll(async () => {
  database = await freshDatabase();
  const phone = phoneWith();
  let server = await startServer({ database });
  id = (await askForCode(server, { phone })).requestId;
  await server.stop();
  session = await openLogSession(database);
  const copied = async (table: string, key: string) => {
    const [copy] = await session.query<{ rows: string }>(
      `SELECT json_agg(t)::text AS rows FROM ${table} AS t WHERE ${key} = '${id}'`,
    );
    return `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, '${copy?.rows}')`;
  };
  const copies = [await copied('audit_record', 'id'), await copied('audit_subject', 'record_id')];
  await session.close();
  server = await startServer({ database });
  await erase(server, { phone });
  await server.stop();
  session = await openLogSession(database);
  const [erased] = await session.query<{ by: string }>(
    `SELECT erased_by::text AS by FROM audit_record WHERE id = '${id}'`,
  );
  undo = [
    `INSERT INTO audit_erasure_due (erasure, held_until) VALUES ('${erased?.by}', 'infinity')`,
    `DELETE FROM audit_record WHERE id = '${id}'`,
    ...copies,
  ];
});
afterAll(async () => {
  await session?.close();
  await database?.drop();
});

it('is no alarm at first: it looks like one that was cut off', async () => {
  expect((await session.verify(undo)).listed).toEqual([]);
});

it('is found once it should be done', async () => {
  const { listed } = await session.verify([...undo, ...anHourLater(session.keys).sql]);
  expect(listed).toEqual([{ where: `audit_record ${id}`, what: 'it was erased, and holds what was erased' }]);
});

it('is erased again by a process that runs, though somebody is said to hold it for ever', async () => {
  for (const sql of undo) await session.query(sql);
  await session.close();
  const { DATA_DIR: dataDir, DATABASE_URL: url } = database.env;
  const log = { info() {}, warn() {}, error() {} };
  const { client, close } = await openDatabase(
    { dataDir, url, ownerUrl: undefined, directUrl: undefined, poolSize: 2 },
    log,
  );
  const heads = { file: session.file, url: undefined };
  const eraser = new Eraser(
    new ErasureStore(client),
    new PublishedErasures(heads, session.keys, log),
    { record: () => Promise.reject(new Error('nothing is to be recorded')) },
    new Digester(Buffer.alloc(32)),
    log,
  );
  expect(await eraser.finishDue()).toBe(1);
  await close();
  session = await openLogSession(database);
  expect((await session.verify(anHourLater(session.keys).sql)).listed).toEqual([]);
});
