// What `npm run db:migrate`, `db:maintain` and `db:role` have in common: the owner's connection, the usage, and
// errors that hold no secret.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { MigrationError, type MigrationTarget, postgresTarget } from './migration-target.js';

export interface OwnerCommand {
  help: string;
  options?: NonNullable<ParseArgsConfig['options']>;
  /** What it says when it did its work. @throws MigrationError, UsageError */
  run(target: MigrationTarget, values: Readonly<Record<string, unknown>>): Promise<string[]>;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const OWNER_ENVIRONMENT = `Environment, the first that is set:
  DATABASE_OWNER_URL    the role that owns the tables
  DATABASE_DIRECT_URL   a connection that does not go through a pooler
  DATABASE_URL          the application's own connection

Without any of them the server keeps its embedded database, which it looks after itself.`;

/** @returns the exit code */
export async function runOwnerCommand(
  command: OwnerCommand,
  args: string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({
      args,
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
    }));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error} (--help tells the usage)`);
    return 1;
  }
  if (values.help) {
    console.log(command.help);
    return 0;
  }
  // `||`: a variable that a shell or a compose file leaves empty counts as not set.
  const url = environment.DATABASE_OWNER_URL || environment.DATABASE_DIRECT_URL || environment.DATABASE_URL;
  if (!url) {
    console.error(
      'Set DATABASE_OWNER_URL, DATABASE_DIRECT_URL or DATABASE_URL: the embedded default looks after itself.',
    );
    return 1;
  }
  try {
    for (const line of await command.run(postgresTarget(url), values)) console.log(line);
    return 0;
  } catch (error) {
    console.error(reasonOf(error));
    return 1;
  }
}

/** Only these texts are known to hold no secret. */
function reasonOf(error: unknown): string {
  if (error instanceof MigrationError || error instanceof UsageError) return error.message;
  const { code } = error as { code?: unknown };
  if (code === '42501') return 'The role that connects does not own the tables: set DATABASE_OWNER_URL.';
  if (code === '42883' || code === '42P01') return 'The tables are not there yet: run `npm run db:migrate`.';
  return `It failed for an unexpected reason${typeof code === 'string' ? ` (${code})` : ''}.`;
}
