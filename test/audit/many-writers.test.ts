// Eight processes that write at once and are killed at random: whatever they leave is no reason for an alarm.
//
// Postgres only, since nobody else can write to the embedded database. Five seconds; YANZHENG_WRITING_MS=60000 makes it
// a minute.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { runCommand } from '../support/command.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

const writingMs = Number(process.env.YANZHENG_WRITING_MS ?? 5_000);
const WRITERS = 8;
const KILLERS = 4;

if (!onPostgres) console.warn('many-writers.test.ts is skipped: it needs a Postgres (DATABASE_URL)');

let database: TestDatabase | undefined;
afterAll(() => database?.drop());

(onPostgres ? describe : describe.skip)('eight processes that are killed at random', () => {
  it(
    'never make the verifier raise an alarm, neither meanwhile nor afterwards',
    async () => {
      database = await freshDatabase();
      const { env } = database;
      const verify = async () => {
        const { stdout, stderr } = await runCommand(
          'dist/bundled/commands.js',
          ['audit:verify', '--json'],
          env,
        );
        if (stdout === '') throw new Error(stderr);
        return JSON.parse(stdout);
      };
      const sandbox = await startServer();
      const start = () => startServer({ database, sandboxOf: sandbox, env: { DATABASE_POOL: '3' } });
      const writers: TestServer[] = await Promise.all(Array.from({ length: WRITERS }, start));
      const end = Date.now() + writingMs;
      const going = () => Date.now() < end;

      const traffic = writers.map(async (_, place) => {
        const repeated = { phone: phoneWith(), key: `of ${place}` };
        while (going()) {
          const writer = writers[place];
          if (!writer) break;
          const wishes = [repeated, ...Array.from({ length: 3 }, () => ({ phone: phoneWith() }))];
          const asked = wishes.map((wish) => askForCode(writer, wish));
          const answers = await Promise.allSettled(asked);
          // Killed a moment ago.
          if (answers.every(({ status }) => status === 'rejected')) await sleep(50);
        }
      });
      let kills = 0;
      // Several at once, since starting takes a while.
      const killing = Array.from({ length: KILLERS }, async (_, killer) => {
        while (going()) {
          await sleep(Math.random() * 1_500);
          const place = killer + KILLERS * Math.floor((Math.random() * WRITERS) / KILLERS);
          await writers[place]?.kill();
          kills += 1;
          writers[place] = await start();
        }
      });
      const alarms: unknown[] = [];
      let runs = 0;
      while (going()) {
        alarms.push(...(await verify()).listed);
        runs += 1;
      }
      await Promise.all([...killing, ...traffic]);
      // All at once, in the middle of whatever they do.
      await Promise.all(writers.map((writer) => writer.kill()));
      const last = await verify();
      alarms.push(...last.listed);
      await sandbox.stop();

      console.info(
        `${kills + WRITERS} kills, ${runs + 1} runs, ${last.chains} chains, ${last.entries} entries`,
      );
      expect(alarms).toEqual([]);
      // One begins with the first request, which the slowest may not have come to.
      expect(last.chains).toBeGreaterThan(2);
    },
    writingMs + 180_000,
  );
});
