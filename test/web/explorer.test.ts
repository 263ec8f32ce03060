// The explorer: its ready operations fit the schema, and its page, which comes with nothing from elsewhere, does what
// it is for in a real browser.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, Kind, parse, validate } from 'graphql';
import type { Browser } from 'playwright-core';
import { operations, variablesText } from '../../src/web/explorer/operations.js';
import { rawBytes } from '../support/raw-request.js';
import { startServer, type TestServer } from '../support/server.js';
import { openBrowser } from './browser.js';
import { describeInBrowser, testsPages } from './describe-in-browser.js';
import { looking, walks } from './explorer/walks.js';
import { visit } from './visit.js';

const schema = buildSchema(
  readFileSync(fileURLToPath(new URL('../../schema.graphql', import.meta.url)), 'utf8'),
);

describe('the ready operations', () => {
  it('have names of their own', () => {
    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
  });

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s fits the schema',
    (name, { query }) => {
      const document = parse(query);
      expect(validate(schema, document)).toEqual([]);
      const names = document.definitions.flatMap((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value] : [],
      );
      expect(names).toEqual([name]);
    },
  );

  it('cover every query, mutation and subscription', () => {
    const queries = operations.map(({ query }) => query).join('\n');
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
      (type) => Object.keys(type?.getFields() ?? {}),
    );
    const bare = roots.filter((field) => !new RegExp(`^ {2}(\\w+: )?${field}\\b`, 'm').test(queries));
    expect(bare).toEqual([]);
  });
});

describe('a running server', () => {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await startServer();
    if (testsPages) browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('answers every ready operation without an error, to its role', async () => {
    // These ask for the id of an earlier answer, and one for a setting.
    const noSuchId = expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'input.id' });
    const waits: Record<string, unknown> = {
      submitServicePassword: noSuchId,
      submitSmsCaptcha: noSuchId,
      resendSmsCaptcha: noSuchId,
      submitQueryPassword: noSuchId,
      continueOperatorAuthentication: noSuchId,
      confirmPhoneBinding: expect.objectContaining({ code: 'PROVIDER_NOT_CONFIGURED' }),
      revealAuditRecord: expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'id' }),
    };
    for (const operation of operations.filter(({ query }) => !/^subscription/m.test(query))) {
      const token = operation.role === 'anonymous' ? undefined : await server.token({ role: operation.role });
      const variables = JSON.parse(variablesText(operation) || '{}');
      const { errors } = await server.graphql(operation.query, variables, { token });
      const [error] = errors ?? [];
      expect({ [operation.name]: error?.extensions }).toEqual({ [operation.name]: waits[operation.name] });
    }
  });

  describeInBrowser('the explorer in a browser', () => {
    describe.each([
      { language: 'zh', size: 'phone' },
      { language: 'en', size: 'desktop' },
    ] as const)('in $language on a $size', (way) => {
      it.each(walks)('%s', async (_name, walk) => {
        const visitor = await visit(browser, { ...looking, ...way, url: server.url });
        await walk(visitor, server);
        expect(await visitor.end()).toEqual([]);
      });
    });
  });

  it.each(['/graphql', '/playground', '/'])('sends a browser from %s to the explorer', async (path) => {
    const { status, headers } = await fetch(`${server.url}${path}`, {
      headers: { accept: 'text/html,*/*' },
      redirect: 'manual',
    });
    expect([status, headers.get('location')]).toEqual([302, '/explorer/']);
  });

  it('serves the explorer and its assets, all from here, under its policy', async () => {
    const page = await fetch(`${server.url}/explorer/`);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(assets.length).toBeGreaterThan(0);
    for (const path of assets) {
      const asset = await fetch(new URL(path, `${server.url}/explorer/`));
      expect(asset.status).toBe(200);
      if (path.includes('/assets/')) expect(asset.headers.get('cache-control')).toContain('immutable');
    }
  });

  it('hands a development token to a page from this machine, and to no other', async () => {
    const { hostname, port } = new URL(server.url);
    const answer = await fetch(`${server.url}/development/token?role=auditor`);
    const { token } = (await answer.json()) as { token: string };
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await server.graphql('{ providers { id } }', {}, { token })).errors).toBeUndefined();
    expect((await fetch(`${server.url}/development/token?role=king`)).status).toBe(400);
    for (const path of ['/development/token?role=auditor', '/sandbox/inbox']) {
      const rebound = await rawBytes(
        server.url,
        `GET ${path} HTTP/1.1\r\nhost: evil.example:${port}\r\nconnection: close\r\n\r\n`,
      );
      expect([hostname, rebound.status]).toEqual(['127.0.0.1', 403]);
    }
  });
});
