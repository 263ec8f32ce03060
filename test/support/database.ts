// A fresh, migrated database for a test file.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export interface TestDatabase {
  /** Holds the embedded database, or only keys where the tests run on Postgres. */
  dataDir: string;
  /** What a server needs to find it: on Postgres as the application's role, which owns nothing, and as the owner. */
  env: { DATA_DIR: string; DATABASE_URL?: string; DATABASE_OWNER_URL?: string };
  /** Servers that use it must have ended. */
  drop(): Promise<void>;
}

export const onPostgres = Boolean(process.env.DATABASE_URL);

export async function freshDatabase(): Promise<TestDatabase> {
  const template = process.env.YANZHENG_TEST_TEMPLATE ?? '';
  const dataDir = mkdtempSync(join(tmpdir(), 'yanzheng-test-'));
  const server = process.env.DATABASE_URL;
  if (!server) {
    cpSync(template, dataDir, { recursive: true });
    return {
      dataDir,
      env: { DATA_DIR: dataDir },
      drop: async () => rmSync(dataDir, { recursive: true, force: true }),
    };
  }
  const name = `yanzheng_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    dataDir,
    env: {
      DATA_DIR: dataDir,
      DATABASE_URL: asApplication(databaseUrl(server, name)),
      DATABASE_OWNER_URL: databaseUrl(server, name),
    },
    drop: async () => {
      await asAdmin(server, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same server, another database. */
export function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function asApplication(owner: string): string {
  const url = new URL(owner);
  [url.username, url.password] = (process.env.YANZHENG_TEST_ROLE ?? '').split(':') as [string, string];
  return url.href;
}

async function asAdmin(server: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  // Two copies of a template cannot be made at once.
  await admin.query('SELECT pg_advisory_lock(4000)');
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
