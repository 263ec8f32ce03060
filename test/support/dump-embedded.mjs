// Prints every row of every table of an embedded database as text; its server must have ended.
// In a process of its own, since PGlite takes half a gigabyte.
import { PGlite } from '@electric-sql/pglite';

const lite = await PGlite.create(process.argv[2]);
const { rows: tables } = await lite.query(
  "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
);
for (const { name } of tables) {
  const { rows } = await lite.query(`SELECT t::text AS row FROM ${name} AS t`);
  for (const { row } of rows) console.log(`${name} ${row}`);
}
await lite.close();
