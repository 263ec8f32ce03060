// Verifies an export with nothing but the file and public keys: that it is as it was signed, that each of its entries
// stood in the log, in its place in a chain up to a signed head, and that records say what their entries say. At
// constant memory.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readCheckpoint } from '../checkpoint.js';
import type { TrustedKeys } from '../signing-keys.js';
import { contradictions } from './contradictions.js';
import {
  type ExportEnd,
  type ExportedRecord,
  type ExportHeader,
  type ExportSegment,
  FORMAT,
  headerShape,
  readEnd,
  recordShape,
  segmentName,
  segmentShape,
} from './format.js';
import { Window } from './window.js';

export interface FileVerification {
  intact: boolean;
  records: number;
  entries: number;
  /** Heads that the entries lead to. */
  checkpoints: number;
  /** What the file says of itself; absent where it does not. */
  header?: ExportHeader | undefined;
  /** What a genuine signature says: which export it is of, and when that was. */
  signed?: Pick<ExportEnd, 'export' | 'at'> | undefined;
  /** What is wrong, with its line; the first few. */
  faults: string[];
}

const FAULTS_AT_MOST = 10;
/** A line holds a record and its history, or a segment. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** @param said told how many bytes were read */
export async function verifyExport(
  file: string,
  keys: TrustedKeys,
  said: (bytes: number) => void = () => {},
): Promise<FileVerification> {
  return file.endsWith('.csv') ? verifyCsv(file, keys) : new NdjsonVerification(keys).run(file, said);
}

/** A table has no room for proofs: that it is as it was signed is all that can be said of it. */
async function verifyCsv(file: string, keys: TrustedKeys): Promise<FileVerification> {
  const result: FileVerification = { intact: false, records: 0, entries: 0, checkpoints: 0, faults: [] };
  const signature = await readFile(`${file}.sig`, 'utf8').catch(() => null);
  if (signature === null) {
    result.faults.push(`there is no ${basename(file)}.sig beside it, which holds its signature`);
    return result;
  }
  const { end, fault } = readEnd(signature.trim(), keys);
  if (!end) {
    result.faults.push(`its signature is not good: ${fault}`);
    return result;
  }
  if (end.format !== 'csv') {
    result.faults.push('its signature is that of another kind of file');
    return result;
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  if (hash.digest('hex') !== end.sha256) result.faults.push('it is not as it was signed');
  const signed = { export: end.export, at: end.at };
  return { ...result, signed, records: end.records, intact: result.faults.length === 0 };
}

interface Proved {
  from: number;
  to: number;
  leafHashes: Buffer;
}

class NdjsonVerification {
  private readonly result: FileVerification = {
    intact: false,
    records: 0,
    entries: 0,
    checkpoints: 0,
    faults: [],
  };
  private readonly hash = createHash('sha256');
  private segments = new Window<Proved>(1);
  private line = 0;
  private end: ExportEnd | null = null;

  constructor(private readonly keys: TrustedKeys) {}

  async run(file: string, said: (bytes: number) => void): Promise<FileVerification> {
    const { result } = this;
    for await (const { line, bytes } of linesOf(file)) {
      this.line += 1;
      this.note(this.take(line));
      said(bytes);
    }
    if (!result.header) this.note('it does not begin as an export does');
    if (!this.end) this.note('its end is missing, which holds its signature');
    result.intact = result.faults.length === 0;
    return result;
  }

  /** @returns what is wrong with it, or null */
  private take(line: Buffer): string | null {
    if (this.end) return 'it goes on after its end';
    const text = line.toString('utf8');
    const value = parse(text);
    if (typeof value !== 'object' || value === null) return 'it is not JSON, or cut off';
    if ('signature' in value) return this.takeEnd(text.trimEnd());
    this.hash.update(line);
    if (this.line === 1) return this.takeHeader(value);
    return 'segment' in value ? this.takeSegment(value) : this.takeRecord(value);
  }

  private takeHeader(value: object): string | null {
    const { success, data } = headerShape.safeParse(value);
    if (!success) return null;
    this.result.header = data;
    this.segments = new Window(data.window);
    return null;
  }

  private takeSegment(value: object): string | null {
    const { success, data } = segmentShape.safeParse(value);
    if (!success) return 'it is no segment';
    const proved = this.prove(data);
    if (typeof proved === 'string') return proved;
    this.segments.add(data.segment, proved);
    this.result.checkpoints += 1;
    return null;
  }

  /** Follows the run to the head that its checkpoint signs. */
  private prove({ segment, from, previousHash, leafHashes, checkpoint }: ExportSegment): Proved | string {
    const { checkpoint: head, fault } = readCheckpoint(checkpoint, this.keys);
    if (!head) return `its checkpoint is not good: ${fault}`;
    if (segment !== segmentName(head.chain, head.serial)) return 'its checkpoint is that of another segment';
    const hashes = Buffer.from(leafHashes, 'base64');
    if (hashes.length !== 32 * (head.position - from + 1))
      return 'it does not reach from its first entry to its checkpoint';
    let hash: Buffer = Buffer.from(previousHash, 'hex');
    for (let at = 0; at < hashes.length; at += 32) hash = sha256(hash, hashes.subarray(at, at + 32));
    if (hash.toString('hex') !== head.hash) return 'it does not lead to the head that its checkpoint signs';
    return { from, to: head.position, leafHashes: hashes };
  }

  private takeRecord(value: object): string | null {
    const { success, data } = recordShape.safeParse(value);
    if (!success) return 'it is no record';
    this.result.records += 1;
    for (const entry of data.entries) {
      this.result.entries += 1;
      const fault = this.faultOf(entry);
      if (fault) this.note(`record ${data.record.id}, entry ${entry.chain}:${entry.position}: ${fault}`);
    }
    for (const what of contradictions(data)) this.note(`record ${data.record.id}: ${what}`);
    return null;
  }

  private faultOf({ chain, position, leaf, serial }: ExportedRecord['entries'][number]): string | null {
    if (serial === null) return 'no checkpoint covered it when it was exported';
    const segment = this.segments.get(segmentName(chain, serial));
    if (!segment || position < segment.from || position > segment.to) return 'its segment is missing';
    const at = 32 * (position - segment.from);
    const hash = sha256(Buffer.from(leaf, 'base64'));
    return hash.equals(segment.leafHashes.subarray(at, at + 32)) ? null : 'it was not in the log';
  }

  private takeEnd(text: string): string | null {
    const { end, fault } = readEnd(text, this.keys);
    if (!end) return `its signature is not good: ${fault}`;
    this.end = end;
    this.result.signed = { export: end.export, at: end.at };
    const { header, records } = this.result;
    const said = end.format === FORMAT && end.export === header?.export;
    const counted = end.lines === this.line - 1 && end.records === records;
    const whole = said && counted && end.sha256 === this.hash.digest('hex');
    return whole ? null : 'the file is not as it was signed';
  }

  private note(fault: string | null): void {
    if (fault !== null && this.result.faults.length < FAULTS_AT_MOST)
      this.result.faults.push(`line ${this.line}: ${fault}`);
  }
}

/** Lines with their line ends, as bytes: each counts for the signature. */
async function* linesOf(file: string): AsyncGenerator<{ line: Buffer; bytes: number }> {
  let rest: Buffer[] = [];
  let kept = 0;
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    let left = chunk as Buffer;
    bytes += left.length;
    for (;;) {
      const at = left.indexOf(0x0a);
      if (at === -1) break;
      yield { line: Buffer.concat([...rest, left.subarray(0, at + 1)]), bytes };
      rest = [];
      kept = 0;
      left = left.subarray(at + 1);
    }
    // Of a line longer than any, as much is kept as it takes to know that it is none.
    if (left.length > 0 && kept < LONGEST_LINE) {
      rest.push(left);
      kept += left.length;
    }
  }
  if (kept > 0) yield { line: Buffer.concat(rest), bytes };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
