// The command line: `node dist/bundled/commands.js audit:verify --help`. Where a server holds the embedded database, the
// command runs in it; else it opens the database itself.
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type LockHolder, lockHolder } from '../db/folder-lock.js';
import { errorName, StartupError } from '../errors.js';
import { type Command, CommandError, type ExitCode, exitCodes, type Given, UsageError } from './command.js';
import { readCommandConfig, readDatabaseConfig } from './command-config.js';
import { runInServer } from './control-client.js';
import { controlSocketOf } from './control-message.js';
import { commands } from './index.js';
import { openParts } from './parts.js';
import { type Terminal, terminal } from './terminal.js';

/** A server that starts holds the folder for a while before it listens. */
const LISTENS_WITHIN_MS = 15_000;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second one ends it the hard way.
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
  });
}
// Whoever read the output has gone (`| head`): there is nothing left to do.
process.stdout.on('error', () => interrupted.abort());

process.exitCode = await main(process.argv.slice(2), process.env);

async function main([name, ...args]: string[], variables: NodeJS.ProcessEnv): Promise<number> {
  const out = terminal(process.stdout, process.stderr, interrupted.signal);
  try {
    const command = commands.find((known) => known.name === name);
    if (!command) {
      throw new UsageError(`${name ?? ''} is none of ${commands.map((known) => known.name).join(', ')}`);
    }
    const given = read(command, args);
    if (given === null) {
      process.stdout.write(`${command.help.trim()}\n`);
      return exitCodes.DONE;
    }
    return await run(command, given, variables, out);
  } catch (error) {
    out.done();
    if (interrupted.signal.aborted) return 130;
    for (const line of linesOf(error)) console.error(line);
    return exitCodes.UNABLE;
  } finally {
    out.done();
  }
}

/** Null where --help is asked for. @throws UsageError */
function read({ options }: Command, args: string[]): Given | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { ...options, help: { type: 'boolean', short: 'h' } },
    });
    const { help, ...others } = values;
    const given = Object.entries(others).map(([name, value]) => [
      name,
      options[name]?.file ? absolute(value) : value,
    ]);
    return help ? null : { values: Object.fromEntries(given), operands: positionals, cwd: process.cwd() };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function absolute(value: unknown): unknown {
  return Array.isArray(value) ? value.map((one) => resolve(String(one))) : resolve(String(value));
}

async function run(
  command: Command,
  given: Given,
  variables: NodeJS.ProcessEnv,
  out: Terminal,
): Promise<ExitCode> {
  const options = command.read(given);
  const alone = command.alone?.(options, out);
  if (alone) return alone;

  const operator = userInfo().username.slice(0, 64);
  const { url, dataDir } = readDatabaseConfig(variables);
  if (url === undefined) {
    if (!existsSync(join(dataDir, 'database', 'PG_VERSION'))) {
      throw new CommandError(
        `there is no database in ${resolve(dataDir)} yet: set DATA_DIR to the server's, or DATABASE_URL`,
      );
    }
    const exit = await throughServer(dataDir, { ...given, command: command.name, operator }, out);
    if (exit !== null) return exit;
  }
  const parts = await openParts(await readCommandConfig(variables, command.needs), operator);
  try {
    return await command.run(parts, options, out);
  } finally {
    await parts.close();
  }
}

/** Null where no server holds the folder. */
async function throughServer(
  dataDir: string,
  { values, ...call }: Given & { command: string; operator: string },
  out: Terminal,
): Promise<ExitCode | null> {
  const end = Date.now() + LISTENS_WITHIN_MS;
  let holder: LockHolder | null;
  do {
    holder = lockHolder(join(dataDir, 'database'));
    if (!holder) return null;
    const sent = { ...call, operands: [...call.operands], values: withoutAbsent(values) };
    const exit = await runInServer(controlSocketOf(dataDir), sent, out);
    if (exit !== null) return exit;
    out.progress(`waiting for process ${holder.pid} to listen`);
    await sleep(200, undefined, { signal: out.signal });
  } while (Date.now() < end);
  throw new CommandError(
    `${resolve(dataDir)} is in use by process ${holder.pid} since ${holder.since}, which takes no commands`,
  );
}

function withoutAbsent(values: Given['values']) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]),
  ) as Record<string, string | boolean | (string | boolean)[]>;
}

function linesOf(error: unknown): string[] {
  if (error instanceof UsageError) return [`${error.message} (--help tells the usage)`];
  if (error instanceof CommandError) return [error.message];
  if (error instanceof StartupError) return [...error.faults];
  // Messages of drivers echo what they were given.
  return [`failed: ${errorName(error)}`];
}
