// The bytes that a record's first entry commits to, by the rule of ../commitment.ts, made from columns as they lie. Pure.
import { hash } from 'node:crypto';
import { hexCodes } from './binary-rows.js';
import { isUnescaped } from './expected-leaf.js';

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text));
const QUOTE = bytesOf('"');

/** What is committed to, made in one place over and over. */
export class Salted {
  private bytes = Buffer.alloc(4_096);
  private end = 0;

  begin(from: Uint8Array, start: number, length: number): void {
    this.end = 0;
    this.copy(from, start, length);
  }

  add(literal: Uint8Array): void {
    this.copy(literal, 0, literal.length);
  }

  /** A text or null (a negative length) as JSON. @returns false where it would be escaped, or is too long */
  json(from: Uint8Array, start: number, length: number): boolean {
    if (length < 0) {
      this.add(committed.none);
      return true;
    }
    if (this.end + length > this.bytes.length / 2) return false;
    if (!isUnescaped(from, start, length)) return false;
    this.add(QUOTE);
    this.copy(from, start, length);
    this.add(QUOTE);
    return true;
  }

  /** In quotes. */
  hex(from: Uint8Array, start: number, length: number): void {
    const { bytes } = this;
    this.add(QUOTE);
    for (let i = 0; i < length; i += 1) {
      const byte = from[start + i] ?? 0;
      bytes[this.end] = hexCodes[2 * byte] ?? 0;
      bytes[this.end + 1] = hexCodes[2 * byte + 1] ?? 0;
      this.end += 2;
    }
    this.add(QUOTE);
  }

  hash(): string {
    return hash('sha256', this.bytes.subarray(0, this.end));
  }

  private copy(from: Uint8Array, start: number, length: number): void {
    const { bytes, end } = this;
    for (let i = 0; i < length; i += 1) bytes[end + i] = from[start + i] ?? 0;
    this.end += length;
  }
}

export const committed = {
  actor: bytesOf('{"actor":'),
  maskedPhone: bytesOf(',"maskedPhone":'),
  subjects: bytesOf(',"subjects":['),
  comma: bytesOf(','),
  end: bytesOf(']}'),
  none: bytesOf('null'),
};
