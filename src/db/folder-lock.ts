// One process at a time in a folder. Two of them in one PGlite folder lose rows without any error.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { StartupError } from '../errors.js';

interface Holder {
  pid: number;
  /** When that process began, in the kernel's words: a pid alone is soon somebody else's. Empty where unknown. */
  began: string;
  since: string;
}

export type LockHolder = Pick<Holder, 'pid' | 'since'>;

export interface FolderLock {
  release(): void;
}

/** Takes `FOLDER.lock`, also from a holder that is gone. @throws StartupError naming the holder */
export function lockFolder(folder: string): FolderLock {
  const path = `${folder}.lock`;
  const mine: Holder = { pid: process.pid, began: beganAt(process.pid), since: new Date().toISOString() };
  const text = JSON.stringify(mine);
  const draft = `${path}.${process.pid}`;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    // A link appears whole or not at all, so that nobody reads a half-written lock.
    writeFileSync(draft, text, { mode: 0o600 });
    try {
      linkSync(draft, path);
      return {
        release: () => {
          if (readText(path) === text) rmSync(path, { force: true });
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    const found = readText(path);
    if (found === undefined) continue;
    const holder = parse(found);
    if (holder && isAlive(holder)) {
      throw new StartupError([
        `${folder} is in use by process ${holder.pid} since ${holder.since}; stop it, or set DATA_DIR to another folder`,
      ]);
    }
    removeStale(path, found);
  }
  throw new StartupError([`${path} changes hands too fast to be taken`]);
}

/** Which other process holds `FOLDER.lock`; null where none does. */
export function lockHolder(folder: string): LockHolder | null {
  const found = readText(`${folder}.lock`);
  const holder = found === undefined ? undefined : parse(found);
  return holder && isAlive(holder) ? holder : null;
}

/** Moves the stale lock away; if somebody took it in between, what was moved is theirs and goes back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readText(aside) !== stale) {
    try {
      linkSync(aside, path);
    } catch {
      // Somebody else holds it by now, and will be found in the next round.
    }
  }
  rmSync(aside, { force: true });
}

function isAlive({ pid, began }: Holder): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return began === '' || beganAt(pid) === '' || beganAt(pid) === began;
}

/** The 22nd field of /proc/PID/stat on Linux; empty elsewhere, where the pid alone has to do. */
function beganAt(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function parse(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
