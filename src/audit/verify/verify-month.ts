// A month that has ended: its chains have no gaps and signed ends, its records are what their entries say, and its
// rollups are counted from these. What it found is what the month's summary then says, so that whatever is changed
// after it was looked at is found to contradict the summary.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DroppedMonth, HeadsDigest, monthOfId, RollupsDigest } from '../dropped-month.js';
import { firstIdAt, lastIdBefore } from '../record-time.js';
import type { TrustedKeys } from '../signing-keys.js';
import { type ListedChain, listChains } from './chain-list.js';
import type { BlockSettings } from './check-block.js';
import type { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';
import { quickBlock, rebuildBlock } from './rebuild-block.js';
import { boundAfter } from './record-blocks.js';
import { RollupCounts, type RollupRow } from './rollup-counts.js';
import { verifyChain } from './verify-chain.js';

export type VerifiedMonth = Omit<DroppedMonth, 'month' | 'at' | 'key'>;

/** @param from when it begins. @param to when it ended; months before it have been dropped */
export async function verifyMonth(
  reader: LogReader,
  from: Date,
  to: Date,
  trusted: TrustedKeys,
  faults: Faults,
): Promise<VerifiedMonth> {
  const month = from.toISOString().slice(0, 7);
  const chains = await listChains(reader);
  const heads = new HeadsDigest();
  for (const chain of chains.filter(({ id }) => monthOfId(id) === month)) {
    const { end } = await verifyChain(reader, chain, trusted, faults, { dropped: false, told: () => {} });
    if (end) heads.add({ chain: chain.id, position: end.position, hash: end.hash });
    else faults.entry(chain.id, chain.head + 1, 'the chain has no signed end');
  }
  await findStrays(reader, from, to, faults);
  const { records, counts } = await countRecords(reader, month, to, chains, faults);

  const rows = await reader.query<RollupRow>(`
    SELECT bucket::text, chain::text, provider, kind, outcome, rule, count::text, histogram::text
    FROM audit_rollup
    WHERE bucket >= '${from.toISOString()}'::timestamptz AND bucket < '${to.toISOString()}'::timestamptz
    ORDER BY audit_rollup.bucket, audit_rollup.chain, provider COLLATE "C", kind COLLATE "C", outcome COLLATE "C",
      rule COLLATE "C"`);
  counts.compare(rows, Number.POSITIVE_INFINITY, faults);
  const { rows: rollups, digest: rollupsDigest } = digestOf(faults.count === 0 ? rows : []);
  return {
    chains: heads.chains,
    entries: heads.entries,
    heads: heads.hex(),
    records,
    rollups,
    rollupsDigest,
  };
}

/** Chains that were begun and never announced, and entries of records that the walk does not come to. */
async function findStrays(reader: LogReader, from: Date, to: Date, faults: Faults): Promise<void> {
  const [first, after] = [firstIdAt(from), firstIdAt(to)];
  const unsigned = await reader.query<{ id: string }>(`
    SELECT id::text FROM audit_chain c
    WHERE id >= '${first}'::uuid AND id < '${after}'::uuid
      AND NOT EXISTS (SELECT FROM audit_checkpoint k WHERE k.chain = c.id)
      AND NOT EXISTS (SELECT FROM audit_entry e WHERE e.chain = c.id)
    ORDER BY id`);
  for (const { id } of unsigned) faults.entry(id, 1, 'the chain has no signed end');
  const [newest] = await reader.query<{ chain: string; position: number; record: string | null }>(`
    SELECT chain::text, position, record_id::text AS record FROM audit_entry
    WHERE chain >= '${first}'::uuid AND chain < '${after}'::uuid
    ORDER BY record_id DESC LIMIT 1`);
  if (newest && (newest.record === null || newest.record >= after)) {
    faults.entry(newest.chain, newest.position, 'column record_id is not what the entry says');
  }
}

/** Also what stands in its chains of records of the month before, which went with that. */
async function countRecords(
  reader: LogReader,
  month: string,
  to: Date,
  chains: readonly ListedChain[],
  faults: Faults,
): Promise<{ records: number; counts: RollupCounts }> {
  const settings: BlockSettings = {
    heads: new Map(chains.map(({ id, head }) => [id, head])),
    dropped: (other) => other < month,
    sealer: null,
  };
  const counts = new RollupCounts();
  const last = lastIdBefore(to);
  let records = 0;
  let after: string | null = null;
  do {
    await nextTurn();
    const bound: string | null = await boundAfter(reader, after);
    const upTo: string = bound !== null && bound < last ? bound : last;
    const range = { after, upTo };
    const block = await rebuildBlock(reader, range, await quickBlock(reader, range), settings, faults);
    records += block.records;
    counts.addAll(block.rollups);
    after = upTo;
  } while (after !== last);
  return { records, counts };
}

/** As dropped-month.ts has it. */
function digestOf(rows: readonly RollupRow[]): { rows: number; digest: string } {
  const digest = new RollupsDigest();
  for (const { bucket, count, histogram, ...key } of rows) {
    digest.add({
      ...key,
      bucket: new Date(`${bucket.replace(' ', 'T')}:00`).toISOString(),
      count: Number(count),
      histogram: histogram === null ? null : (JSON.parse(`[${histogram.slice(1, -1)}]`) as number[]),
    });
  }
  return { rows: digest.rows, digest: digest.hex() };
}
