// npm run bench: what a mutation costs here and elsewhere. See README.md in this folder.
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openField, Running } from './bench.mjs';
import { contenders } from './contenders.mjs';
import { SERVER } from './databases.mjs';
import { pinned } from './processes.mjs';
import { profileReport } from './profile.mjs';
import { benchReport, writeReport } from './report.mjs';
import { takeSnapshot } from './snapshot.mjs';

const HELP = `Usage: npm run bench -- [options]

Measures the verification-code mutation against hand-written and stock servers, and prints Markdown.
  --quick          about a minute instead of five
  --only a,yz      these contenders only (a, b, c, yz, nl, np, d)
  --profile        accounts for the CPU of a mutation instead, of yz or of whom --only names
  --alone          with --profile: one connection instead of 64
  --keep FILE      with --profile: leaves the raw profile there, for a browser's developer tools
  --write          also replaces the table in test/bench/README.md
Wants Postgres at DATABASE_URL (${SERVER}) whose user may create databases.`;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    profile: { type: 'boolean' },
    alone: { type: 'boolean' },
    keep: { type: 'string' },
    write: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit();
}

const plan = options.quick
  ? {
      name: 'quick',
      rounds: 3,
      warmUpRequests: 6_000,
      warmUpMs: 5_000,
      leadInMs: 200,
      busyMs: 1_200,
      aloneMs: 800,
      profileMs: 5_000,
      endMs: 180_000,
    }
  : {
      name: 'full',
      rounds: 5,
      warmUpRequests: 20_000,
      warmUpMs: 12_000,
      leadInMs: 500,
      busyMs: 5_000,
      aloneMs: 3_000,
      profileMs: 15_000,
      endMs: 420_000,
    };
const wanted = options.only?.split(',') ?? (options.profile ? ['yz'] : undefined);
const chosen = contenders.filter(({ id }) => wanted?.includes(id) ?? true);

const running = [];
let ending = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (ending) process.exit(1);
    end(signal);
  });
}
setTimeout(() => end(`it took longer than ${plan.endMs / 1_000} s`), plan.endMs).unref();

/** Children are killed when this process ends, however it ends; the databases need a moment more. */
async function end(reason) {
  // What ends under its hands while it ends is no further reason.
  if (ending) return;
  ending = true;
  console.error(`bench ended: ${reason}`);
  await Promise.allSettled(running.map((contender) => contender.remove()));
  process.exit(1);
}

try {
  const report = await main();
  await Promise.all(running.map((contender) => contender.remove()));
  console.log(report);
  if (options.write) writeReport(options.profile ? 'profile' : 'bench', report);
  process.exit(report.includes('DISQUALIFIED') ? 1 : 0);
} catch (error) {
  await end(error.message);
}

async function main() {
  const loadBefore = loadavg()[0].toFixed(1);
  const build = spawnSync(process.execPath, [join(import.meta.dirname, '../../build.mjs'), '--if-stale'], {
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('the build failed');
  const snapshot = takeSnapshot();
  const field = await openField();
  if (options.profile) {
    const report = await profileReport(
      await prepare(chosen[0], snapshot, field),
      { ...plan, connections: options.alone ? 1 : 64 },
      options.keep,
    );
    await field.close();
    return report;
  }

  const results = [];
  let backendsPinned = true;
  for (const contender of chosen) {
    say(`starting ${contender.name}`);
    const one = await prepare(contender, snapshot, field);
    const freshMs = await one.start();
    await one.stop();
    const againMs = await one.start();
    await one.warmUp(plan.warmUpRequests, plan.warmUpMs);
    results.push({ id: contender.id, name: contender.name, one, freshMs, againMs, busy: [], alone: [] });
  }
  for (let round = 0; round < plan.rounds; round += 1) {
    const order = results.map((_, at) => results[(at + round) % results.length]);
    for (const result of order) {
      if (!(await result.one.leadIn(plan.leadInMs))) backendsPinned = false;
      result.busy.push(await result.one.load(64, plan.busyMs));
      result.alone.push(await result.one.load(1, plan.aloneMs));
    }
    say(
      `round ${round + 1}: ${results.map(({ id, busy, alone }) => `${id} ${Math.round(busy.at(-1).cpuUs)}/${Math.round(alone.at(-1).cpuUs)}`).join('  ')} µs`,
    );
  }
  for (const result of results) {
    result.memoryMb = result.one.peakMemoryMb();
    await result.one.stop();
    result.rows = await result.one.countRows();
  }
  await field.close();
  return benchReport(results, {
    plan,
    loadBefore,
    postgres: await postgresVersion(),
    pinnedText: !pinned
      ? 'nothing pinned'
      : `servers pinned to core 1; load generator, upstream${backendsPinned ? ' and Postgres' : ''} to core 0${backendsPinned ? '' : '; Postgres not pinned'}`,
  });
}

async function prepare(contender, snapshot, field) {
  const one = new Running(contender, snapshot, field);
  running.push(one);
  await one.prepare();
  return one;
}

async function postgresVersion() {
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  const { rows } = await client.query('SHOW server_version');
  await client.end();
  return rows[0].server_version.split(' ')[0];
}

function say(text) {
  console.error(text);
}
