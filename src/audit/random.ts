// Randomness from the system's generator, asked for in pages: a call for sixty bytes costs as much as one for thousands.
import { randomFillSync } from 'node:crypto';

const PAGE = 8_192;

let page = Buffer.alloc(0);
let used = 0;

/** @returns bytes that are handed out once; the page they stand on is never filled anew */
export function random(bytes: number): Buffer {
  if (used + bytes > page.length) {
    page = randomFillSync(Buffer.allocUnsafeSlow(Math.max(PAGE, bytes)));
    used = 0;
  }
  used += bytes;
  return page.subarray(used - bytes, used);
}
