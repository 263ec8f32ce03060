// What a command line and the server say to one another over the control socket: one POST a command, answered by
// lines of JSON, of which the last one tells the exit code.
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';

const value = z.union([z.string(), z.boolean(), z.array(z.union([z.string(), z.boolean()]))]);

export const callShape = z.object({
  command: z.string(),
  values: z.record(z.string(), value),
  operands: z.array(z.string()),
  cwd: z.string(),
  operator: z.string().max(64),
  /** Whether lines of progress are wanted. */
  progress: z.boolean(),
});
export type ControlCall = z.output<typeof callShape>;

export const messageShape = z.union([
  z.object({ write: z.string() }),
  z.object({ say: z.string() }),
  z.object({ progress: z.string() }),
  z.object({ exit: z.union([z.literal(0), z.literal(1), z.literal(2)]) }),
]);
export type ControlMessage = z.output<typeof messageShape>;

/** Sockets have short names: the shorter way of saying where it is. */
export function controlSocketOf(dataDir: string): string {
  const absolute = join(resolve(dataDir), 'control.sock');
  const fromHere = relative('', absolute);
  return fromHere.length < absolute.length ? fromHere : absolute;
}
