// After an outage, a checkpoint that a killed process had published is stored by the next one, in a moment.
import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { genesisHash } from '../../src/audit/chain.js';
import { signCheckpoint } from '../../src/audit/checkpoint.js';
import { listChains } from '../../src/audit/verify/chain-list.js';
import { Faults } from '../../src/audit/verify/faults.js';
import { PublishedHeadsWalk, publishedFiles } from '../../src/audit/verify/verify-published.js';
import { askForCode } from '../support/ask.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer } from '../support/server.js';
import { type LogSession, openLogSession } from './log-session.js';

let database: TestDatabase;
let session: LogSession;
/** Announced ten minutes ago, by a process that was killed before it stored that. */
const chain = uuidv7({ msecs: Date.now() - 600_000 });
let statement: string;

beforeAll(async () => {
  database = await freshDatabase();
  const server = await startServer({ database });
  await askForCode(server, { phone: phoneWith() });
  await server.stop();
  session = await openLogSession(database);
  const at = new Date(Date.now() - 600_000).toISOString();
  const hash = genesisHash(chain).toString('hex');
  statement = signCheckpoint({ chain, serial: 0, position: 0, hash, at, state: 'ANNOUNCED' }, session.keys);
  appendFileSync(session.file, `${statement}\n`);
});
afterAll(async () => {
  await session?.close();
  await database?.drop();
});

/** @param answers what the database holds in its place, each time that it is asked */
async function verify(...answers: (string | null)[]) {
  const { reader, keys, file } = session;
  const queryNow = async <Row>() => {
    const stored = answers.shift() ?? null;
    return (stored === null ? [] : [{ statement: stored }]) as Row[];
  };
  const faults = new Faults();
  const walk = new PublishedHeadsWalk(
    answers.length > 0 ? { ...reader, queryNow } : reader,
    await listChains(reader),
    () => false,
    keys.trusted,
    faults,
  );
  await walk.verify(await publishedFiles([file]), new AbortController().signal);
  return faults.list();
}

it('is waited for', async () => {
  expect(await verify(null, null, statement)).toEqual([]);
});

it('is gone where nothing can still come', async () => {
  expect(await verify()).toEqual([
    { where: `audit_checkpoint ${chain} 0`, what: 'its chain was announced, and is gone' },
  ]);
});
