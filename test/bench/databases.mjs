// A fresh database a contender, and what is left in it afterwards.
import pg from 'pg';
import { isAlive } from './processes.mjs';

export const SERVER = process.env.DATABASE_URL ?? 'postgresql://root@127.0.0.1:5432/postgres';
/** Of every database that a bench makes, and the only ones it fills or drops. */
export const PREFIX = 'yanzheng_bench_';

export function databaseUrl(name) {
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return url.href;
}

/** Creates a database; what a killed bench left behind is dropped. */
export async function createDatabase(contender) {
  const name = `${PREFIX}${process.pid}_${contender}`;
  await within(SERVER, async (admin) => {
    const { rows } = await admin.query(`SELECT datname FROM pg_database WHERE starts_with(datname, $1)`, [
      PREFIX,
    ]);
    for (const { datname } of rows) {
      // Refused while somebody is connected, which is as it should be.
      if (!isAlive(Number(datname.slice(PREFIX.length).split('_')[0])))
        await admin.query(`DROP DATABASE IF EXISTS ${datname}`).catch(() => {});
    }
    await admin.query(`CREATE DATABASE ${name}`);
  });
  return name;
}

export async function dropDatabase(name) {
  await within(SERVER, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
}

/** @throws where a commit would not be durable */
export async function requireDurable(name) {
  await within(databaseUrl(name), async (client) => {
    for (const setting of ['synchronous_commit', 'fsync', 'full_page_writes']) {
      const { rows } = await client.query(`SHOW ${setting}`);
      if (rows[0][setting] !== 'on') throw new Error(`${setting} is ${rows[0][setting]} on ${name}`);
    }
  });
}

/** The processes of Postgres that serve a database, where they run on this machine. */
export async function backendPids(name) {
  if (!['127.0.0.1', 'localhost', '[::1]', ''].includes(new URL(SERVER).hostname)) return [];
  return within(SERVER, async (admin) => {
    const { rows } = await admin.query('SELECT pid FROM pg_stat_activity WHERE datname = $1', [name]);
    return rows.map(({ pid }) => pid);
  });
}

/** Runs a statement that returns `{intents, outcomes}`. */
export async function countRows(name, sql) {
  return within(databaseUrl(name), async (client) => (await client.query(sql)).rows[0]);
}

async function within(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
