// `npm run db:migrate`: applies the pending migrations to the Postgres the environment names, and says which.
import { applyMigrations } from './apply-migrations.js';
import { maintain } from './maintenance.js';
import { OWNER_ENVIRONMENT, runOwnerCommand } from './owner-commands.js';

const help = `Usage: npm run db:migrate

Applies the pending migrations of prisma/migrations to a Postgres database, and makes the partitions of the
months to come. Safe to run twice, and from several machines at once.

${OWNER_ENVIRONMENT}`;

process.exitCode = await runOwnerCommand(
  {
    help,
    async run(target) {
      const { applied } = await applyMigrations(target);
      await maintain(target);
      if (applied.length === 0) return ['Nothing to apply: the database is up to date.'];
      return applied.map((name) => `applied ${name}`);
    },
  },
  process.argv.slice(2),
  process.env,
);
