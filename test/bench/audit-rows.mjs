// Fills an empty database with an audit log of any length, for measuring how it is read. Made in SQL by the set, and
// the same every time. Sizes and spread are those of a real log; hashes are of the right length and prove nothing.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import pg from 'pg';
import { classOf } from '../../dist/audit/record-class.js';
import { applyMigrations } from '../../dist/db/apply-migrations.js';
import { postgresTarget } from '../../dist/db/migration-target.js';
import { Digester } from '../../dist/limits/subject.js';
import { PREFIX } from './databases.mjs';

const HELP = `Usage: DATABASE_URL=postgresql://…/${PREFIX}1_audit node test/bench/audit-rows.mjs RECORDS

Makes the database, whose name must begin with ${PREFIX}, and fills it with so many records and all that belongs to
them. Refuses a database that holds records.`;

/** The pepper of the digests in it. */
export const digester = new Digester(createHash('sha256').update('audit bench').digest());
export const hotPhone = '+8613900000000';
/** Records of that phone. */
const HOT = 100_000;
const MONTHS = 6;
const CHUNK = 100_000;
const SLOTS = 1 << 14;

/** Who asks for what: [share, kind, provider, operation, purposes, subjects, flow, actors]. */
const requests = [
  [0.9, 'VERIFICATION_CODE', 'usercoin', 'sendCaptcha', ['REGISTER', 'RESET_PASSWORD', 'OTHER'], 'phone'],
  [0.04, 'VERIFICATION_CODE', 'qingsong-bank', 'sendCode', ['OPEN_ACCOUNT', 'CHANGE_PHONE'], 'phone, person'],
  [0.01, 'OPERATOR_AUTHENTICATION', 'juxinli', 'apply', [null], 'phone'],
  [0.02, 'OPERATOR_AUTHENTICATION', 'juxinli', 'collect', [null], 'phone'],
  [0.01, 'PHONE_BINDING', 'tongqifu', 'applyBinding', ['LEGAL_PERSON', 'ONLINE', 'OFFLINE'], 'phone, member'],
  [0.005, 'PHONE_BINDING', 'tongqifu', 'confirmBinding', ['LEGAL_PERSON'], 'phone, member'],
  [0.0145, 'USER_TOKEN', 'qingsong-token', 'issueToken', [null], 'person'],
  [0.0005, 'AUDIT_ACCESS', null, 'auditRecords', [null], ''],
];
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
const outcomes = [
  [0.95, 'ACCEPTED'],
  [0.03, 'REFUSED'],
  [0.02, 'DENIED'],
];
/** One record in so many ended UNKNOWN. */
const RARE = 100_003;

/** @param say told how far it is */
export async function fillWithAuditLog(url, records, say = () => {}) {
  requireScratch(url);
  await create(url);
  await applyMigrations(postgresTarget(url));
  const admin = await connect(url);
  const hands = [await connect(url), await connect(url)];
  try {
    const { rows } = await admin.query('SELECT EXISTS (SELECT FROM audit_record) AS filled');
    if (rows[0].filled) throw new Error('this database holds records already');
    const plan = await prepare(admin, records);
    const indexes = await dropIndexes(admin);
    await work(hands, chunksOf(plan), async (hand, { from, to }) => {
      await hand.query(INSERT, [from, to, plan.records, plan.began, plan.span]);
      say(`${to} of ${records} records`);
    });
    await admin.query(ROLLUPS, [plan.began, plan.span]);
    say('indexes');
    await work(hands, indexes, (hand, sql) => hand.query(sql));
    say('vacuum');
    // As autovacuum leaves what does not change any more; the newest month is as it was written.
    const { rows: parts } = await admin.query(
      `SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relispartition AND c.relkind = 'r' AND c.relname < $1 || to_char(now(), '_YYYY_MM')
         OR c.relname IN ('audit_rollup', 'audit_class') ORDER BY 1`.replace("$1 || to_char", "regexp_replace(c.relname, '_\\d{4}_\\d{2}$', '') || to_char"),
    );
    await work(hands, parts, (hand, { name }) => hand.query(`VACUUM ${name}`));
    await admin.query('DROP TABLE bench_slot');
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

/** Each takes the next piece as soon as it is done with one. */
async function work(hands, pieces, doOne) {
  const queue = [...pieces];
  await Promise.all(
    hands.map(async (hand) => {
      for (let piece = queue.shift(); piece !== undefined; piece = queue.shift()) await doOne(hand, piece);
    }),
  );
}

async function prepare(admin, records) {
  const { rows } = await admin.query(
    `SELECT (extract(epoch FROM began) * 1000)::bigint::text AS began,
            (extract(epoch FROM date_trunc('minute', now()) - began) * 1000)::bigint::text AS span,
            make_partitions(${MONTHS}, began) AS made
     FROM (SELECT date_trunc('month', now(), 'UTC') - interval '${MONTHS - 1} months' AS began) AS m`,
  );
  const { rows: parts } = await admin.query(
    `SELECT oid::regclass AS name FROM pg_class WHERE relispartition AND relkind = 'r'`,
  );
  for (const { name } of parts) {
    await admin.query(`ALTER TABLE ${name} SET UNLOGGED, SET (autovacuum_enabled = off)`);
  }
  await admin.query('ALTER TABLE audit_rollup SET (autovacuum_enabled = off)');
  const slots = slotsOf();
  await admin.query(
    `CREATE TABLE bench_slot (slot integer PRIMARY KEY, kind text, provider text, operation text, purpose text,
       client text, outcome text, class bigint, subjects text, flows boolean)`,
  );
  await admin.query(
    `INSERT INTO bench_slot SELECT s.* FROM jsonb_to_recordset($1::jsonb) AS s(slot integer, kind text, provider text,
       operation text, purpose text, client text, outcome text, class bigint, subjects text, flows boolean)`,
    [JSON.stringify(slots)],
  );
  await admin.query(
    `INSERT INTO audit_class SELECT DISTINCT class, kind, provider, operation, purpose, client, outcome FROM bench_slot`,
  );
  await admin.query(FUNCTIONS);
  return { records, began: rows[0].began, span: rows[0].span };
}

/** Every class as often as its share of the slots; behind them, one slot for each class that ended UNKNOWN. */
function slotsOf() {
  const classes = requests.flatMap(([share, kind, provider, operation, purposes, subjects]) =>
    purposes.flatMap((purpose, at) =>
      clients.map(([of, client]) => ({
        // The first purpose is asked for as often as all others together.
        share: share * of * (purposes.length === 1 ? 1 : at === 0 ? 0.5 : 0.5 / (purposes.length - 1)),
        traits: { kind, provider, operation, purpose, client },
        subjects,
        flows: kind === 'OPERATOR_AUTHENTICATION' || kind === 'PHONE_BINDING',
      })),
    ),
  );
  const slotFor = ({ traits, subjects, flows }, outcome, slot) => {
    const { id, ...columns } = classOf(traits, outcome);
    return { ...columns, slot, class: id, subjects, flows };
  };
  const often = classes.flatMap((one) =>
    (one.traits.kind === 'AUDIT_ACCESS' ? [[1, 'ACCEPTED']] : outcomes).map(([of, outcome]) => ({
      one,
      outcome,
      share: one.share * of,
    })),
  );
  const slots = [];
  let sum = 0;
  for (const { one, outcome, share } of often) {
    sum += share;
    const until = Math.max(slots.length + 1, Math.round(sum * SLOTS));
    while (slots.length < until) slots.push(slotFor(one, outcome, slots.length));
  }
  const rare = classes.filter(({ traits }) => traits.provider !== null);
  return [
    ...slots.slice(0, SLOTS),
    ...rare.map((one, at) => slotFor(one, 'UNKNOWN', SLOTS + at)),
  ];
}

const rareSlots = () => slotsOf().length - SLOTS;

/** Months one after the other for each hand, so that keys arrive in order. */
function* chunksOf({ records }) {
  for (let from = 1; from <= records; from += CHUNK) yield { from, to: Math.min(from + CHUNK - 1, records) };
}

/** Those that arrive in no order, to be made when the rows are there. */
async function dropIndexes(admin) {
  const { rows } = await admin.query(`
    SELECT i.indexrelid::regclass AS name, i.indrelid::regclass AS "table", pg_get_indexdef(i.indexrelid) AS sql,
           (SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.conindid = i.indexrelid) AS "constraint"
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relkind = 'I' AND i.indrelid::regclass::text IN ('audit_record', 'audit_entry', 'audit_subject')
      AND NOT (i.indisprimary AND i.indrelid::regclass::text <> 'audit_subject')`);
  for (const { name, table, constraint } of rows) {
    await admin.query(constraint ? `ALTER TABLE ${table} DROP CONSTRAINT ${name}` : `DROP INDEX ${name}`);
  }
  return rows.map(({ name, table, sql, constraint }) =>
    constraint
      ? `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${constraint}`
      : sql.replace(' ON ONLY ', ' ON '),
  );
}

const hmac = digester.key ?? undefined;
const pad = (byte) => {
  const key = Buffer.alloc(64);
  hmac.copy(key);
  return `'\\x${key.map((one) => one ^ byte).toString('hex')}'::bytea`;
};

const FUNCTIONS = `
  CREATE OR REPLACE FUNCTION bench_random(i bigint, seed integer) RETURNS double precision
  LANGUAGE sql IMMUTABLE RETURN (hashint8extended(i, seed) & 2147483647) / 2147483648.0::double precision;

  -- From 0, the smaller the likelier: Zipf's law but for the first few, who are alike.
  CREATE OR REPLACE FUNCTION bench_rank(u double precision, n double precision, alike double precision) RETURNS bigint
  LANGUAGE sql IMMUTABLE RETURN floor(alike * (power((n + alike) / alike, u) - 1))::bigint;

  CREATE OR REPLACE FUNCTION bench_id(i bigint, ms bigint) RETURNS uuid
  LANGUAGE sql IMMUTABLE RETURN (lpad(to_hex(ms), 12, '0') || '7' || substr(md5(i::text), 1, 3) || '8' || substr(md5(i::text), 4, 15))::uuid;

  CREATE OR REPLACE FUNCTION bench_digest(kind text, value text) RETURNS bytea
  LANGUAGE sql IMMUTABLE RETURN sha256(${pad(0x5c)} || sha256(${pad(0x36)} || convert_to('["subject","' || kind || '","' || value || '"]', 'UTF8')));`;
