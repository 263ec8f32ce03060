// What a command is: a name, its options, and work on the log. Whether it runs in a process of its own or inside the
// server that holds the embedded database is not for the command to know.
import type { RecordSealer } from '../audit/record-seal.js';
import type { Database } from '../db/client.js';
import type { Digester } from '../limits/subject.js';
import type { AccessLog } from '../pipeline/access-log.js';
import type { CommandConfig, CommandKey } from './command-config.js';

/** How a command ends, as the exit code of its process. */
export const exitCodes = {
  DONE: 0,
  /** It ran, and what it looked at is not as it should be. */
  FAULTY: 1,
  /** It could not run: wrong options, no database, a fault on our side. */
  UNABLE: 2,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface CommandOption {
  type: 'string' | 'boolean';
  short?: string;
  multiple?: boolean;
  default?: string | boolean | string[];
  /** True where the value names a file: it is made absolute where the command was typed. */
  file?: boolean;
}

/** What was typed, before the command has read it. */
export interface Given {
  values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  /** What is no option. */
  operands: readonly string[];
  /** The folder in which it was typed: what `read` resolves operands against that name files. */
  cwd: string;
}

export interface Command<Options = unknown> {
  /** As npm knows it: `audit:verify`. */
  readonly name: string;
  /** What --help prints; says what the command is for, then its options. */
  readonly help: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Variables without which it cannot run, so that their absence is named before anything is opened. */
  readonly needs: readonly CommandKey[];
  /**
   * Checks what was typed, before anything is opened. Its result is made anew in the server where the command runs
   * there, so it depends on `given` only.
   * @throws UsageError naming the option
   */
  read(given: Given): Options;
  /** Where the options need no database and no keys: runs it here. */
  alone?(options: Options, out: CommandOutput): Promise<ExitCode> | null;
  run(parts: CommandParts, options: Options, out: CommandOutput): Promise<ExitCode>;
}

/** Bad options: printed as one line, with a pointer to --help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What went wrong, in words for whoever typed the command; holds no secret. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface CommandOutput {
  /**
   * Adds to the result, on standard output; text as it is, with its line ends. Resolves when there is room for more, so
   * that a command that waits for it runs at constant memory.
   * @throws where nobody takes it any more
   */
  write(text: string): Promise<void>;
  /** One line for people, on standard error. */
  say(line: string): Promise<void>;
  /** How far it is: replaces the line before, and is shown on a terminal only. Not waited for. */
  progress(line: string): void;
  /** Aborted once whoever typed the command has gone. */
  readonly signal: AbortSignal;
}

/** What commands work with: the server's own parts, or their own in a process of their own. */
export interface CommandParts {
  readonly config: CommandConfig;
  readonly database: Database;
  /** For commands that need SEAL_KEY. */
  readonly sealer: RecordSealer;
  /** For commands that need DIGEST_KEY. */
  readonly digester: Digester;
  /** Who typed the command: the name of the account on this machine. */
  readonly operator: string;
  /**
   * For commands that need SEAL_KEY and CHECKPOINT_KEY, before they show or change anything. In a process of its own
   * this begins a chain, which ends with the command.
   */
  accessLog(): Promise<AccessLog>;
}
