// What is asked of an audit log, and how long it takes to answer, through the code that the server reads it with.
import pg from 'pg';
import { RecordSearch } from '../../dist/audit/search.js';
import { LogSummary } from '../../dist/audit/summary.js';
import { openDatabase } from '../../dist/db/client.js';
import { backendPids } from './databases.mjs';
import { cpuMs } from './processes.mjs';

const PAGE = 50;
const TIMES = 40;
const WARM_UP = 8;
const SAMPLES = 64;

const conditions = [
  'subject',
  'actor',
  'kind',
  'provider',
  'purpose',
  'client',
  'outcomes',
  'flow',
  'providerReference',
  'from',
  'to',
];

/**
 * Asks logs that audit-rows.mjs has made, in turns, so that whatever else runs meanwhile slows all of them down.
 * @returns for each log its size, how often a table was read as a whole, and the results by question
 */
export async function measureLogs(urls, rounds, say) {
  const logs = [];
  try {
    for (const url of urls) logs.push(await openLog(url));
    for (const [at, { group, name }] of logs[0].questions.entries()) {
      const asked = logs.map((log) => ({ log, ask: log.questions[at].ask, rounds: [] }));
      for (const { ask } of asked) for (let n = 0; n < WARM_UP; n += 1) await ask(n);
      for (let round = 0; round < rounds; round += 1) {
        for (const { log, ask, rounds } of asked) rounds.push(await askOften(log, ask, round));
      }
      for (const { log, rounds } of asked) log.results.push({ group, name, ...bestOf(rounds) });
      say(`${name}: ${asked.map(({ log }) => log.results.at(-1).p95.toFixed(1)).join(', ')} ms`);
    }
  } finally {
    for (const log of logs) await log.database.close();
  }
  for (const log of logs) log.scans = (await sequentialScans(log.url)) - log.scansBefore;
  return logs;
}

async function openLog(url) {
  const samples = await sample(url);
  const scansBefore = await sequentialScans(url);
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const database = await openDatabase({ url, poolSize: 4, dataDir: '' }, silent, true);
  // Digests are looked for as they rest.
  const search = new RecordSearch(database.client, { subject: ({ value }) => value });
  const { records, size } = samples;
  const asks = [...questions(search, new LogSummary(database.client), samples)];
  return { url, records, size, scansBefore, database, questions: asks, results: [] };
}

async function askOften({ url }, ask, round) {
  const cpu = await countCpu(url);
  const times = [];
  for (let n = 0; n < TIMES; n += 1) {
    const began = performance.now();
    await ask(round * TIMES + n);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return {
    p50: times[TIMES / 2],
    p95: times[Math.ceil(0.95 * TIMES) - 1],
    cpu: (await cpu()) / TIMES,
  };
}

/** The round with the least 95th percentile, and the least CPU. */
function bestOf(rounds) {
  const best = rounds.reduce((one, other) => (other.p95 < one.p95 ? other : one));
  return { ...best, cpu: Math.min(...rounds.map(({ cpu }) => cpu)) };
}

/** Starts to count the CPU of this process and of those that serve it; what is returned tells it, in ms. */
async function countCpu(url) {
  const database = new URL(url).pathname.slice(1);
  const read = async () => new Map((await backendPids(database)).map((pid) => [pid, cpuMs(pid)]));
  const before = await read();
  const own = process.cpuUsage();
  return async () => {
    const { user, system } = process.cpuUsage(own);
    const theirs = Array.from(await read(), ([pid, ms]) => ms - (before.get(pid) ?? 0));
    return theirs.reduce((sum, ms) => sum + ms, (user + system) / 1_000);
  };
}

function* questions(search, summary, samples) {
  const page = (filter, after) => search.page(filter, PAGE, after).then(({ records }) => records.length);
  yield { name: 'nothing', group: 'first page', ask: () => page({}) };
  for (const name of conditions) {
    yield { name, group: 'first page', ask: (n) => page(samples.filter([name], n)) };
  }
  yield {
    name: 'nothing, each with its entries',
    group: 'first page',
    ask: async () => {
      const { records } = await search.page({}, PAGE);
      const entries = await Promise.all(records.map(({ id }) => search.entries(id)));
      return entries.flat().length;
    },
  };
  for (const [name, { filter, after }] of samples.deep) {
    yield { name, group: 'after 100,000', ask: () => page(filter, after) };
  }
  for (const [at, one] of conditions.entries()) {
    for (const other of conditions.slice(at + 1)) {
      yield {
        name: `${one} + ${other}`,
        group: 'each pair, first page',
        ask: (n) => page(samples.filter([one, other], n)),
      };
    }
  }
  for (const unit of ['DAY', 'HOUR']) {
    yield {
      name: `auditSummary of a month by ${unit}`,
      group: 'in numbers',
      ask: () => summary.outcomes({ ...samples.month, unit }).then(({ length }) => length),
    };
    yield {
      name: `auditDenials of a month by ${unit}`,
      group: 'in numbers',
      ask: () => summary.denials({ ...samples.month, unit }).then(({ length }) => length),
    };
  }
}

/** Records to ask for, from all over the log, so that what is asked for is there. */
async function sample(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET TimeZone = 'UTC'");
    const rows = async (sql, ...values) => (await client.query(sql, values)).rows;
    const some = (which) =>
      rows(
        `SELECT r.* FROM generate_series(1, $1) AS n
         CROSS JOIN LATERAL (
           SELECT r.*, encode(subjects[1], 'hex') AS subject FROM audit_record r
           WHERE ${which} AND id > first_uuid_at(now() - bench_random(n, 9) * interval '140 days') ORDER BY id LIMIT 1
         ) AS r`,
        SAMPLES,
      );
    const any = await some("provider IS NOT NULL AND outcome <> 'PENDING'");
    const with_ = {
      actor: await some('actor IS NOT NULL'),
      purpose: await some('purpose IS NOT NULL'),
      flow: await some('flow IS NOT NULL'),
      providerReference: await some('provider_reference IS NOT NULL'),
    };
    const [{ hot, month, following, size, records }] = await rows(
      `SELECT encode(bench_digest('phone', '+8613900000000'), 'hex') AS hot,
              date_trunc('month', now()) - interval '1 month' AS month, date_trunc('month', now()) AS following,
              pg_size_pretty(pg_database_size(current_database())) AS size,
              (SELECT count(*)::integer FROM audit_record) AS records`,
    );

    /** Of one record; every second time each of another one; now and then what there is most or least of. */
    const filter = (names, n) =>
      Object.fromEntries(
        names.map((name, at) => {
          const from = names.map((one) => with_[one]).find(Boolean) ?? any;
          const record = n % 2 === 0 ? from[n % SAMPLES] : (with_[name] ?? any)[(n * 7 + at * 29) % SAMPLES];
          return [name, wanted(name, record, n)];
        }),
      );
    const wanted = (name, record, n) => {
      switch (name) {
        case 'subject':
          return { kind: 'phone', value: n % 4 === 1 || record.subject === null ? hot : record.subject };
        case 'actor':
          if (n % 16 === 5) return 'nobody';
          return n % 8 === 1 || n % 8 === 3 || record.actor === null ? 'school-gateway' : record.actor;
        case 'outcomes':
          return n % 4 === 3 ? ['UNKNOWN'] : [record.outcome];
        case 'client':
          return n % 8 === 5 ? 'kiosk' : record.client;
        case 'purpose':
          return record.purpose ?? 'REGISTER';
        case 'providerReference':
          return record.provider_reference ?? 'T1';
        case 'flow':
          return record.flow ?? record.id;
        case 'from':
          return new Date(record.created_at.getTime() - 3_600_000);
        case 'to':
          return new Date(record.created_at.getTime() + 3_600_000);
        default:
          return record[name];
      }
    };

    const deep = [];
    for (const [name, sought, where, skipped = 100_000] of [
      ['nothing', {}, 'true'],
      ['provider (90 %)', { provider: 'usercoin' }, "provider = 'usercoin'"],
      ['kind', { kind: 'VERIFICATION_CODE' }, "kind = 'VERIFICATION_CODE'"],
      ['outcomes', { outcomes: ['ACCEPTED'] }, "outcome = 'ACCEPTED'"],
      ['client', { client: 'h5' }, "client = 'h5'"],
      ['purpose', { purpose: 'REGISTER' }, "purpose = 'REGISTER'"],
      ['actor, after 90,000', { actor: 'school-gateway' }, "actor = 'school-gateway'", 90_000],
    ]) {
      const [row] = await rows(
        `SELECT id FROM audit_record WHERE ${where} ORDER BY id DESC OFFSET ${skipped} LIMIT 1`,
      );
      deep.push([name, { filter: sought, after: row?.id }]);
    }
    const [{ id }] = await rows(
      `SELECT record_id AS id FROM audit_subject WHERE digest = decode($1, 'hex') ORDER BY record_id LIMIT 1 OFFSET 1000`,
      hot,
    );
    deep.push([
      'subject, the last thousand of 100,000',
      { filter: { subject: { kind: 'phone', value: hot } }, after: id },
    ]);
    return {
      records,
      size,
      filter,
      deep: deep.filter(([, { after }]) => after),
      month: { from: month, to: following },
    };
  } finally {
    await client.end();
  }
}

/** How often a whole table of the log was read, as Postgres counts. */
async function sequentialScans(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Those who have gone report at once, those who go on within a second.
    await new Promise((done) => setTimeout(done, 1_500));
    const { rows } = await client.query(
      "SELECT COALESCE(sum(seq_scan), 0)::integer AS scans FROM pg_stat_user_tables WHERE relname LIKE 'audit_%'",
    );
    return rows[0].scans;
  } finally {
    await client.end();
  }
}
