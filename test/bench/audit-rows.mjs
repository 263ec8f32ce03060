// Fills an empty database with an audit log of any length, to measure how it is read. Made in SQL by the set, and the
// same every time. Sizes and spread are those of a real log; hashes are of the right length and prove nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { classOf } from '../../dist/audit/record-class.js';
import { applyMigrations } from '../../dist/db/apply-migrations.js';
import { postgresTarget } from '../../dist/db/migration-target.js';
import { PREFIX } from './databases.mjs';

const HELP = `Usage: DATABASE_URL=postgresql://…/${PREFIX}1_audit node test/bench/audit-rows.mjs RECORDS

Makes the database, whose name must begin with ${PREFIX}, and fills it with so many records (100,000 at least) and all
that belongs to them. Refuses a database that holds any.`;

const clients = [
  [0.6, 'h5'],
  [0.2, 'android'],
  [0.1, 'ios'],
  [0.05, 'mini-program'],
  [0.03, 'school-web'],
  [0.015, 'bank-web'],
  [0.004, 'console'],
  [0.001, 'kiosk'],
];

const MONTHS = 6;
const CHUNK = 100_000;
const SLOTS = 1 << 14;

/** Who is asked for what: share of the records, kind, provider, operation, purposes, whom it is about. */
const requests = [
  [0.0005, 'AUDIT_ACCESS', null, 'auditRecords', [null], ''],
  [0.01, 'OPERATOR_AUTHENTICATION', 'juxinli', 'apply', [null], 'phone'],
  [0.02, 'OPERATOR_AUTHENTICATION', 'juxinli', 'collect', [null], 'phone'],
  [
    0.01,
    'PHONE_BINDING',
    'tongqifu',
    'applyBinding',
    ['LEGAL_PERSON', 'ONLINE', 'OFFLINE'],
    'phone, memberId',
  ],
  [0.005, 'PHONE_BINDING', 'tongqifu', 'confirmBinding', ['LEGAL_PERSON'], 'phone, memberId'],
  [0.0145, 'USER_TOKEN', 'qingsong-token', 'issueToken', [null], 'personId'],
  [
    0.04,
    'VERIFICATION_CODE',
    'qingsong-bank',
    'sendCode',
    ['OPEN_ACCOUNT', 'CHANGE_PHONE'],
    'phone, personId',
  ],
  [0.9, 'VERIFICATION_CODE', 'usercoin', 'sendCaptcha', ['REGISTER', 'RESET_PASSWORD', 'OTHER'], 'phone'],
];
/** A record in 100,003 ended UNKNOWN. */
const outcomes = [
  [0.95, 'ACCEPTED'],
  [0.03, 'REFUSED'],
  [0.02, 'DENIED'],
];

/** @param say told how far it is */
export async function fillWithAuditLog(url, records, say = () => {}) {
  requireScratch(url);
  if (!(records >= 100_000)) throw new Error('a log of 100,000 records at least is made');
  await create(url);
  await applyMigrations(postgresTarget(url));
  const admin = await connect(url);
  const hands = [await connect(url), await connect(url)];
  try {
    const { rows } = await admin.query('SELECT EXISTS (SELECT FROM audit_record) AS filled');
    if (rows[0].filled) throw new Error('this database holds records already');
    const { began, span, rare } = await prepare(admin);
    const indexes = await dropIndexes(admin);
    // Chunks in the order of time: most keys arrive in order.
    const chunks = Array.from({ length: Math.ceil(records / CHUNK) }, (_, at) => at * CHUNK);
    await share(hands, chunks, async (hand, at) => {
      const to = Math.min(at + CHUNK, records);
      await hand.query('SELECT bench_fill($1, $2, $3, $4, $5, $6, $7)', [
        at + 1,
        to,
        records,
        began,
        span / records,
        SLOTS,
        rare,
      ]);
      say(`${to} of ${records} records`);
    });
    await admin.query('SELECT bench_rollups($1, $2)', [began, span]);
    await share(hands, indexes, async (hand, sql) => {
      say(sql);
      await hand.query(sql);
    });
    await vacuumOldMonths(admin);
    await admin.query('CHECKPOINT');
  } finally {
    for (const client of [admin, ...hands]) await client.end();
  }
}

function requireScratch(url) {
  const name = new URL(url).pathname.slice(1);
  if (!name.startsWith(PREFIX) || !/^\w+$/.test(name)) {
    throw new Error(`only a database whose name begins with ${PREFIX} is filled`);
  }
}

async function create(url) {
  const server = new URL(url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  const admin = await connect(server.href);
  try {
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${name}`);
  } finally {
    await admin.end();
  }
}

async function connect(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`SET TimeZone = 'UTC'; SET synchronous_commit = off; SET work_mem = '256MB';
    SET maintenance_work_mem = '512MB'; SET jit = off`);
  return client;
}

/** Each hand takes the next piece as soon as it is done with one. */
async function share(hands, pieces, doOne) {
  const queue = pieces.values();
  await Promise.all(
    hands.map(async (hand) => {
      for (const piece of queue) await doOne(hand, piece);
    }),
  );
}

async function prepare(admin) {
  const { rows } = await admin.query(
    `SELECT extract(epoch FROM began)::bigint AS began, extract(epoch FROM now() - began)::bigint AS span,
            make_partitions(${MONTHS}, began)
     FROM (SELECT date_trunc('month', now(), 'UTC') - interval '${MONTHS - 1} months' AS began) AS first`,
  );
  const { rows: parts } = await admin.query(
    "SELECT oid::regclass::text AS name FROM pg_class WHERE relispartition AND relkind = 'r'",
  );
  // Nothing here has to survive a crash, and nothing is to run beside what is measured.
  for (const { name } of parts) {
    await admin.query(`ALTER TABLE ${name} SET UNLOGGED, SET (autovacuum_enabled = off)`);
  }
  await admin.query('ALTER TABLE audit_rollup SET (autovacuum_enabled = off)');
  await admin.query(readFileSync(join(import.meta.dirname, 'audit-rows.sql'), 'utf8'));
  const { slots, rare } = slotsOf();
  await admin.query(
    'INSERT INTO bench_slot SELECT * FROM jsonb_populate_recordset(NULL::bench_slot, $1::jsonb)',
    [JSON.stringify(slots)],
  );
  await admin.query(
    'INSERT INTO audit_class SELECT DISTINCT class, kind, provider, operation, purpose, client, outcome FROM bench_slot',
  );
  return { began: Number(rows[0].began) * 1_000, span: Number(rows[0].span) * 1_000, rare };
}

/** Every class as often as its share asks for, once at least; behind those, once each, what ended UNKNOWN. */
function slotsOf() {
  const asked = requests.flatMap(([share, kind, provider, operation, purposes, about]) =>
    purposes.flatMap((purpose) =>
      clients.map(([of, client]) => ({
        share: (share * of) / purposes.length,
        traits: { kind, provider, operation, purpose, client },
        about,
      })),
    ),
  );
  const slotOf = ({ traits, about }, outcome, slot) => {
    const { id, ...columns } = classOf(traits, outcome);
    return { ...columns, slot, class: id, about, flows: /AUTHENTICATION|BINDING/.test(traits.kind) };
  };
  const slots = [];
  let sum = 0;
  for (const one of asked) {
    const ends = one.traits.provider === null ? [[1, 'ACCEPTED']] : outcomes;
    for (const [of, outcome] of ends) {
      sum += one.share * of * SLOTS;
      do slots.push(slotOf(one, outcome, slots.length));
      while (slots.length < Math.round(sum));
    }
  }
  const rare = asked.filter(({ traits }) => traits.provider !== null);
  slots.length = SLOTS;
  return {
    slots: [...slots, ...rare.map((one, at) => slotOf(one, 'UNKNOWN', SLOTS + at))],
    rare: rare.length,
  };
}

/** Drops the indexes whose keys arrive in no order; returns how they are made again. */
async function dropIndexes(admin) {
  const { rows } = await admin.query(`
    SELECT i.indexrelid::regclass::text AS name, i.indrelid::regclass::text AS "table", pg_get_indexdef(i.indexrelid) AS sql,
           (SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.conindid = i.indexrelid) AS "constraint"
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relkind = 'I' AND i.indrelid::regclass::text IN ('audit_record', 'audit_entry', 'audit_subject')
      AND (NOT i.indisprimary OR i.indrelid::regclass::text = 'audit_subject')`);
  for (const { name, table, constraint } of rows) {
    await admin.query(constraint ? `ALTER TABLE ${table} DROP CONSTRAINT ${name}` : `DROP INDEX ${name}`);
  }
  return rows.map(({ name, table, sql, constraint }) =>
    constraint
      ? `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${constraint}`
      : sql.replace(' ON ONLY ', ' ON '),
  );
}

/** What autovacuum would have done by now; the newest month is left as it was written. */
async function vacuumOldMonths(admin) {
  const { rows } = await admin.query(
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE relispartition AND relkind = 'r' AND right(relname, 8) < to_char(now() AT TIME ZONE 'UTC', '_YYYY_MM')`,
  );
  for (const { name } of rows) await admin.query(`VACUUM ${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [records] = process.argv.slice(2);
  if (!process.env.DATABASE_URL || !/^\d+$/.test(records ?? '')) {
    console.log(HELP);
    process.exit(records === '--help' ? 0 : 1);
  }
  const began = Date.now();
  await fillWithAuditLog(process.env.DATABASE_URL, Number(records), (text) =>
    console.error(`${Math.round((Date.now() - began) / 1_000)} s  ${text}`),
  );
}
