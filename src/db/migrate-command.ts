// `npm run db:migrate`: applies the pending migrations to the Postgres the environment names, and says which.
import { parseArgs } from 'node:util';
import { applyMigrations } from './apply-migrations.js';
import { MigrationError, postgresTarget } from './migration-target.js';

const HELP = `Usage: npm run db:migrate

Applies the pending migrations of prisma/migrations to a Postgres database.
Safe to run twice, and from several machines at once.

Environment, the first that is set:
  DATABASE_OWNER_URL    the role that owns the tables
  DATABASE_DIRECT_URL   a connection that does not go through a pooler
  DATABASE_URL          the application's own connection

Without any of them the server keeps its embedded database, which it migrates itself when it starts.`;

process.exitCode = await main(process.argv.slice(2), process.env);

async function main(args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    if (parseArgs({ args, options: { help: { type: 'boolean', short: 'h' } } }).values.help) {
      console.log(HELP);
      return 0;
    }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} (--help tells the usage)`);
    return 1;
  }
  // `||`: a variable that a shell or a compose file leaves empty counts as not set.
  const url = environment.DATABASE_OWNER_URL || environment.DATABASE_DIRECT_URL || environment.DATABASE_URL;
  if (!url) {
    console.error(
      'Set DATABASE_OWNER_URL, DATABASE_DIRECT_URL or DATABASE_URL: the embedded default migrates itself at start.',
    );
    return 1;
  }
  try {
    const { applied } = await applyMigrations(postgresTarget(url));
    for (const name of applied) console.log(`applied ${name}`);
    if (applied.length === 0) console.log('Nothing to apply: the database is up to date.');
    return 0;
  } catch (error) {
    // Only a MigrationError's text is known to hold no secret.
    console.error(
      error instanceof MigrationError ? error.message : 'Migrating failed for an unexpected reason.',
    );
    return 1;
  }
}
