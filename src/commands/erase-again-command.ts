// `npm run audit:erase-again`: erases in a restored backup what had been erased since it was made.
import { pino } from 'pino';
import { Eraser } from '../audit/eraser.js';
import { ErasureStore } from '../audit/erasure-store.js';
import { PublishedErasures, type PublishedErasuresLog } from '../audit/published-erasures.js';
import { erasedElsewhere, erasuresDue } from '../audit/restored-backup.js';
import { type Command, type CommandParts, exitCodes, UsageError } from './command.js';
import { counted } from './counted.js';

const NAME = 'audit:erase-again';

const help = `Usage: npm run audit:erase-again [-- --erasures FILE]

Erases again what had been erased, in a database that was restored from a backup: whatever an ERASE entry in it or
the file of published erasures names, as far as it is there unerased. What comes from the file is erased under an
ERASE entry of its own, since the backup holds none. Safe to repeat. The server refuses to serve a database for which
this is due.

  --erasures FILE   the file of published erasures, such as another machine's, or what the
                    object store holds below erasures/, joined
                    (default: erasures.ndjson beside CHECKPOINTS_FILE)

Exit code 0: nothing is left to be erased. 1: lines of the file could not be believed. 2: it could not be done.

Environment: DATABASE_URL or DATA_DIR; DIGEST_KEY, SEAL_KEY, CHECKPOINT_KEY; CHECKPOINT_PUBLIC_KEYS, the keys that
signed before; CHECKPOINTS_FILE, CHECKPOINTS_URL.`;

const LISTED_AT_ONCE = 2_000;
const DESTROYED_AT_ONCE = 250;
const NO_ID = '00000000-0000-0000-0000-000000000000';

export const eraseAgainCommand: Command<{ file: string | undefined }> = {
  name: NAME,
  help,
  options: { erasures: { type: 'string', file: true } },
  needs: ['DIGEST_KEY', 'SEAL_KEY', 'CHECKPOINT_KEY'],

  read({ values: { erasures }, operands }) {
    if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected`);
    return { file: typeof erasures === 'string' ? erasures : undefined };
  },

  async run(parts, options, out) {
    const { trusted } = parts.config.checkpoints;
    const log = pino({ level: parts.config.logLevel, base: { app: 'yanzheng' } }, pino.destination(2));
    const erasures = erasuresOf(parts, log);
    const file = options.file ?? erasures.file;
    const store = new ErasureStore(parts.database.client);
    const eraser = new Eraser(store, erasures, await parts.accessLog(), parts.digester, log);

    const finished = await eraser.finishDue({ starting: true });
    const undone = await eraseUndone(store, eraser, (line) => out.progress(line));
    const { unknownKey, notGenuine } = await erasuresDue(file, store, trusted);
    const asker = { actor: `command line: ${parts.operator}`, client: 'command-line' };
    const again = await eraser.eraseAgain(erasedElsewhere(file, store, trusted), asker, NAME);
    await erasures.settled();

    await out.write(`finished: ${counted(finished, 'erasure')} that had been cut off
erased again: ${counted(undone, 'record')} that an ERASE entry of this database names
erased again: ${counted(again?.records ?? 0, 'record')} that ${file} names\n`);
    const doubtful = [...unknownKey, ...notGenuine].sort((a, b) => a - b);
    if (doubtful.length === 0) return exitCodes.DONE;
    await out.say(
      `not genuine, or signed with a key that CHECKPOINT_PUBLIC_KEYS does not name: ${counted(doubtful.length, 'line')} of it: ${doubtful.slice(0, 10).join(', ')}`,
    );
    return exitCodes.FAULTY;
  },
};

function erasuresOf({ config }: CommandParts, log: PublishedErasuresLog): PublishedErasures {
  const { keys, published } = config.checkpoints;
  if (!keys) throw new Error('no key to sign with');
  return new PublishedErasures(published, keys, log);
}

/** Records that are listed under an ERASE entry and are not erased. @returns how many were */
async function eraseUndone(
  store: ErasureStore,
  eraser: Eraser,
  progress: (line: string) => void,
): Promise<number> {
  let done = 0;
  let looked = 0;
  let after = { erasure: NO_ID, record: NO_ID };
  for (;;) {
    const rows = await store.undone(after, LISTED_AT_ONCE);
    const last = rows.at(-1);
    if (!last) return done;
    after = last;
    const due = new Map<string, { at: Date; records: string[] }>();
    for (const { erasure, record, erased, at } of rows) {
      // Without an entry, it is not said that it was erased.
      if (erased || at === null) continue;
      const listed = due.get(erasure) ?? { at, records: [] };
      listed.records.push(record);
      due.set(erasure, listed);
    }
    for (const [erasure, { at, records }] of due) {
      for (let from = 0; from < records.length; from += DESTROYED_AT_ONCE) {
        await eraser.destroy(erasure, at, records.slice(from, from + DESTROYED_AT_ONCE));
      }
      done += records.length;
    }
    looked += rows.length;
    progress(`${looked.toLocaleString('en-US')} erased records looked at`);
  }
}
