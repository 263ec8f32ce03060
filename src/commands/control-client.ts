// Has a command run by the server that holds the embedded database, and hands on what it says.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { CommandError, type ExitCode } from './command.js';
import { type ControlCall, messageShape } from './control-message.js';
import type { Terminal } from './terminal.js';

/**
 * @returns the command's exit code; null where nobody listens on the socket
 * @throws CommandError where the server does not know the command, or went away meanwhile
 */
export async function runInServer(
  socketPath: string,
  call: Omit<ControlCall, 'progress'>,
  out: Terminal,
): Promise<ExitCode | null> {
  const sent = request({ socketPath, method: 'POST', path: '/', signal: out.signal });
  sent.end(JSON.stringify({ ...call, progress: out.showsProgress } satisfies ControlCall));
  let answer: IncomingMessage;
  try {
    [answer] = (await once(sent, 'response')) as [IncomingMessage];
  } catch (error) {
    if (/^(ENOENT|ECONNREFUSED)$/.test((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
  sent.on('error', () => {});
  if (answer.statusCode !== 200) {
    throw new CommandError(`the running server does not know ${call.command}: it is of another version`);
  }
  try {
    for await (const line of createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY })) {
      const message = messageShape.parse(JSON.parse(line));
      if ('exit' in message) return message.exit;
      if ('write' in message) await out.write(message.write);
      else if ('say' in message) await out.say(message.say);
      else out.progress(message.progress);
    }
  } catch (error) {
    if (out.signal.aborted) throw error;
  }
  throw new CommandError('the server went away before the command ended');
}
