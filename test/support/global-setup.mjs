// Makes one migrated database, of which every test file gets a copy: a folder for the embedded database, or a
// template on the Postgres that DATABASE_URL names.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { applyMigrations } from '../../dist/db/apply-migrations.js';
import { openEmbedded } from '../../dist/db/embedded.js';
import { postgresTarget } from '../../dist/db/migration-target.js';

export default async function setup() {
  const server = process.env.DATABASE_URL;
  if (server) {
    const name = `yanzheng_test_template_${process.pid}`;
    const admin = new pg.Client({ connectionString: server });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    const url = new URL(server);
    url.pathname = `/${name}`;
    await applyMigrations(postgresTarget(url.href));
    process.env.YANZHENG_TEST_TEMPLATE = name;
  } else {
    const folder = mkdtempSync(join(tmpdir(), 'yanzheng-template-'));
    const embedded = await openEmbedded(folder);
    await embedded.close();
    process.env.YANZHENG_TEST_TEMPLATE = folder;
  }
}
