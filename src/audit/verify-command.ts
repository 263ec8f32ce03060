// `npm run audit:verify`: proves the log, says what was looked at, and names the first thing that is not as it was written.
import { resolve } from 'node:path';
import { type Command, CommandError, exitCodes, UsageError } from '../commands/command.js';
import { counted, grouped } from '../commands/counted.js';
import { publicKeysFrom, verifyFile } from '../commands/verify-file.js';
import { errorName } from '../errors.js';
import { IntegrityStore } from './integrity-store.js';
import { RecordSealer } from './record-seal.js';
import { runsFileBeside } from './verification-run.js';
import { openLogReader } from './verify/log-reader.js';
import { type Verification, verifyLog } from './verify/verify-log.js';
import { publishedFiles } from './verify/verify-published.js';

export interface VerifyOptions {
  json: boolean;
  /** Files of published heads besides CHECKPOINTS_FILE. */
  published: readonly string[];
  /** An exported file, which is verified instead. */
  file: string | undefined;
  publicKey: string | undefined;
}

const help = `Usage: npm run audit:verify [-- --json] [--published FILE]...
       npm run audit:verify -- EXPORTED-FILE [--public-key KEY] [--json]

Proves the audit log. Follows every hash chain from its announcement to its end, verifies every signed checkpoint,
rebuilds every record, digest commitment, class, subject row, rollup and budget from the entries and compares them with
what the database holds, and compares all of it with the heads that were published outside the database, and with what
the verifier found before. Compares the functions, tables and triggers of the database with what the migrations make:
they answer auditors, and guard the log. So it has to be of the version that migrated the database.

  --published FILE   a further file of published heads, such as another machine's; may be given again
                     (CHECKPOINTS_FILE, by default DATA_DIR/checkpoints.ndjson, is read anyway)
  --json             the result as one line of JSON

Given a file that npm run audit:export wrote, verifies that instead: that it is as it was signed, and that what it
holds was in the log. With --public-key, this needs no database, no keys and no network.

  --public-key KEY   whom to trust: Ed25519 public keys in PEM or base64, or a file with them
                     (default: CHECKPOINT_PUBLIC_KEYS and the public part of CHECKPOINT_KEY)

Exit code 0: intact. 1: something is not as it was written; the first of it is named, entries as chain:position,
other rows by table and key, the rest by kind and name. 2: the log could not be verified.

The log may be written meanwhile. Where the database is the embedded one and its server runs, the server does it.

Not protected: entries that no checkpoint covers yet. Under load that is up to CHECKPOINT_MS (2 seconds unless set)
or 1000 entries, whichever comes first, and longer only while checkpoints cannot be published, which the log says. Where
others are signed meanwhile, an entry that none covers after two minutes is a fault; so is an erasure that its entry says
and that is not done after an hour. While nobody runs, what a process left that was killed waits for the next one.
Not compared, since auditors are not shown them: what is kept for repeats of idempotency keys, where conversations
stand, and who holds a chain. A checkpoint that was published less than two minutes before the newest one may be
missing from the database: its process may have been killed in between.

Environment: DATABASE_URL (DATABASE_DIRECT_URL where there is a pooler) or DATA_DIR; CHECKPOINT_KEY or
CHECKPOINT_PUBLIC_KEYS; SEAL_KEY, without which data keys are not opened; CHECKPOINTS_FILE.`;

export const verifyCommand: Command<VerifyOptions> = {
  name: 'audit:verify',
  help,
  options: {
    json: { type: 'boolean' },
    published: { type: 'string', multiple: true, file: true },
    'public-key': { type: 'string' },
  },
  needs: [],

  read({ values, operands, cwd }) {
    const [file, more] = operands;
    if (more !== undefined) throw new UsageError(`${more} is not expected`);
    const publicKey = values['public-key'] as string | undefined;
    if (publicKey !== undefined && file === undefined) throw new UsageError('--public-key goes with a file');
    return {
      json: values.json === true,
      published: (values.published as string[] | undefined) ?? [],
      file: file === undefined ? undefined : resolve(cwd, file),
      publicKey,
    };
  },

  alone({ file, publicKey, json }, out) {
    if (file === undefined || publicKey === undefined) return null;
    return publicKeysFrom(publicKey).then((keys) => verifyFile(file, keys, json, out));
  },

  async run({ config, database }, { json, published, file }, out) {
    if (file !== undefined) return verifyFile(file, config.checkpoints.trusted, json, out);
    const { checkpoints, sealKeys } = config;
    const paths = [checkpoints.published.file, ...published];
    const files = await publishedFiles(paths);
    const runs = await publishedFiles(paths.map(runsFileBeside));
    const missing = published.find((path) => !files.some((file) => file.path === path));
    if (missing !== undefined) throw new CommandError(`${missing} is not there`);

    const reader = await openLogReader(database, config.database);
    let result: Verification;
    try {
      result = await verifyLog(reader, {
        trusted: checkpoints.trusted,
        sealer: sealKeys ? new RecordSealer(sealKeys) : null,
        published: files,
        runs,
        signal: out.signal,
        progress: (line) => out.progress(line),
      });
    } finally {
      await reader.close();
    }
    try {
      const { keys, published: own } = checkpoints;
      if (!keys)
        result.notes.push(
          'CHECKPOINT_KEY is not set: the run was not signed and not kept for auditIntegrity',
        );
      else await new IntegrityStore(database.client).keep(result, keys, runsFileBeside(own.file));
    } catch (error) {
      result.notes.push(`the run could not be kept for auditIntegrity: ${errorName(error)}`);
    }
    await out.write(json ? `${JSON.stringify(result)}\n` : inWords(result));
    return result.intact ? exitCodes.DONE : exitCodes.FAULTY;
  },
};

function inWords(result: Verification): string {
  const { intact, faults, listed, firstBroken, notes, seconds, entries } = result;
  const optional = (count: number, what: string) => (count > 0 ? [counted(count, what)] : []);
  const entriesOf = (count: number) => counted(count, 'entry', 'entries');
  const perSecond = entriesOf(Math.round(entries / Math.max(seconds, 0.001)));
  const lines = [
    [
      counted(result.chains, 'chain'),
      entriesOf(entries),
      counted(result.checkpoints, 'checkpoint'),
      counted(result.published, 'published head'),
    ].join(', '),
    [
      counted(result.records, 'record'),
      counted(result.subjects, 'subject row'),
      counted(result.rollups, 'rollup'),
      counted(result.erasures, 'erasure'),
      counted(result.functions, 'function'),
      ...optional(result.budgets, 'budget'),
      ...optional(result.droppedMonths, 'dropped month'),
    ].join(', '),
    `${seconds.toFixed(1)} s, ${perSecond} a second; not covered by a checkpoint yet: ${entriesOf(result.uncovered)}`,
    ...notes.map((note) => `note: ${note}`),
  ];
  if (intact) lines.push('INTACT: everything is as it was written');
  else {
    lines.push(...listed.map(({ where, what }) => `  ${where}: ${what}`));
    if (faults > listed.length) lines.push(`  … and ${grouped(faults - listed.length)} more`);
    lines.push(`BROKEN, first at ${firstBroken} (${counted(faults, 'fault')})`);
  }
  return `${lines.join('\n')}\n`;
}
