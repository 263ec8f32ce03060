// Compares a leaf with what it has to be, byte by byte, without making a text of either. What it says is believed only
// where it says that they are the same: a text that JSON would escape is never the same here. Pure.
import { hexCodes, writeId } from './binary-rows.js';

const QUOTE = 34;
const BACKSLASH = 92;
const FIRST_UNESCAPED = 32;
const DAY_MS = 86_400_000;

export class ExpectedLeaf {
  private bytes: Uint8Array = new Uint8Array();
  private at = 0;
  private end = 0;
  private same = true;

  begin(bytes: Uint8Array, start: number, length: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = start + length;
    this.same = length >= 0;
  }

  literal(expected: Uint8Array): void {
    this.compare(expected, 0, expected.length);
  }

  /** What JSON writes between quotes. */
  text(from: Uint8Array, start: number, length: number): void {
    if (!isUnescaped(from, start, length)) this.same = false;
    this.compare(from, start, length);
  }

  id(from: Uint8Array, start: number): void {
    this.compare(scratch, 0, writeId(scratch, 0, from, start));
  }

  hex(from: Uint8Array, start: number, length: number): void {
    const { bytes, at } = this;
    for (let i = 0; i < length; i += 1) {
      const byte = from[start + i] ?? 0;
      if (bytes[at + 2 * i] !== hexCodes[2 * byte] || bytes[at + 2 * i + 1] !== hexCodes[2 * byte + 1])
        this.same = false;
    }
    this.at += 2 * length;
  }

  /** ASCII. */
  ascii(text: string): void {
    const { bytes, at } = this;
    for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) this.same = false;
    this.at += text.length;
  }

  /** ISO 8601 in UTC with milliseconds. @param ms since 1970 */
  time(ms: number): void {
    const day = Math.floor(ms / DAY_MS);
    // Records of a day come one after another.
    if (day !== knownDay) {
      if (!(ms >= 0 && ms < MOST_MS)) {
        this.same = false;
        return;
      }
      knownDay = day;
      Buffer.from(new Date(day * DAY_MS).toISOString()).copy(iso);
    }
    let rest = ms - day * DAY_MS;
    put(20, 3, rest % 1_000);
    rest = Math.floor(rest / 1_000);
    put(17, 2, rest % 60);
    rest = Math.floor(rest / 60);
    put(14, 2, rest % 60);
    put(11, 2, Math.floor(rest / 60));
    this.compare(iso, 0, iso.length);
  }

  /** Passes over a member that no column knows, where it is there and its value is a word such as `RATE_LIMITED`. */
  wordIfThere(name: Uint8Array): void {
    const { bytes, at } = this;
    if (!this.same || at + name.length > this.end) return;
    for (let i = 0; i < name.length; i += 1) if (bytes[at + i] !== name[i]) return;
    let after = at + name.length;
    while (after < this.end && isOfWord(bytes[after] ?? 0)) after += 1;
    this.at = after + 1;
    if (bytes[after] !== QUOTE) this.same = false;
  }

  /** Whether this is all that is left, and all before was the same. Passes nothing over. */
  endsWith(ending: Uint8Array): boolean {
    const { bytes, at } = this;
    if (!this.same || at + ending.length !== this.end) return false;
    for (let i = 0; i < ending.length; i += 1) if (bytes[at + i] !== ending[i]) return false;
    return true;
  }

  /** Whether the rest is base64 and then `ending`, and all before was the same. */
  isBase64Before(ending: Uint8Array): boolean {
    const { bytes, end } = this;
    const last = end - ending.length;
    if (last < this.at) return false;
    for (let i = this.at; i < last; i += 1) if (isBase64[bytes[i] ?? 0] === 0) return false;
    this.at = last;
    return this.endsWith(ending);
  }

  private compare(from: Uint8Array, start: number, length: number): void {
    const { bytes, at } = this;
    this.at += length;
    if (this.at > this.end) this.same = false;
    if (!this.same) return;
    for (let i = 0; i < length; i += 1) {
      if (bytes[at + i] !== from[start + i]) {
        this.same = false;
        return;
      }
    }
  }
}

const scratch = Buffer.alloc(36);
const iso = Buffer.from('1970-01-01T00:00:00.000Z');
let knownDay = 0;
/** Years of four digits. */
const MOST_MS = Date.UTC(10_000, 0);

function put(at: number, digits: number, value: number): void {
  let rest = value;
  for (let i = at + digits - 1; i >= at; i -= 1) {
    iso[i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** Whether JSON writes a text as it is. */
export function isUnescaped(bytes: Uint8Array, start: number, length: number): boolean {
  for (let i = start; i < start + length; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte < FIRST_UNESCAPED || byte === QUOTE || byte === BACKSLASH) return false;
  }
  return true;
}

/** Upper case and underscores. */
function isOfWord(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || byte === 95;
}

const isBase64 = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=') {
  isBase64[character.charCodeAt(0)] = 1;
}
