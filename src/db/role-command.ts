// `npm run db:role`: makes the role that the application connects with. It may write the log and never change it.
import { randomBytes } from 'node:crypto';
import { OWNER_ENVIRONMENT, runOwnerCommand, UsageError } from './owner-commands.js';

const help = `Usage: npm run db:role -- --role NAME

Makes the role that the server connects with, or grants it what is missing: it may add entries to the log and can
neither change nor delete them, and owns nothing. Prints a password where it made the role and none was given.

  --role NAME     1 to 63 of a-z, 0-9 and _

Environment:
  DATABASE_ROLE_PASSWORD   the role's password; absent: a new role gets a random one, an old one keeps its own

${OWNER_ENVIRONMENT}`;

process.exitCode = await runOwnerCommand(
  {
    help,
    options: { role: { type: 'string' } },
    async run(target, { role }) {
      if (typeof role !== 'string' || !/^[a-z_][a-z0-9_]{0,62}$/.test(role)) {
        throw new UsageError('--role must be 1 to 63 of a-z, 0-9 and _');
      }
      const given = process.env.DATABASE_ROLE_PASSWORD || undefined;
      const session = await target.connect();
      try {
        return await session.transaction(async (sql) => {
          const { rows } = await sql.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
          const made = rows.length === 0;
          const password = given ?? (made ? randomBytes(24).toString('base64url') : undefined);
          // The name is of the form above; a literal cannot be a parameter here.
          if (made) await sql.exec(`CREATE ROLE ${role} LOGIN`);
          if (password !== undefined) {
            await sql.exec(`ALTER ROLE ${role} PASSWORD '${password.replaceAll("'", "''")}'`);
          }
          await sql.query('SELECT grant_application($1)', [role]);
          return [
            `${role} ${made ? 'was made and' : ''} may write the log, and cannot change it.`.replace(
              '  ',
              ' ',
            ),
            ...(made && given === undefined ? [`Its password: ${password}`] : []),
          ];
        });
      } finally {
        await session.close();
      }
    },
  },
  process.argv.slice(2),
  process.env,
);
