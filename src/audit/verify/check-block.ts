// One block of records: each is rebuilt from its entries and compared, and what is counted from them is counted. Pure.
import { monthOfId } from '../dropped-month.js';
import type { RecordSealer, SealedKey } from '../record-seal.js';
import type { Faults } from './faults.js';
import {
  type Body,
  compareRecord,
  type Finding,
  historyOf,
  type Known,
  readEntry,
} from './rebuild-record.js';
import { type EntryRow, type RecordBlock, type RecordGroup, Unreadable } from './record-blocks.js';
import { RollupCounts } from './rollup-counts.js';

export interface BlockSettings {
  /** Where each chain ended when the chains were listed: entries after that are not counted. */
  heads: ReadonlyMap<string, number>;
  /** Whether retention has dropped a month, such as `2026-05`. */
  dropped: (month: string) => boolean;
  /** Null where keys are not at hand. */
  sealer: Pick<RecordSealer, 'open' | 'areGenuine'> | null;
}

export interface BlockCounts {
  records: number;
  entries: number;
  subjects: number;
  rollups: RollupCounts;
  /** Rows of audit_erasure. */
  erasures: [erasure: string, recordId: string][];
  /** Those of them that are not done, where the record is not erased. */
  held: [erasure: string, recordId: string][];
  /** Erasures that its records say they were erased by. */
  erasedBy: Set<string>;
  /** ERASE entries, by their record. */
  said: [erasure: string, body: Body][];
  /** The classes that its records are in. */
  classes: Set<string>;
}

/** @throws Unreadable where the block was read quickly and has to be read exactly */
export function checkBlock(block: RecordBlock, settings: BlockSettings, faults: Faults): BlockCounts {
  const { sealer } = settings;
  // Keys are looked at together, unless it has to be said which of them is broken.
  const keys: SealedKey[] = [];
  const isGenuine = (key: SealedKey) => {
    if (block.exact) return !sealer || opens(sealer, key);
    keys.push(key);
    return true;
  };
  const counts = noCounts();
  const known = { due: block.due, isGenuine };
  for (const group of block.groups()) checkGroup(group, known, settings, counts, faults);
  if (sealer && !sealer.areGenuine(keys)) throw new Unreadable();
  return counts;
}

export function noCounts(): BlockCounts {
  return {
    records: 0,
    entries: 0,
    subjects: 0,
    rollups: new RollupCounts(),
    erasures: [],
    held: [],
    erasedBy: new Set(),
    said: [],
    classes: new Set(),
  };
}

function opens(sealer: Pick<RecordSealer, 'open'>, key: SealedKey): boolean {
  try {
    return sealer.open(key) !== null;
  } catch {
    return false;
  }
}

interface ReadEntry {
  entry: EntryRow;
  body: Body;
  /** Whether it was there when the chains were listed. */
  listed: boolean;
}

function checkGroup(
  group: RecordGroup,
  known: Omit<Known, 'erasures'>,
  settings: BlockSettings,
  counts: BlockCounts,
  faults: Faults,
): void {
  const { id, rows, subjects, erasures } = group;
  const entries = readEntries(group, settings, counts, faults);

  if (id === '') {
    // Entries were told of one by one.
    const without = { audit_record: rows, audit_subject: subjects, audit_erasure: erasures };
    for (const [table, found] of Object.entries(without)) {
      if (found.length > 0) faults.row(table, 'null', 'it belongs to no record');
    }
    return;
  }
  counts.records += rows.length;
  counts.subjects += subjects.length;
  for (const erasure of erasures) {
    if (erasure === '') faults.row('audit_erasure', id, 'it names no erasure');
    else counts.erasures.push([erasure, id]);
  }
  const [row] = rows;
  if (!row) {
    if (settings.dropped(monthOfId(id))) {
      // An erasure that was begun when its month ended: its entry is in the month after, and may cover what stays.
      const { first } = historyOf(entries, []);
      if (first?.kind === 'ERASE') counts.said.push([id, first]);
      return;
    }
    const [first] = group.entries;
    const of = first ? `${first.chain}:${first.position} is of it` : '';
    if (first) faults.row('audit_record', id, `it is gone: ${of}`);
    if (subjects.length > 0) faults.row('audit_subject', id, 'its record does not exist');
    if (erasures.length > 0 && !first) faults.row('audit_erasure', id, 'its record does not exist');
    return;
  }
  if (rows.length > 1) faults.row('audit_record', id, 'it is there twice');

  const findings: Finding[] = [];
  const history = historyOf(entries, findings);
  compareRecord(row, history, subjects, { ...known, erasures }, findings);
  for (const { entry, table = 'audit_record', what } of findings) {
    if (entry) faults.entry(entry.chain, entry.position, what);
    else faults.row(table, id, what);
  }

  if (row.class !== null) counts.classes.add(row.class);
  if (row.erasedBy !== null) counts.erasedBy.add(row.erasedBy);
  else for (const erasure of erasures) if (known.due.has(erasure)) counts.held.push([erasure, id]);
  const { first } = history;
  if (first?.kind === 'INTENT') countOutcomes(id, first, entries, counts.rollups);
  // One that came since the chains were listed covers records that were passed before.
  else if (first?.kind === 'ERASE' && entries.some(({ listed }) => listed)) counts.said.push([id, first]);
}

function readEntries(
  group: RecordGroup,
  { heads }: BlockSettings,
  counts: BlockCounts,
  faults: Faults,
): ReadEntry[] {
  const entries: ReadEntry[] = [];
  for (const entry of group.entries) {
    const listed = entry.position >= 1 && entry.position <= (heads.get(entry.chain) ?? 0);
    if (listed) counts.entries += 1;
    // Its chain is not followed there: nothing would link it to anything.
    if (entry.chain === '' || !(entry.position >= 1)) {
      faults.entry(entry.chain || 'null', entry.position, 'it has no place in a chain');
    }
    const read = readEntry(entry);
    if ('what' in read) faults.entry(entry.chain, entry.position, read.what);
    else entries.push({ entry, body: read.body, listed });
  }
  return entries;
}

function countOutcomes(id: string, first: Body, entries: readonly ReadEntry[], rollups: RollupCounts): void {
  for (const { entry, body, listed } of entries) {
    if (body.kind !== 'OUTCOME' || !listed) continue;
    const { count, latencyMs, rule } = body;
    rollups.add(
      id,
      {
        chain: entry.chain,
        // A tally may be of what another provider was asked for.
        provider: String(body.provider ?? first.provider),
        kind: String(body.requestKind ?? first.requestKind),
        outcome: String(body.outcome),
        rule: typeof rule === 'string' ? rule : '',
      },
      typeof count === 'number' ? count : 1,
      typeof latencyMs === 'number' ? latencyMs : undefined,
    );
  }
}
