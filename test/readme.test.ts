// What the READMEs tell a newcomer to type works, and both tell the same.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type TestServer } from './support/server.js';

const english = readFileSync('README.md', 'utf8');
const chinese = readFileSync('README.zh-CN.md', 'utf8');
const commandsOf = (text: string) =>
  Array.from(text.matchAll(/```sh\n(.*?)\n```/gs), ([, command = '']) => command);
const operationsOf = (text: string) =>
  Array.from(text.matchAll(/`(mutation \{.*\})`/g), ([, query = '']) => query);

describe('the READMEs', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  /** In a shell, as a person would, on this test's ports. */
  async function type(command: string): Promise<string> {
    const moved = command
      .replaceAll('http://127.0.0.1:4000', server.url)
      .replaceAll('http://127.0.0.1:4010', server.sandboxUrl);
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: server.database.dataDir };
    const { stdout } = await promisify(execFile)('sh', ['-c', moved], { env });
    return stdout;
  }

  it('begin with the two commands that every run of the checks starts with', () => {
    const [start, test, ...curls] = commandsOf(english);
    expect([start, test]).toEqual(['npm ci && npm start', 'npm ci && npm test']);
    expect(readFileSync('.ci/run', 'utf8')).toMatch(/npm ci[\s\S]*npm test/);
    expect(curls).toHaveLength(3);
    expect(commandsOf(chinese)).toEqual(commandsOf(english));
  });

  it('have a code sent, find it in the inbox, and read its record', async () => {
    const [, , ask = '', look = '', read = ''] = commandsOf(english);
    const sent = JSON.parse(await type(ask)).data.requestVerificationCode;
    expect(sent).toMatchObject({ __typename: 'VerificationCodeSent', maskedPhone: '138****8000' });
    expect(JSON.parse(await type(look))).toMatchObject([{ phone: '+8613800138000', code: sent.testCode }]);
    const [edge] = JSON.parse(await type(read)).data.auditRecords.edges;
    expect(edge.node).toMatchObject({
      id: sent.requestId,
      outcome: 'ACCEPTED',
      maskedPhone: '138****8000',
      entries: [{ kind: 'INTENT' }, { kind: 'OUTCOME' }],
    });
  });

  it('show an operation of each provider, and each is answered', async () => {
    expect(operationsOf(english)).toHaveLength(5);
    expect(operationsOf(chinese)).toEqual(operationsOf(english));
    for (const query of operationsOf(english)) {
      const token = await server.token({ role: query.includes('issueUserToken') ? 'service' : 'user' });
      const { errors, data } = await server.graphql(query, {}, { token });
      expect({ query, errors }).toEqual({ query, errors: undefined });
      expect(Object.values(data)).toEqual([expect.objectContaining({})]);
    }
  });

  it('name every file and folder of src, and only those that exist', () => {
    for (const text of [english, chinese]) {
      const rows = Array.from(text.matchAll(/^\| (`[\w./`、, -]+`) \|/gm), ([, cell = '']) => cell);
      const named = rows.flatMap((cell) =>
        Array.from(cell.matchAll(/`([\w-]+(?:\.ts|\/))`/g), ([, name = '']) => name),
      );
      const there = readdirSync('src', { withFileTypes: true }).map(
        (entry) => entry.name + (entry.isDirectory() ? '/' : ''),
      );
      expect(named.sort()).toEqual(there.sort());
    }
  });

  it('link to files that exist', () => {
    for (const text of [english, chinese]) {
      const links = Array.from(text.matchAll(/\]\(([^)#]+)[^)]*\)/g), ([, path = '']) => path);
      expect(links.filter((path) => !existsSync(path))).toEqual([]);
    }
  });
});
