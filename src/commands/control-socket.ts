// Commands run inside the server that holds the embedded database, which no other process can open. They come over a
// Unix socket in the data folder, which only the server's own account can use.
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { errorName, StartupError } from '../errors.js';
import { type Command, CommandError, type CommandOutput, exitCodes, UsageError } from './command.js';
import { type ControlCall, type ControlMessage, callShape, controlSocketOf } from './control-message.js';
import type { PartsFor } from './parts.js';
import { put } from './terminal.js';

export interface ControlLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const LONGEST_CALL = 64 * 1024;

/**
 * Listens on DATA_DIR/control.sock. The caller holds the folder's lock, so that a socket that is there already belongs
 * to a process that is gone.
 * @throws StartupError where it cannot listen
 */
export async function serveCommands(
  dataDir: string,
  commands: readonly Command[],
  partsFor: PartsFor,
  log: ControlLog,
): Promise<{ close(): Promise<void> }> {
  const path = controlSocketOf(dataDir);
  const ending = new AbortController();
  const running = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const run = answer(request, response, commands, partsFor, ending.signal, log).finally(() => {
      running.delete(run);
    });
    running.add(run);
  });
  await listen(server, path);
  return {
    close: async () => {
      ending.abort();
      const closed = new Promise((done) => server.close(done));
      await Promise.all(running);
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: ReturnType<typeof createServer>, path: string): Promise<void> {
  rmSync(path, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartupError([`the socket ${path} for commands cannot be listened on: ${error.code}`])),
    );
    // The file appears while this call runs, and is never open to others, not even for a moment.
    const before = process.umask(0o177);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
}

/** Never rejects: the command line is told, where it still listens. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  commands: readonly Command[],
  partsFor: PartsFor,
  ending: AbortSignal,
  log: ControlLog,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.on('error', () => gone.abort());
  const tell = (message: ControlMessage) => put(response, `${JSON.stringify(message)}\n`);
  try {
    const call = await readCall(request);
    const command = call && commands.find(({ name }) => name === call.command);
    if (!command) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    log.info({ command: call.command }, 'a command begins');
    const signal = AbortSignal.any([gone.signal, ending]);
    const exit = await run(command, call, partsFor, outputOf(tell, call.progress, signal), log);
    log.info({ command: call.command, exit }, 'a command has ended');
    await tell({ exit });
  } catch {
    // Nobody listens any more.
  }
  response.end();
}

async function readCall(request: IncomingMessage): Promise<ControlCall | null> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > LONGEST_CALL) return null;
  }
  try {
    return callShape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function run(
  command: Command,
  call: ControlCall,
  partsFor: PartsFor,
  out: CommandOutput,
  log: ControlLog,
) {
  try {
    return await command.run(partsFor(call.operator), command.read(call), out);
  } catch (error) {
    if (out.signal.aborted) {
      await out.say('the server is ending; run the command again');
    } else if (error instanceof UsageError || error instanceof CommandError) {
      await out.say(error.message);
    } else {
      log.error({ command: command.name, error: errorName(error) }, 'a command failed');
      await out.say(`${command.name} failed: ${errorName(error)}`);
    }
    return exitCodes.UNABLE;
  }
}

function outputOf(
  tell: (message: ControlMessage) => Promise<void>,
  showsProgress: boolean,
  signal: AbortSignal,
): CommandOutput {
  return {
    signal,
    write: (text) => tell({ write: text }),
    say: (line) => tell({ say: line }),
    progress: (line) => {
      if (showsProgress) void tell({ progress: line }).catch(() => {});
    },
  };
}
