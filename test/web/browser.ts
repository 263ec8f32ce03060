// A real Chromium, for the tests of pages and for pictures of them.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [
  process.env.CHROMIUM,
  // Without windows, and without what a desktop wants of it, which costs more than the pages do.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executablePath = places.find((place) => place && existsSync(place));

export const hasChromium = executablePath !== undefined;

export function openBrowser(): Promise<Browser> {
  if (!executablePath) throw new Error('there is no Chromium');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
