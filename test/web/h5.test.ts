// The H5 page in a real browser at a phone's size: every flow against the running server and its sandbox, in both
// languages. Nothing may go to the console as an error or to another host, overflow, jump, or displease axe.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startServer, type TestServer } from '../support/server.js';
import { openBrowser } from './browser.js';
import { describeInBrowser } from './describe-in-browser.js';
import { environment, type Walk, walks, walksInTheDark } from './h5/walks.js';
import { languages, type VisitOptions, visit } from './visit.js';

describeInBrowser('the H5 page', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    const limits = join(mkdtempSync(join(tmpdir(), 'yanzheng-limits-')), 'limits.json');
    writeFileSync(limits, '{"enabled": false}');
    [server, browser] = await Promise.all([
      startServer({
        env: { ...environment, LIMITS_FILE: limits },
      }),
      openBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const taken = async (walk: Walk, options: Omit<VisitOptions, 'url'>) => {
    const visitor = await visit(browser, { ...options, url: server.url });
    await walk(visitor, server);
    expect(await visitor.end()).toEqual([]);
  };

  describe.each(languages)('in %s', (language) => {
    it.each(walks)('%s', (_name, walk) => taken(walk, { language }));
  });

  it.each(walksInTheDark)('in the dark: %s', (_name, walk) => taken(walk, { language: 'zh', dark: true }));

  it('loads less than 200 KB at first, compressed', async () => {
    const { page, end } = await visit(browser, { url: server.url, language: 'zh' });
    const network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    let bytes = 0;
    network.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(`${server.url}/h5/`, { waitUntil: 'networkidle' });
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(200_000);
    expect(await end()).toEqual([]);
  });
});
