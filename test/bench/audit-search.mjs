// npm run bench:audit: how long it takes to read the audit log, at one million records and at ten. See README.md.
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase, databaseUrl, dropDatabase, SERVER } from './databases.mjs';
import { auditReport, writeReport } from './report.mjs';

const HELP = `Usage: npm run bench:audit -- [options]

Fills databases with audit logs, searches them by every condition and every pair of conditions, and prints Markdown.
  --records 1000000,10000000   how long the logs are; ten million take about ten minutes and 25 GB
  --on URL,URL                 logs that audit-rows.mjs made before, instead
  --rounds 3                   the best of so many is taken
  --write                      also replaces the table in test/bench/README.md
Wants Postgres at DATABASE_URL (${SERVER}) whose user may create databases.`;

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000,10000000' },
    on: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit();
}

const build = spawnSync(process.execPath, [join(import.meta.dirname, '../../build.mjs'), '--if-stale'], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(1);
// What they measure is imported from the build.
const { fillWithAuditLog } = await import('./audit-rows.mjs');
const { measureLogs } = await import('./audit-questions.mjs');

const say = (text) => console.error(text);
const made = [];
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(signal));

async function end(reason) {
  console.error(`bench ended: ${reason}`);
  for (const name of made.splice(0)) await dropDatabase(name);
  process.exit(1);
}

try {
  const loadBefore = loadavg()[0].toFixed(1);
  const urls = options.on?.split(',') ?? [];
  for (const records of options.on ? [] : options.records.split(',').map(Number)) {
    const name = await createDatabase(`audit${records}`);
    made.push(name);
    const began = Date.now();
    await fillWithAuditLog(databaseUrl(name), records, (text) =>
      say(`${Math.round((Date.now() - began) / 1_000)} s  ${text}`),
    );
    urls.push(databaseUrl(name));
  }
  const logs = await measureLogs(urls, Number(options.rounds), say);
  for (const name of made.splice(0)) await dropDatabase(name);
  const loadAfter = loadavg()[0].toFixed(1);
  const report = auditReport(logs, { loadBefore, loadAfter, rounds: options.rounds });
  console.log(report);
  if (options.write) writeReport('audit', report);
} catch (error) {
  await end(error.stack);
}
