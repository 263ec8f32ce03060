// The heads that were published outside the database: whatever the database says, there was an entry with that hash in
// that place. And the database's checkpoints: whatever the files say, they were published before they were stored.
import { open } from 'node:fs/promises';
import { genesisHash } from '../chain.js';
import { type Checkpoint, claimedCheckpoint, isFinal, readCheckpoint } from '../checkpoint.js';
import { monthOfId } from '../dropped-month.js';
import { readPublishedHeads } from '../published-heads.js';
import type { TrustedKeys } from '../signing-keys.js';
import type { ListedChain } from './chain-list.js';
import type { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';
import { SerialRanges } from './serial-ranges.js';
import { stillLeft } from './still-left.js';
import { faultTexts } from './verify-chain.js';

export interface PublishedFile {
  path: string;
  /** How long it was before the database was read, in whole lines: what it said then must be there. */
  size: number;
}

export interface VerifiedHeads {
  /** Genuine lines. */
  published: number;
  notes: string[];
}

/**
 * A checkpoint is published first and stored second. Whoever was killed in between leaves one that is published and not
 * stored, until another process ends the chain in its place: within a minute and a quarter, where one runs.
 */
export const STORED_WITHIN_MS = 120_000;
const LINES_AT_ONCE = 500;
/** Longer than a line. */
const TAIL = 4_096;

/** Files that are not there are left out. To be called before anything is read of the database. */
export async function publishedFiles(paths: readonly string[]): Promise<PublishedFile[]> {
  const files: PublishedFile[] = [];
  for (const path of new Set(paths)) {
    try {
      files.push({ path, size: await wholeLinesOf(path) });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return files;
}

async function wholeLinesOf(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL), 0, TAIL, Math.max(0, size - TAIL));
    const lineEnd = buffer.subarray(0, bytesRead).lastIndexOf('\n');
    return lineEnd < 0 ? size : size - bytesRead + lineEnd + 1;
  } finally {
    await handle.close();
  }
}

interface Line {
  where: [file: string, line: string];
  text: string;
  claim: Checkpoint;
}

export class PublishedHeadsWalk {
  private readonly seen = new Map<string, SerialRanges>();
  private readonly chains: ReadonlyMap<string, ListedChain>;
  /** Genuine lines of the checkpoint that a chain's last stored one is followed by. */
  private readonly unstored: Checkpoint[] = [];
  /** Chains of which a checkpoint is gone: said once. */
  private readonly missing = new Set<string>();
  private newestAt = 0;
  private published = 0;
  private halfWritten = 0;

  /** @param dropped whether retention has dropped a month, such as `2026-05` */
  constructor(
    private readonly reader: LogReader,
    chains: readonly ListedChain[],
    private readonly dropped: (month: string) => boolean,
    private readonly keys: TrustedKeys,
    private readonly faults: Faults,
  ) {
    this.chains = new Map(chains.map((chain) => [chain.id, chain]));
  }

  async verify(files: readonly PublishedFile[], signal: AbortSignal): Promise<VerifiedHeads> {
    for (const file of files) await this.verifyFile(file);
    const late = this.unstored.filter(({ at }) => this.newestAt - Date.parse(at) > STORED_WITHIN_MS);
    for (const claim of await this.leftUnstored(late, signal)) this.gone(claim, claim.serial);
    const notes = [];
    if (this.halfWritten > 0)
      notes.push(`${this.halfWritten} published lines were cut off while they were written`);
    if (files.length > 0) notes.push(...(await this.compareWithStored()));
    return { published: this.published, notes };
  }

  /** What the files say of the chains of a month, such as `2026-05`, that ended long ago: all of it must be stored. */
  async verifyMonth(files: readonly PublishedFile[], month: string): Promise<void> {
    for (const file of files) await this.verifyFile(file, month);
    for (const claim of this.unstored) this.gone(claim, claim.serial);
  }

  /** @param month whose chains alone are looked at; absent: all, and lines that are no statements */
  private async verifyFile({ path, size }: PublishedFile, month?: string): Promise<void> {
    let some: Line[] = [];
    if (size > 0) {
      for await (const line of readPublishedHeads(path, claimedCheckpoint, { end: size - 1 })) {
        if (month !== undefined && (line.fault || monthOfId(line.checkpoint.chain) !== month)) continue;
        if (line.fault === 'HALF_WRITTEN') this.halfWritten += 1;
        else if (line.fault) this.faults.row(path, `line ${line.line}`, faultTexts[line.fault]);
        else some.push({ where: [path, `line ${line.line}`], text: line.text, claim: line.checkpoint });
        if (some.length < LINES_AT_ONCE) continue;
        await this.check(some);
        some = [];
      }
      await this.check(some);
    }
    // What was published meanwhile: the database may have it, or not yet.
    for await (const { checkpoint } of readPublishedHeads(path, claimedCheckpoint, { start: size })) {
      if (checkpoint) this.see(checkpoint);
    }
  }

  private see({ chain, serial, at }: Checkpoint): void {
    let ranges = this.seen.get(chain);
    if (!ranges) {
      ranges = new SerialRanges();
      this.seen.set(chain, ranges);
    }
    ranges.add(serial);
    this.newestAt = Math.max(this.newestAt, Date.parse(at));
  }

  private async check(lines: readonly Line[]): Promise<void> {
    if (lines.length === 0) return;
    const list = (values: readonly unknown[]) => `'{${values.join(',')}}'`;
    const stored = await this.reader.query<{ n: number; statement: string | null }>(`
      SELECT u.n::integer, k.statement
      FROM unnest(${list(lines.map(({ claim }) => claim.chain))}::uuid[],
        ${list(lines.map(({ claim }) => claim.serial))}::integer[]) WITH ORDINALITY AS u(chain, serial, n)
      JOIN audit_checkpoint k ON k.chain = u.chain AND k.serial = u.serial`);
    const statements = new Map(stored.map(({ n, statement }) => [n - 1, statement]));
    for (const [index, line] of lines.entries()) {
      const statement = statements.get(index);
      const { chain, serial } = line.claim;
      // Word for word what is stored, and so verified with its chain.
      if (statement === line.text && serial <= (this.chains.get(chain)?.lastSerial ?? -1)) {
        this.see(line.claim);
        this.published += 1;
      } else await this.checkUnlike(line, statement !== undefined);
    }
  }

  /** A line that is not stored, or another one in its place: of a process that was killed before it stored it. */
  private async checkUnlike({ where, text }: Line, placeTaken: boolean): Promise<void> {
    const { checkpoint, fault } = readCheckpoint(text, this.keys);
    if (!checkpoint) {
      this.faults.row(...where, faultTexts[fault]);
      return;
    }
    this.see(checkpoint);
    this.published += 1;
    const { chain, serial, position, hash } = checkpoint;
    const found = await this.hashAt(chain, position);
    if (found === null) {
      if (!this.dropped(monthOfId(chain)) || !(await this.isWithin(checkpoint))) {
        this.faults.entry(chain, position, 'it was published as the end of its chain, and is gone');
      }
    } else if (found !== hash) {
      this.faults.entry(chain, position, 'it is not what was published as the end of its chain');
    }
    if (placeTaken) return;
    const last = this.chains.get(chain)?.lastSerial ?? -1;
    if (serial === last + 1) this.unstored.push(checkpoint);
    else this.gone(checkpoint, last + 1);
  }

  /** Whether a chain of a month that was dropped was signed as ended there or later: if not, its tail was cut off before. */
  private async isWithin({ chain, position, hash }: Checkpoint): Promise<boolean> {
    const lastSerial = this.chains.get(chain)?.lastSerial ?? -1;
    const [row] = await this.reader.query<{ statement: string | null }>(`
      SELECT statement FROM audit_checkpoint WHERE chain = '${chain}'::uuid AND serial = ${lastSerial}`);
    const { checkpoint: end } = readCheckpoint(row?.statement ?? '', this.keys);
    // Where it has none that is genuine, that is said of the chain.
    if (end?.chain !== chain) return true;
    return position < end.position || (position === end.position && hash === end.hash);
  }

  /** Waits for those that may be stored at any moment: somebody runs now, and nothing else is wrong. */
  private async leftUnstored(claims: Checkpoint[], signal: AbortSignal): Promise<Checkpoint[]> {
    const { reader, faults, newestAt } = this;
    if (!reader.queryNow || faults.count > 0 || Math.abs(Date.now() - newestAt) > STORED_WITHIN_MS)
      return claims;
    return stillLeft(claims, (claim) => this.isStoredNow(claim), signal);
  }

  private async isStoredNow({ chain, serial }: Checkpoint): Promise<boolean> {
    const [row] = (await this.reader.queryNow?.<{ statement: string | null }>(`
      SELECT statement FROM audit_checkpoint WHERE chain = '${chain}'::uuid AND serial = ${serial}`)) ?? [
      null,
    ];
    const { checkpoint } = readCheckpoint(row?.statement ?? '', this.keys);
    return checkpoint?.chain === chain && checkpoint.serial === serial;
  }

  private gone({ chain, serial }: Checkpoint, from: number): void {
    if (this.missing.has(chain)) return;
    this.missing.add(chain);
    const what =
      from === 0 ? 'its chain was announced, and is gone' : `it is gone; it was published with ${serial}`;
    this.faults.row('audit_checkpoint', `${chain} ${from}`, what);
  }

  private async hashAt(chain: string, position: number): Promise<string | null> {
    if (position === 0) return genesisHash(chain).toString('hex');
    const [row] = await this.reader.query<{ hash: string | null }>(`
      SELECT encode(hash, 'hex') AS hash FROM audit_entry WHERE chain = '${chain}'::uuid AND position = ${position}`);
    return row?.hash ?? null;
  }

  /** Whether the files hold what they must: a file that was cut protects nothing that came after. */
  private async compareWithStored(): Promise<string[]> {
    let unknown = 0;
    let begun = 0;
    for (const { id, lastSerial } of this.chains.values()) {
      if (lastSerial === null) continue;
      const ranges = this.seen.get(id);
      if (!ranges) {
        unknown += 1;
        continue;
      }
      if (ranges.first !== 0) begun += 1;
      const { firstGap, last = -1 } = ranges;
      if (firstGap !== undefined) this.unpublished(id, firstGap);
      else if (last < lastSerial && !(last === lastSerial - 1 && (await this.isAbandoned(id, lastSerial)))) {
        this.unpublished(id, last + 1);
      }
    }
    return [
      ...(unknown > 0
        ? [`${unknown} chains are in none of the published files: their process published elsewhere`]
        : []),
      ...(begun > 0 ? [`${begun} chains begin in a file that was not given (--published)`] : []),
    ];
  }

  private unpublished(chain: string, serial: number): void {
    this.faults.row(
      'published files',
      `${chain} ${serial}`,
      'this checkpoint is stored, and its line is gone',
    );
  }

  /** Another process ended the chain, and may have published that elsewhere. */
  private async isAbandoned(chain: string, serial: number): Promise<boolean> {
    const [row] = await this.reader.query<{ statement: string | null }>(`
      SELECT statement FROM audit_checkpoint WHERE chain = '${chain}'::uuid AND serial = ${serial}`);
    const last = row && readCheckpoint(row.statement ?? '', this.keys).checkpoint;
    return last !== undefined && isFinal(last) && last.state === 'ABANDONED';
  }
}
