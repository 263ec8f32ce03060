// npm run bench:verify: how fast the log is proved, on one core. Fills a database with an honest log first.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RecordSealer } from '../../dist/audit/record-seal.js';
import { openLogReader } from '../../dist/audit/verify/log-reader.js';
import { verifyLog } from '../../dist/audit/verify/verify-log.js';
import { publishedFiles } from '../../dist/audit/verify/verify-published.js';
import { readCommandConfig } from '../../dist/commands/command-config.js';
import { createDatabase, databaseUrl, dropDatabase, SERVER } from './databases.mjs';
import { writeHonestLog } from './honest-log.mjs';
import { pinned } from './processes.mjs';

const HELP = `Usage: npm run bench:verify -- [options]

Fills a database with an honest log, verifies it, and prints how many entries a second were verified.
  --records 500000   records in it; each has two entries
  --on DATA_DIR      keys and published heads of a log that is there already, at DATABASE_URL
  --rounds 3         the best of so many is printed last
The verifier is pinned to one core, and its Postgres session to another; then both to the same one. CPU is what
each took, whatever else was running. Wants Postgres at DATABASE_URL (${SERVER}) whose user may create databases.`;

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '500000' },
    on: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit();
}

const made = options.on ? null : await createDatabase('verify');
const url = made ? databaseUrl(made) : SERVER;
const dataDir = options.on ?? mkdtempSync(join(tmpdir(), 'yanzheng-bench-'));
try {
  if (made) {
    const speed = await writeHonestLog({ dataDir, url }, Number(options.records));
    console.log(`${options.records} records written, ${speed} a second`);
  }
  const alone = [];
  for (let round = 0; round < Number(options.rounds); round += 1) {
    alone.push(await verify('a core of its own', 0));
    if (cpus().length > 1) await verify('one core with Postgres', 1);
  }
  console.log(`best: ${Math.max(...alone).toLocaleString('en-US')} entries a second`);
} finally {
  if (made) {
    await dropDatabase(made);
    rmSync(dataDir, { recursive: true });
  }
}

/** @returns entries a second */
async function verify(where, backendCore) {
  const config = await readCommandConfig({ DATA_DIR: dataDir, DATABASE_URL: url }, []);
  const files = await publishedFiles([config.checkpoints.published.file]);
  const reader = await openLogReader({ kind: 'postgres' }, config.database);
  const [{ pid }] = await reader.query('SELECT pg_backend_pid() AS pid');
  const local = ['127.0.0.1', 'localhost'].includes(new URL(url).hostname);
  if (pinned && local) {
    pin(process.pid, 1);
    pin(pid, backendCore);
  }
  const cpuOf = () =>
    local ? Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000 : 0;
  const before = { own: process.cpuUsage(), backend: cpuOf() };
  const result = await verifyLog(reader, {
    trusted: config.checkpoints.trusted,
    sealer: new RecordSealer(config.sealKeys),
    published: files,
    runs: [],
    signal: new AbortController().signal,
    progress: () => {},
  });
  const { user, system } = process.cpuUsage(before.own);
  const backend = cpuOf() - before.backend;
  await reader.close();
  if (!result.intact) throw new Error(`the log is broken at ${result.firstBroken}`);
  const { entries, seconds } = result;
  const speed = Math.round(entries / seconds);
  const each = (micros) => (micros / entries).toFixed(1);
  console.log(
    `${where}: ${entries.toLocaleString('en-US')} entries in ${seconds.toFixed(1)} s, ${speed.toLocaleString('en-US')} a second; ` +
      `CPU ${each(user + system)} µs an entry, Postgres ${each(backend)}; ` +
      `${Math.round(process.memoryUsage.rss() / 1e6)} MB; load ${loadavg()[0].toFixed(1)}`,
  );
  return speed;
}

/** Never fatal: somebody else's Postgres cannot be pinned. */
function pin(pid, core) {
  try {
    execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    console.error(`process ${pid} could not be pinned to core ${core}`);
  }
}
