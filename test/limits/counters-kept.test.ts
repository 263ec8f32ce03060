// A counter outlives its longest window by the next one: a shorter window that began within it still counts.
import { expect, it } from '@jest/globals';
import { openLogSession } from '../audit/log-session.js';
import { askForCode } from '../support/ask.js';
import { freshDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer } from '../support/server.js';

it.each([
  ['alone', [{ most: 2, seconds: 86_400 }], 86_400],
  ['the longest of three', [60, 3_600, 86_400].map((seconds) => ({ most: 2, seconds })), 90_000],
] as const)('a window that is %s is kept until nothing of it counts', async (_, windows, seconds) => {
  const database = await freshDatabase();
  const server = await startServer({ database, limits: { rules: { PHONE_ANONYMOUS: windows } } });
  const phone = phoneWith();
  // With room, at the limit, and denied.
  for (let i = 0; i < 3; i += 1) await askForCode(server, { phone });
  await server.stop();
  const session = await openLogSession(database);
  const rows = await session.query<{ kept: number }>(
    `SELECT extract(epoch FROM max(expires_at))::float - max(starts[cardinality(starts)]) / 1000.0 AS kept
     FROM limit_counter WHERE cardinality(starts) = ${windows.length} GROUP BY key ORDER BY 1`,
  );
  await session.close();
  expect(rows.map(({ kept }) => Math.round(Number(kept) / 10) * 10)).toContain(seconds);
  await database.drop();
});
