// Proves the log: every chain and checkpoint, every record and what is counted from it, and the heads that were
// published outside the database. It reads and writes nothing; what it costs the database is reading it once.
//
// What it cannot see: what happened to entries before a checkpoint covered them (CHECKPOINT_MS; longer while checkpoints
// cannot be published, which is a fault where others are); and, without a file of published heads, a tail cut off
// together with its checkpoints.

import { monthOfId } from '../dropped-month.js';
import type { RecordSealer } from '../record-seal.js';
import type { TrustedKeys } from '../signing-keys.js';
import { listChains } from './chain-list.js';
import { type Fault, Faults } from './faults.js';
import type { LogReader } from './log-reader.js';
import { verifyBudgets } from './verify-budgets.js';
import { verifyChain } from './verify-chain.js';
import { DroppedMonths } from './verify-dropped.js';
import { verifyInstalled } from './verify-installed.js';
import { type PublishedFile, PublishedHeadsWalk } from './verify-published.js';
import { RecordsWalk } from './verify-records.js';
import { verifyRuns } from './verify-runs.js';
import { type Tail, verifyTails } from './verify-tails.js';

/** As many as are listed. */
const MOST_HIDDEN = 100;

export interface Verification {
  intact: boolean;
  /** `chain:position` of the first broken entry, else table and key of the first broken row; null where intact. */
  firstBroken: string | null;
  faults: number;
  /** The first hundred. */
  listed: Fault[];
  chains: number;
  entries: number;
  /** Entries that no checkpoint in the database covers yet. */
  uncovered: number;
  checkpoints: number;
  /** Genuine lines of the files of published heads. */
  published: number;
  records: number;
  subjects: number;
  rollups: number;
  /** Of send_budget. */
  budgets: number;
  erasures: number;
  droppedMonths: number;
  /** Of the database, compared with what the migrations made. */
  functions: number;
  /** What could not be looked at, in words. */
  notes: string[];
  startedAt: Date;
  seconds: number;
}

export interface VerifySettings {
  trusted: TrustedKeys;
  /** Null where SEAL_KEY is not at hand: data keys are then not opened. */
  sealer: Pick<RecordSealer, 'open' | 'areGenuine'> | null;
  /** As they were before the reader was opened. */
  published: readonly PublishedFile[];
  /** Files of the verifier's own runs, likewise. */
  runs: readonly PublishedFile[];
  signal: AbortSignal;
  progress(line: string): void;
}

export async function verifyLog(reader: LogReader, settings: VerifySettings): Promise<Verification> {
  for (;;) {
    const { months, ...verification } = await verifyOnce(reader, settings);
    // Where answers are of different moments, a month that was dropped meanwhile was looked for in vain.
    if (reader.snapshot) return verification;
    const now = await DroppedMonths.read(reader, settings.trusted, new Faults());
    if (now.count <= months.count) return verification;
  }
}

async function verifyOnce(
  reader: LogReader,
  settings: VerifySettings,
): Promise<Verification & { months: DroppedMonths }> {
  const { trusted, sealer, published, runs, signal, progress } = settings;
  const startedAt = new Date();
  const began = performance.now();
  const faults = new Faults();
  const functions = await verifyInstalled(reader, faults);
  const months = await DroppedMonths.read(reader, trusted, faults);
  const dropped = (month: string) => months.has(month);
  const chains = await listChains(reader);

  const heads = chains.reduce((sum, { head }) => sum + head, 0);
  const told = (what: string) => {
    let passed = 0;
    return (entries: number) => {
      passed += entries;
      progress(
        `${what}: ${passed} of ${heads} entries (${Math.floor((100 * passed) / Math.max(heads, 1))} %)`,
      );
    };
  };

  const toldChains = told('chains');
  const totals = { entries: 0, checkpoints: 0, uncovered: 0 };
  const tails: Tail[] = [];
  let signedAt = 0;
  for (const chain of chains) {
    signal.throwIfAborted();
    const isDropped = months.has(monthOfId(chain.id));
    const verified = await verifyChain(reader, chain, trusted, faults, {
      dropped: isDropped,
      told: toldChains,
    });
    totals.entries += verified.entries;
    totals.checkpoints += verified.checkpoints;
    totals.uncovered += verified.uncovered;
    const { covered, uncovered, end } = verified;
    if (uncovered > 0 && !end) tails.push({ chain: chain.id, covered, head: chain.head });
    signedAt = Math.max(signedAt, verified.signedAt);
    if (isDropped) months.addEnd(chain.id, verified.end, faults);
  }
  await months.compare(reader, faults);

  const walk = new RecordsWalk(reader, faults, {
    chains,
    dropped,
    sealer,
    signedAt,
    signal,
    told: told('records'),
  });
  const records = await walk.verify();
  const budgets = await verifyBudgets(reader, dropped, faults);
  if (records.entries !== totals.entries) await nameHidden(reader, totals.entries, records.entries, faults);

  const walked = new PublishedHeadsWalk(reader, chains, dropped, trusted, faults);
  const { published: lines, notes } = await walked.verify(published, signal);
  notes.push(...(await verifyTails(reader, tails, { trusted, signedAt, startedAt, signal }, faults)));
  await verifyRuns(reader, runs, trusted, faults);
  if (published.length === 0)
    notes.push('no file of published heads: a tail that was cut off would not be seen');
  if (!sealer) notes.push('SEAL_KEY is not set: data keys were not opened');

  return {
    months,
    intact: faults.count === 0,
    firstBroken: faults.first,
    faults: faults.count,
    listed: faults.list(),
    chains: chains.length,
    ...totals,
    ...records,
    budgets,
    entries: totals.entries,
    published: lines,
    droppedMonths: months.count,
    functions,
    notes,
    startedAt,
    seconds: (performance.now() - began) / 1_000,
  };
}

/** Entries that their chains hold and no record does: they lost their record's id, or an index lost them. */
async function nameHidden(
  reader: LogReader,
  byChain: number,
  byRecord: number,
  faults: Faults,
): Promise<void> {
  const hidden = await reader.query<{ chain: string; position: number }>(
    `SELECT chain::text AS chain, position FROM audit_entry WHERE record_id IS NULL
     ORDER BY chain, position LIMIT ${MOST_HIDDEN}`,
  );
  for (const { chain, position } of hidden) faults.entry(chain, position, 'its column record_id is null');
  if (faults.count > 0) return;
  faults.row('audit_entry', '*', `${byChain} by chain, ${byRecord} by record: an index is broken`);
}
