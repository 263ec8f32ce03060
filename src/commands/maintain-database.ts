// `npm run db:maintain`: what the owner of the tables has to do at least once a month, such as from cron.
import { dropOldMonths, MonthKept } from '../audit/retention.js';
import { readRetention } from '../config.js';
import { maintain } from '../db/maintenance.js';
import { OWNER_ENVIRONMENT, runOwnerCommand, UsageError } from '../db/owner-commands.js';
import { StartupError } from '../errors.js';
import { readCommandConfig } from './command-config.js';

const help = `Usage: npm run db:maintain

Makes the partitions of the months to come, grants the application's role what later versions added, and, where
RETENTION_MONTHS is set, drops the months that are older, keeping a signed summary of each. A month is proved before,
also by CHECKPOINTS_FILE where that is there, which takes minutes for some millions of records; one that is not what was
written is kept, and the command fails.
The server does the same where DATABASE_OWNER_URL is given: it makes partitions at start and every hour, and drops
months at start and every six hours.
Neither waits for whoever reads the log for long, such as a backup: the command then fails, and can be run again.

Environment:
  RETENTION_MONTHS        months that are kept, 6 or more; absent: all of them
  CHECKPOINT_KEY          signs the summaries; needed with RETENTION_MONTHS
  CHECKPOINT_PUBLIC_KEYS  the keys before it, which signed what is to be dropped
  CHECKPOINTS_FILE        heads that were published outside the database (default: DATA_DIR/checkpoints.ndjson)

${OWNER_ENVIRONMENT}`;

process.exitCode = await runOwnerCommand(
  {
    help,
    async run(target) {
      const { partitions, roles } = await maintain(target);
      const said = [
        `Partitions made: ${partitions}.`,
        `Roles that write the log: ${roles.join(', ') || 'only the owner; `npm run db:role` makes one'}.`,
      ];
      try {
        const months = readRetention(process.env);
        if (months === undefined) return said;
        const { checkpoints } = await readCommandConfig(process.env, ['CHECKPOINT_KEY']);
        const { keys, published } = checkpoints;
        if (!keys) throw new UsageError('CHECKPOINT_KEY is needed with RETENTION_MONTHS');
        const dropped = await dropOldMonths(target, months, keys, undefined, undefined, [published.file]);
        return [...said, `Months dropped: ${dropped.map(({ month }) => month).join(', ') || 'none'}.`];
      } catch (error) {
        if (error instanceof MonthKept) throw new UsageError(error.message);
        if (error instanceof StartupError) throw new UsageError(error.faults.join('\n'));
        throw error;
      }
    },
  },
  process.argv.slice(2),
  process.env,
);
