// Runs one of the project's commands as its own process, with an environment of its own.
import { execFile } from 'node:child_process';

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** WebAssembly is optimised in the background, which pays off after minutes: half of the CPU that a start takes. */
export const shortLived = ['--liftoff-only'];

/** A dump of a database goes through it. */
const MOST_OUTPUT = 256 * 1024 * 1024;

/** @param script path below the repository, such as dist/auth/token-command.js */
export function runCommand(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...shortLived, script, ...args],
      { env: { PATH: process.env.PATH ?? '', ...env }, timeout: 60_000, maxBuffer: MOST_OUTPUT },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}
