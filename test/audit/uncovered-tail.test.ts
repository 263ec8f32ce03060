// What no checkpoint covers is signed soon, by whoever runs; where somebody sees to it that it is not, that shows.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { genesisHash } from '../../src/audit/chain.js';
import { signCheckpoint } from '../../src/audit/checkpoint.js';
import { Faults } from '../../src/audit/verify/faults.js';
import { verifyTails } from '../../src/audit/verify/verify-tails.js';
import { askForCode } from '../support/ask.js';
import { runCommand } from '../support/command.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer } from '../support/server.js';
import { anHourLater, type LogSession, openLogSession } from './log-session.js';

let database: TestDatabase;
let session: LogSession;
/** Of a server that was killed before it signed anything but the beginning. */
let chain: string;
let entries: number;

beforeAll(async () => {
  database = await freshDatabase();
  const server = await startServer({ database, env: { CHECKPOINT_MS: '60000' } });
  await askForCode(server, { phone: phoneWith() });
  await server.kill();
  session = await openLogSession(database);
  const [tail] = await session.query<{ chain: string; entries: number }>(
    'SELECT chain::text, count(*)::integer AS entries FROM audit_entry GROUP BY chain',
  );
  ({ chain = '', entries = 0 } = tail ?? {});
});
afterAll(async () => {
  await session?.close();
  await database?.drop();
});

const what = 'no checkpoint covers it, and others were signed long after it';
const row = () => `audit_chain WHERE id = '${chain}'`;

describe('a tail that no checkpoint covers', () => {
  it('is no alarm where a process was killed a moment ago, whatever is said of who holds its chain', async () => {
    for (const change of [[], [`DELETE FROM ${row()}`]]) {
      expect(await session.verify(change)).toMatchObject({ listed: [], notes: [], uncovered: entries });
    }
  });

  it('is a note where the next process that runs signs it', async () => {
    const { listed, notes } = await session.verify(anHourLater(session.keys).sql);
    expect(listed).toEqual([]);
    expect(notes).toContainEqual(`entries of processes that are gone, which the next one signs: ${entries}`);
  });

  it('is a fault where others were signed long after it, and nobody can know of its chain', async () => {
    const { listed } = await session.verify([`DELETE FROM ${row()}`, ...anHourLater(session.keys).sql]);
    expect(listed).toEqual([{ where: `${chain}:1`, what }]);
  });
});

describe('a tail of an hour ago, while somebody runs', () => {
  const now = Date.now();
  const signed = (position: number) => {
    const hash = genesisHash(chain).toString('hex');
    const at = new Date(now).toISOString();
    return signCheckpoint({ chain, serial: 1, position, hash, at, state: 'ABANDONED' }, session.keys);
  };

  /** @param answers the last statement of its chain, each time that it is asked for */
  async function verify(...answers: (string | null)[]) {
    const { reader, keys } = session;
    const queryNow = async <Row>() => {
      const stored = answers.shift() ?? null;
      return (stored === null ? [] : [{ statement: stored }]) as Row[];
    };
    const faults = new Faults();
    const anHourAhead = now + 3_600_000;
    await verifyTails(
      answers.length > 0 ? { ...reader, queryNow } : reader,
      [{ chain, covered: 0, head: entries }],
      {
        trusted: keys.trusted,
        signedAt: anHourAhead,
        startedAt: new Date(anHourAhead),
        signal: new AbortController().signal,
      },
      faults,
    );
    return faults.list();
  }

  it('is waited for, until a checkpoint covers all of it', async () => {
    expect(await verify(null, signed(entries - 1), signed(entries))).toEqual([]);
  });

  it('is a fault where none comes', async () => {
    expect(await verify()).toEqual([{ where: `${chain}:1`, what }]);
  });
});

describe('a chain that was kept from ending', () => {
  it('is ended by a process that runs, though nothing says who holds it', async () => {
    await session.query(`DELETE FROM ${row()}`);
    await session.close();
    const server = await startServer({ database });
    const verified = async () =>
      JSON.parse(
        (await runCommand('dist/bundled/commands.js', ['audit:verify', '--json'], database.env)).stdout,
      );
    await eventually(verified, ({ uncovered }) => uncovered === 0, 180_000);
    expect(await verified()).toMatchObject({ listed: [], chains: 1, entries });
    await server.stop();
    session = await openLogSession(database);
    const [end] = await session.query<{ statement: string }>(
      `SELECT statement FROM audit_checkpoint WHERE chain = '${chain}' ORDER BY serial DESC LIMIT 1`,
    );
    expect(JSON.parse(end?.statement ?? '')).toMatchObject({ position: entries, state: 'ABANDONED' });
  }, 300_000);
});
