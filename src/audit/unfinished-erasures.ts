// What has been erased stays erased: before anything is served, an erasure that was cut off is finished, and a backup
// that holds what was erased is refused; then erasures that were cut off elsewhere are finished as they are found.
import { errorName, StartupError } from '../errors.js';
import type { Eraser } from './eraser.js';
import type { ErasureStore } from './erasure-store.js';
import { regularly } from './regularly.js';
import { erasuresDue } from './restored-backup.js';
import type { TrustedKeys } from './signing-keys.js';

export interface UnfinishedErasuresLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const EVERY_MS = 30_000;

/**
 * @param file of published erasures
 * @param alone true on a database that only one process can open
 * @throws StartupError where the database must not be served
 */
export async function finishErasures(
  eraser: Eraser,
  store: ErasureStore,
  { file, trusted, alone }: { file: string; trusted: TrustedKeys; alone: boolean },
  log: UnfinishedErasuresLog,
): Promise<{ stop(): Promise<void> }> {
  await refuseRestored(file, store, trusted, log);
  try {
    await eraser.finishDue({ starting: true, alone });
  } catch (error) {
    throw new StartupError([
      `An erasure was cut off and cannot be finished (${errorName(error)}); it is published in ${file}, which has to be a file that can be written`,
    ]);
  }
  return regularly(
    EVERY_MS,
    async () => {
      await eraser.finishDue();
    },
    (error) => log.error({ error: errorName(error) }, 'an erasure was cut off and could not be finished yet'),
  );
}

async function refuseRestored(
  file: string,
  store: ErasureStore,
  trusted: TrustedKeys,
  log: UnfinishedErasuresLog,
): Promise<void> {
  const { records, unknownKey, notGenuine } = await erasuresDue(file, store, trusted).catch((error) => {
    throw new StartupError([`The published erasures in ${file} cannot be compared: ${errorName(error)}`]);
  });
  const faults: string[] = [];
  if (records > 0) {
    faults.push(
      `The database holds ${records} record${records === 1 ? ' that was' : 's that were'} erased, as a restored backup does: run npm run audit:erase-again`,
    );
  }
  if (unknownKey.length > 0) {
    faults.push(
      `Erasures in ${file} are signed with a key that is not trusted (line ${unknownKey[0]}): name it in CHECKPOINT_PUBLIC_KEYS`,
    );
  }
  if (faults.length > 0) throw new StartupError(faults);
  if (notGenuine.length > 0) {
    log.warn({ file, lines: notGenuine.slice(0, 10) }, 'lines of the published erasures are not genuine');
  }
}
