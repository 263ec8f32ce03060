// Makes one migrated database, of which every test file gets a copy: a folder for the embedded database, or a
// template on the Postgres that DATABASE_URL names.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { openEmbedded } from '../../dist/db/embedded.js';

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
    const owner = { ...process.env, DATABASE_OWNER_URL: url.href };
    await run('dist/db/migrate-command.js', [], owner);
    // The server connects as the application's role, made as the README says, and owns nothing.
    const password = randomBytes(12).toString('hex');
    const role = `yanzheng_test_${process.pid}`;
    await run('dist/db/role-command.js', ['--role', role], { ...owner, DATABASE_ROLE_PASSWORD: password });
    process.env.YANZHENG_TEST_ROLE = `${role}:${password}`;
    process.env.YANZHENG_TEST_TEMPLATE = name;
  } else {
    const folder = mkdtempSync(join(tmpdir(), 'yanzheng-template-'));
    const embedded = await openEmbedded(folder, { info() {}, error() {} });
    await embedded.close();
    process.env.YANZHENG_TEST_TEMPLATE = folder;
  }
}

function run(script, args, env) {
  return promisify(execFile)(process.execPath, [script, ...args], { env });
}
