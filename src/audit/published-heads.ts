// Where checkpoints are published outside the database: a file that is only appended to, one statement a line, on
// the disk before `publish` resolves; the log; and, where there is one, an object store. Whoever rewrites the
// database cannot rewrite these.
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorName, StartupError } from '../errors.js';
import type { CheckpointReading } from './checkpoint.js';
import { ObjectStore, type ObjectStoreLog } from './object-store.js';

export interface PublishedHeadsSettings {
  file: string;
  /** Of an object store. */
  url: string | undefined;
}

export interface PublishedHeadsLog extends ObjectStoreLog {
  info(fields: object, message: string): void;
}

/** A statement has some 330 characters. */
const MAX_STATEMENT = 1024;
const LINE_END = 0x0a;

export class PublishedHeads {
  private readonly store: ObjectStore | undefined;

  constructor(
    private readonly settings: PublishedHeadsSettings,
    private readonly log: PublishedHeadsLog,
    putMs?: number,
  ) {
    this.store = settings.url === undefined ? undefined : new ObjectStore(settings.url, log, putMs);
  }

  /** @throws StartupError where the file cannot be written */
  async prepare(): Promise<void> {
    const { file } = this.settings;
    try {
      const { handle, made } = await openToAppend(file);
      await handle.close();
      if (made) await syncFolder(dirname(file));
    } catch (error) {
      const { code = errorName(error) } = error as NodeJS.ErrnoException;
      throw new StartupError([`CHECKPOINTS_FILE ${file} cannot be written: ${code}`]);
    }
  }

  /**
   * Resolves once the statement is safe on the disk. The object store is told meanwhile.
   * @throws where the file cannot be written
   */
  async publish(chain: string, serial: number, statement: string): Promise<void> {
    await appendStatement(this.settings.file, statement);
    this.log.info({ statement }, 'checkpoint');
    this.store?.tell(`${chain}/${serial}.json`, statement, { chain, serial });
  }

  /** Resolves when the object store has been told of everything, or has failed to listen. */
  async settled(): Promise<void> {
    await this.store?.settled();
  }
}

/**
 * Opened anew each time, so that a file that was moved away begins again. The line goes out in one write, which the
 * kernel does not mix with those of other processes.
 */
export async function appendStatement(file: string, statement: string): Promise<void> {
  const { handle, made } = await openToAppend(file);
  try {
    // Half a line, of a process that was killed or of a disk that was full, must not spoil this one.
    const lead = (await endsInLine(handle)) ? '' : '\n';
    const bytes = Buffer.from(`${lead}${statement}\n`);
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten < bytes.length) throw Object.assign(new Error('written in part'), { code: 'ENOSPC' });
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (made) await syncFolder(dirname(file));
}

async function openToAppend(file: string): Promise<{ handle: FileHandle; made: boolean }> {
  const flags = constants.O_RDWR | constants.O_APPEND;
  try {
    return { handle: await open(file, flags), made: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    return { handle: await open(file, flags | constants.O_CREAT, 0o600), made: true };
  }
}

async function endsInLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === LINE_END;
}

/** A new file is lost with the power unless its folder is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * HALF_WRITTEN is the beginning of a statement whose writer was killed, or found the disk full: nobody was told that
 * it was published. As the last line it may also be one that is being written now.
 */
export type PublishedLine = { line: number; text: string } & (
  | CheckpointReading
  | { checkpoint?: undefined; fault: 'HALF_WRITTEN' }
);

/**
 * Every line of such a file, in order, at constant memory. Lines count from 1; empty ones are passed over.
 * @param part first and last byte of the part that is wanted; whole lines
 */
export async function* readPublishedHeads(
  file: string,
  read: (text: string) => CheckpointReading,
  part: { start?: number; end?: number } = {},
): AsyncGenerator<PublishedLine> {
  let line = 0;
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', ...part })) {
    const texts = (rest + chunk).split('\n');
    // Of a line that does not end, as much is kept as it takes to know that it is no statement.
    rest = (texts.pop() ?? '').slice(0, 2 * MAX_STATEMENT);
    for (const text of texts) {
      line += 1;
      if (text !== '') yield readLine(line, text, read);
    }
  }
  if (rest !== '') yield readLine(line + 1, rest, read);
}

function readLine(line: number, text: string, read: (text: string) => CheckpointReading): PublishedLine {
  const reading = read(text);
  if (reading.fault === 'NOT_A_STATEMENT' && isBeginning(text)) return { line, text, fault: 'HALF_WRITTEN' };
  return { line, text, ...reading };
}

/** Whether a statement can go on from here. Its members come in the order of their names. */
function isBeginning(text: string): boolean {
  const start = '{"at":"';
  if (text.length > MAX_STATEMENT) return false;
  return text.length < start.length ? start.startsWith(text) : text.startsWith(start) && !text.includes('}');
}
