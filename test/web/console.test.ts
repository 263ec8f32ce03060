// The console in a real browser: every flow against the running server and its sandbox, in Chinese on a desktop and in
// English on a phone. Nothing may go to the console as an error or to another host, overflow, jump, or displease axe.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startServer, type TestServer } from '../support/server.js';
import { openBrowser } from './browser.js';
import { serverOptions, type Walk, walks, walksInTheDark } from './console/walks.js';
import { describeInBrowser } from './describe-in-browser.js';
import { type VisitOptions, visit } from './visit.js';

describeInBrowser('the console', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(serverOptions), openBrowser()]);
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

  describe('in zh on a desktop', () => {
    it.each(walks)('%s', (_name, walk) => taken(walk, { language: 'zh', size: 'desktop' }));
  });

  // axe takes longer than all else. It has seen the elements; `npm run screenshots` asks it of these too.
  describe('in en on a phone', () => {
    it.each(walks)('%s', (_name, walk) =>
      taken(walk, { language: 'en', size: 'phone', forgive: 'EVERYTHING' }),
    );
  });

  it.each(walksInTheDark)('in the dark: %s', (_name, walk) =>
    taken(walk, { language: 'zh', size: 'desktop', dark: true }),
  );

  it('loads less than 500 KB at first, compressed', async () => {
    const { page, end } = await visit(browser, { url: server.url, language: 'zh', size: 'desktop' });
    const network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    let bytes = 0;
    network.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(`${server.url}/console/`, { waitUntil: 'networkidle' });
    await page.getByRole('button', { name: '以审计员登录' }).click();
    await page.getByRole('main').waitFor();
    await page.waitForLoadState('networkidle');
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(500_000);
    expect(await end()).toEqual([]);
  });
});
