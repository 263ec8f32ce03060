// The embedded database: PGlite in a folder, opened by one process at a time.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { StartupError } from '../errors.js';
import { applyMigrations } from './apply-migrations.js';
import { lockFolder } from './folder-lock.js';
import { type MaintenanceLog, maintainRegularly } from './maintenance.js';
import { type MigrationTarget, pgliteTarget } from './migration-target.js';

export interface Embedded {
  readonly folder: string;
  readonly adapter: PrismaPGlite;
  /** Of the tables; the database has one role. */
  readonly owner: MigrationTarget;
  listen(channel: string, heard: (payload: string) => void): Promise<{ stop(): Promise<void> }>;
  close(): Promise<void>;
}

/** Locks the folder, makes the database in it if there is none, migrates and opens it. */
export async function openEmbedded(dataDir: string, log: MaintenanceLog): Promise<Embedded> {
  const folder = resolve(dataDir, 'database');
  mkdirSync(resolve(dataDir), { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  try {
    if (!existsSync(join(folder, 'PG_VERSION'))) await create(folder);
    const lite = await PGlite.create(folder);
    await lite.exec(`SET TimeZone = 'UTC'`);
    const target = pgliteTarget(lite);
    await applyMigrations(target);
    const maintenance = await maintainRegularly(target, log);
    return {
      folder,
      adapter: new PrismaPGlite(lite),
      owner: target,
      listen: async (channel, heard) => ({ stop: await lite.listen(channel, heard) }),
      close: async () => {
        await maintenance.stop();
        await lite.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    if (error instanceof StartupError) throw error;
    throw new StartupError([
      `The embedded database in ${folder} cannot be opened: ${(error as Error).message}`,
    ]);
  }
}

/** In a process of its own: making a database costs half a gigabyte of memory that is never given back. */
async function create(folder: string): Promise<void> {
  const script = fileURLToPath(new URL('./create-embedded.js', import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-400);
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  if (code !== 0)
    throw new StartupError([`The embedded database in ${folder} could not be made: ${complaint.trim()}`]);
}
