// The H5 page in a real browser: every flow against the running server and its sandbox. Nothing may go to the console
// as an error or to another host, overflow, jump, or displease axe.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startServer, type TestServer } from '../support/server.js';
import { openBrowser } from './browser.js';
import { describeInBrowser } from './describe-in-browser.js';
import { serverOptions, walks, walksInTheDark, walksWithoutWaiting } from './h5/walks.js';
import { type VisitOptions, visit } from './visit.js';
import type { Walk } from './walk.js';

describeInBrowser('the H5 page', () => {
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

  describe('in Chinese on a phone', () => {
    it.each(walks)('%s', (_name, walk) => taken(walk, { language: 'zh' }));
  });

  // Other words in the same elements: axe, which takes longer than all else, has seen those.
  describe('in English on a desktop', () => {
    it.each(walksWithoutWaiting)('%s', (_name, walk) =>
      taken(walk, { language: 'en', size: 'desktop', forgive: 'EVERYTHING' }),
    );
  });

  describe('in the dark, on a desktop', () => {
    it.each(walksInTheDark)('%s', (_name, walk) =>
      taken(walk, { language: 'zh', size: 'desktop', dark: true }),
    );
  });

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
