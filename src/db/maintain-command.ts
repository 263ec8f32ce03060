// `npm run db:maintain`: what the owner of the tables has to do at least once a month, such as from cron.
import { maintain } from './maintenance.js';
import { OWNER_ENVIRONMENT, runOwnerCommand } from './owner-commands.js';

const help = `Usage: npm run db:maintain

Makes the partitions of the months to come and grants the application's role what later versions added.
The server does the same at start and every hour where DATABASE_OWNER_URL is given.

${OWNER_ENVIRONMENT}`;

process.exitCode = await runOwnerCommand(
  {
    help,
    async run(target) {
      const { partitions, roles } = await maintain(target);
      return [
        `Partitions made: ${partitions}.`,
        `Roles that write the log: ${roles.join(', ') || 'only the owner; `npm run db:role` makes one'}.`,
      ];
    },
  },
  process.argv.slice(2),
  process.env,
);
