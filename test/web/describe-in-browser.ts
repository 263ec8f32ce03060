// Where there is no Chromium, the tests of pages are skipped, and say so loudly.
import { describe } from '@jest/globals';
import { hasChromium } from './browser.js';

/** Like `describe`, for what needs a browser. */
export const describeInBrowser = hasChromium ? describe : describe.skip;

if (!hasChromium) {
  process.stderr.write(
    '\n!!! NO CHROMIUM: THE TESTS OF PAGES ARE SKIPPED. Install chromium, or set CHROMIUM to its path. !!!\n\n',
  );
}
