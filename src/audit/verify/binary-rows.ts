// Rows of a binary copy, read where they lie: nothing is made of a column until it is asked for. Each is the number of
// its columns in 16 bits, then of each column its length (-1: NULL) in 32 and its bytes; all numbers are big-endian.
import { Unreadable } from './record-blocks.js';

const ID = 16;
const COUNT = 2;
const NUMBER = 4;

/** Where the columns of a row are: `lengths` is -1 for NULL. */
export interface BinaryRow {
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
}

export function binaryRow(columns: number): BinaryRow {
  return { starts: new Int32Array(columns), lengths: new Int32Array(columns) };
}

/** Rows of one table in the order of their first column, which is an id. What is not that throws Unreadable. */
export class BinaryRows {
  private at = 0;
  ended = false;

  constructor(
    readonly bytes: Buffer,
    private readonly columns: number,
  ) {
    this.expectId(null);
  }

  /** Whether the next row is of this id. */
  isOf(id: Uint8Array): boolean {
    if (this.ended) return false;
    const { bytes } = this;
    const from = this.at + COUNT + NUMBER;
    for (let i = 0; i < ID; i += 1) if (bytes[from + i] !== id[i]) return false;
    return true;
  }

  /** Puts the next row's id into `id` where that is smaller. */
  lowerTo(id: Uint8Array): void {
    if (this.ended) return;
    const { bytes } = this;
    const from = this.at + COUNT + NUMBER;
    for (let i = 0; i < ID; i += 1) {
      const byte = bytes[from + i] ?? 0;
      const other = id[i] ?? 0;
      if (byte > other) return;
      if (byte < other) {
        for (let left = i; left < ID; left += 1) id[left] = bytes[from + left] ?? 0;
        return;
      }
    }
  }

  /** @throws Unreadable where they are no rows of so many columns */
  take({ starts, lengths }: BinaryRow): void {
    const { bytes, columns } = this;
    let { at } = this;
    if ((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) !== columns) throw new Unreadable();
    at += COUNT;
    for (let column = 0; column < columns; column += 1) {
      const length = numberAt(bytes, at);
      at += NUMBER;
      starts[column] = at;
      lengths[column] = length;
      if (length > 0) at += length;
    }
    if (at > bytes.length) throw new Unreadable();
    this.at = at;
    this.expectId(starts[0] ?? 0);
  }

  /** Whoever looks at the next row's id finds one, and none that is less than the one before. */
  private expectId(before: number | null): void {
    const { bytes, at } = this;
    this.ended = at === bytes.length;
    if (this.ended) return;
    const from = at + COUNT + NUMBER;
    if (from + ID > bytes.length || numberAt(bytes, at + COUNT) !== ID) throw new Unreadable();
    if (before !== null && bytes.compare(bytes, before, before + ID, from, from + ID) < 0)
      throw new Unreadable();
  }
}

/** Signed. */
export function numberAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}

/** Milliseconds between 1970 and 2000, where Postgres begins. */
const EPOCH = 946_684_800_000;

/** Of a timestamp: milliseconds since 1970; NaN where it has a finer part. */
export function timeAt(bytes: Uint8Array, at: number): number {
  const micros = numberAt(bytes, at) * 2 ** 32 + (numberAt(bytes, at + NUMBER) >>> 0);
  return micros % 1_000 === 0 ? micros / 1_000 + EPOCH : Number.NaN;
}

export function areEqual(a: Uint8Array, from: number, b: Uint8Array, start: number, length: number): boolean {
  for (let i = 0; i < length; i += 1) if (a[from + i] !== b[start + i]) return false;
  return true;
}

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join('');
/** Two characters' codes of each byte. */
export const hexCodes = Uint8Array.from(hexDigits, (digit) => digit.charCodeAt(0));

/** An id as text, into `to`. @returns where it ends */
export function writeId(to: Uint8Array, at: number, bytes: Uint8Array, start: number): number {
  let end = at;
  for (let i = 0; i < ID; i += 1) {
    const byte = bytes[start + i] ?? 0;
    to[end] = hexCodes[2 * byte] ?? 0;
    to[end + 1] = hexCodes[2 * byte + 1] ?? 0;
    end += 2;
    if (i === 3 || i === 5 || i === 7 || i === 9) {
      to[end] = 45;
      end += 1;
    }
  }
  return end;
}
