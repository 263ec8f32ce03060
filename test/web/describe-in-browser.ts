// Tests of pages need a Chromium. They run once, on the embedded database: what a page does is the same on Postgres.
// Where they are skipped, their name says why, and the terminal says it loudly.
import { describe } from '@jest/globals';
import { hasChromium } from './browser.js';

const reason = !hasChromium
  ? 'there is no Chromium: install it, or set CHROMIUM to its path'
  : process.env.DATABASE_URL
    ? 'pages are tested without DATABASE_URL'
    : null;

export const testsPages = reason === null;

/** Like `describe`, for what needs a browser. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (testsPages) {
    describe(name, tests);
  } else {
    process.stderr.write(`\n!!! ${name.toUpperCase()}: SKIPPED, ${reason} !!!\n\n`);
    describe.skip(`${name} (skipped: ${reason})`, tests);
  }
}
