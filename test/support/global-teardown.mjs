// Removes the database that the test files got copies of.
import { rmSync } from 'node:fs';
import pg from 'pg';

export default async function teardown() {
  const template = process.env.YANZHENG_TEST_TEMPLATE ?? '';
  const server = process.env.DATABASE_URL;
  if (server) {
    const admin = new pg.Client({ connectionString: server });
    await admin.connect();
    await admin.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    // A test database that was left behind still needs the role.
    await admin.query(`DROP ROLE IF EXISTS ${process.env.YANZHENG_TEST_ROLE.split(':')[0]}`).catch(() => {});
    await admin.end();
  } else {
    rmSync(template, { recursive: true, force: true });
  }
}
