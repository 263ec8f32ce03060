// Where the verifier's answers are of different moments, as on the embedded database, a chain may be begun in between.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { askForCode } from '../support/ask.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer } from '../support/server.js';
import { type LogSession, openLogSession } from './log-session.js';

let database: TestDatabase;
let session: LogSession;
beforeAll(async () => {
  database = await freshDatabase();
  const server = await startServer({ database });
  await askForCode(server, { phone: phoneWith() });
  await server.stop();
  session = await openLogSession(database);
});
afterAll(async () => {
  await session?.close();
  await database?.drop();
});

it('a chain that was begun after the chains were listed is left to the next run', async () => {
  const { keys, sealer } = session;
  const later = uuidv7();
  const count = `INSERT INTO audit_rollup SELECT (json_populate_record(r, json_build_object('chain', '${later}'))).* FROM audit_rollup AS r`;
  let begun = false;
  const query = async <Row>(sql: string) => {
    if (!begun && sql.includes('FROM audit_class')) {
      begun = true;
      await session.query(count);
    }
    return session.query<Row>(sql);
  };
  const { listed, rollups } = await verifyLog(
    { snapshot: false, blockSize: 16, query, close: async () => {} },
    {
      trusted: keys.trusted,
      sealer,
      published: [],
      runs: [],
      signal: new AbortController().signal,
      progress: () => {},
    },
  );
  expect({ begun, listed, rollups }).toEqual({ begun: true, listed: [], rollups: 1 });
});
