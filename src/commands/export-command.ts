// `npm run audit:export`: what auditors see of the log, as a file that is signed and, as NDJSON, proves itself.
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { csvHead, csvRow } from '../audit/export/csv.js';
import { FORMAT, signEnd, VERSION, WINDOW } from '../audit/export/format.js';
import { NdjsonWriter, type Sink } from '../audit/export/ndjson-writer.js';
import { LogReading, type ReadRecord } from '../audit/export/read-log.js';
import { Segments } from '../audit/export/segments.js';
import { filterToKeep } from '../audit/filter-to-keep.js';
import { timeOfId } from '../audit/record-time.js';
import { RecordSearch } from '../audit/search.js';
import type { SigningKeys } from '../audit/signing-keys.js';
import { Timeline } from '../audit/timeline.js';
import type { AccessLog } from '../pipeline/access-log.js';
import { declarationsOf } from '../providers/declarations.js';
import { providers } from '../providers/index.js';
import { type Command, CommandError, type CommandOutput, type CommandParts, exitCodes } from './command.js';
import { counted, grouped } from './counted.js';
import { type ExportOptions, exportOptions, readOptions } from './export-options.js';
import { OutFile } from './out-file.js';

const NAME = 'audit:export';

const help = `Usage: npm run audit:export -- [FILTER]... [--format ndjson|csv] [--out FILE]

Exports what auditors see of the log: records, newest first, masked, with their history. It is in the log itself who
exported what.

  --phone +86…  --person-id ID  --member-id ID      whom the records are about; one of them
  --from TIME  --to TIME                            created at or after, and before: ISO 8601; without an offset, UTC
  --kind KIND  --provider ID  --purpose P  --client C  --actor A  --flow ID  --provider-reference R
  --outcome OUTCOME                                 may be given again
  --all                                             no filter: the whole log

  --format ndjson   (default) a line a record, with what proves its entries; signed at its end
  --format csv      for spreadsheets; its signature is written to FILE.sig
  --out FILE        where to; absent: standard output, and then NDJSON only

npm run audit:verify -- FILE --public-key KEY verifies the file anywhere, without this database.

Exit code 0: done. 1: done, and not everything could be proved or read, which is said. 2: not done.

Environment: DATABASE_URL or DATA_DIR; DIGEST_KEY, SEAL_KEY, CHECKPOINT_KEY; CHECKPOINTS_FILE.`;

export const exportCommand: Command<ExportOptions> = {
  name: NAME,
  help,
  options: exportOptions,
  needs: ['DIGEST_KEY', 'SEAL_KEY', 'CHECKPOINT_KEY'],
  read: readOptions,

  async run(parts, options, out) {
    const { keys } = parts.config.checkpoints;
    if (!keys) throw new CommandError('CHECKPOINT_KEY is needed to sign the file');
    const log = await parts.accessLog();
    const begun = await begin(log, parts.operator, options);
    const file = options.file === undefined ? null : await OutFile.create(options.file);
    try {
      const sink: Sink = file ? (written) => file.write(written) : (written) => out.write(written);
      const done = await exportTo(sink, { ...begun, parts, log, keys }, options, out);
      if (file) await file.finish(done.signature);
      await report(done, options, keys, out);
      return done.unproved + done.unreadable + done.unsound > 0 ? exitCodes.FAULTY : exitCodes.DONE;
    } catch (error) {
      await file?.discard();
      throw error;
    }
  },
};

interface Begun {
  /** The record of the export. */
  id: string;
  by: string;
  filter: Record<string, unknown>;
}

/** Durable before the first byte. */
async function begin(log: AccessLog, operator: string, { filter, format }: ExportOptions): Promise<Begun> {
  const begun = {
    id: uuidv7(),
    by: `command line: ${operator}`,
    filter: filterToKeep({ ...filter, subject: filter.subject?.kind }),
  };
  await log.record({
    operation: NAME,
    entryKind: 'EXPORT',
    asker: { actor: begun.by, client: 'command-line' },
    sealed: { filter: begun.filter, format },
    id: begun.id,
  });
  return begun;
}

interface Done {
  records: number;
  /** Entries that no checkpoint covers. */
  unproved: number;
  /** Records whose sealed part cannot be opened. */
  unreadable: number;
  /** Records that do not say what their entries say. */
  unsound: number;
  /** What goes to a file of its own. */
  signature: string | null;
}

async function exportTo(
  sink: Sink,
  { id, by, filter, parts, log, keys }: Begun & { parts: CommandParts; log: AccessLog; keys: SigningKeys },
  options: ExportOptions,
  out: CommandOutput,
): Promise<Done> {
  const { client } = parts.database;
  const at = timeOfId(id);
  // The export itself, and what comes after it, is not part of it.
  const until = options.filter.to && options.filter.to < at ? options.filter.to : at;
  const search = new RecordSearch(client, parts.digester);
  const reading = new LogReading(search, new Timeline(parts.sealer, declarationsOf(providers)));
  const body =
    options.format === 'csv'
      ? csvBody(sink)
      : ndjsonBody(new NdjsonWriter(sink, new Segments(client), keys), id, {
          format: FORMAT,
          version: VERSION,
          at: at.toISOString(),
          by,
          export: id,
          filter,
          window: WINDOW,
          key: keys.keyId,
        });

  const done: Done = { records: 0, unproved: 0, unreadable: 0, unsound: 0, signature: null };
  const began = performance.now();
  await body.begin();
  for await (const page of reading.pages({ ...options.filter, to: until })) {
    out.signal.throwIfAborted();
    await body.add(page);
    done.records += page.length;
    done.unreadable += page.filter(({ readable }) => !readable).length;
    done.unsound += page.filter(({ sound }) => !sound).length;
    const perSecond = Math.round((done.records / (performance.now() - began)) * 1_000);
    out.progress(`${counted(done.records, 'record')}, ${grouped(perSecond)} a second`);
  }
  const { sha256, unproved } = await body.last((waiting) =>
    out.progress(`waiting for checkpoints of the last ${counted(waiting, 'record')}`),
  );
  await log.record({
    operation: NAME,
    entryKind: 'EXPORT',
    asker: { actor: by, client: 'command-line' },
    clear: { export: id, records: done.records, sha256 },
    sealed: {},
  });
  const signed = { format: FORMAT, at: new Date().toISOString(), export: id, records: done.records, sha256 };
  if (options.format === 'csv') done.signature = `${signEnd({ ...signed, format: 'csv', lines: 0 }, keys)}\n`;
  else await body.end(signed.at);
  return { ...done, unproved };
}

interface Body {
  begin(): Promise<void>;
  add(page: readonly ReadRecord[]): Promise<void>;
  /** @returns SHA-256 over all that was written */
  last(waiting: (records: number) => void): Promise<{ sha256: string; unproved: number }>;
  end(at: string): Promise<void>;
}

function ndjsonBody(writer: NdjsonWriter, id: string, header: Parameters<NdjsonWriter['begin']>[0]): Body {
  return {
    begin: () => writer.begin(header),
    add: async (page) => {
      for (const { record, entries } of page) await writer.add(record, entries);
    },
    last: async (waiting) => {
      await writer.writeWaiting(waiting);
      return { sha256: writer.digest(), unproved: writer.unproved };
    },
    end: (at) => writer.end(id, at),
  };
}

function csvBody(sink: Sink): Body {
  const hash = createHash('sha256');
  const put = (written: string) => {
    hash.update(written);
    return sink(written);
  };
  return {
    begin: () => put(csvHead()),
    add: (page) => put(page.map(({ record, entries }) => csvRow(record, entries)).join('')),
    last: async () => ({ sha256: hash.digest('hex'), unproved: 0 }),
    end: async () => {},
  };
}

async function report(
  { records, unproved, unreadable, unsound }: Done,
  { format, file }: ExportOptions,
  { keyId, trusted }: SigningKeys,
  out: CommandOutput,
): Promise<void> {
  const key = trusted.get(keyId)?.export({ format: 'der', type: 'spki' }).toString('base64');
  await out.say(
    `${counted(records, 'record')} exported${file ? ` to ${file}` : ''}, signed with the public key ${key}`,
  );
  if (format === 'csv') await out.say('a table proves no entries: for that, export NDJSON');
  const doubts = [
    [unproved, 'not covered by a checkpoint yet: export again later', 'entry', 'entries'],
    [unreadable, 'shown without details: keys were changed, or are not known here', 'record', 'records'],
    [unsound, 'not what the entries say: run npm run audit:verify', 'record', 'records'],
  ] as const;
  for (const [count, what, one, many] of doubts)
    if (count > 0) await out.say(`${counted(count, one, many)} ${what}`);
}
