// What is published outside the database is whole, on the disk, and can be read back whatever happened to its writers.
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readCheckpoint, signCheckpoint } from '../../src/audit/checkpoint.js';
import { PublishedHeads, readPublishedHeads } from '../../src/audit/published-heads.js';
import { signingKeys } from '../../src/audit/signing-keys.js';

const keys = signingKeys(generateKeyPairSync('ed25519').privateKey);
const folder = mkdtempSync(join(tmpdir(), 'yanzheng-heads-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let file: string;
const said: { level: string; fields: Record<string, unknown>; message: string }[] = [];
const hear = (level: string) => (fields: object, message: string) => {
  said.push({ level, fields: { ...fields }, message });
};
const log = { info: hear('info'), error: hear('error') };
beforeEach(() => {
  file = join(folder, randomUUID(), 'deep', 'checkpoints.ndjson');
  said.length = 0;
});

const chain = '0199a3b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b';
const statementOf = (serial: number) =>
  signCheckpoint(
    {
      chain,
      serial,
      position: serial,
      hash: 'ab'.repeat(32),
      at: new Date().toISOString(),
      state: 'OPEN',
    },
    keys,
  );

async function readBack() {
  const lines = [];
  for await (const line of readPublishedHeads(file, (text) => readCheckpoint(text, keys.trusted))) {
    lines.push(line);
  }
  return lines;
}
const serials = async () => (await readBack()).map(({ checkpoint, fault }) => checkpoint?.serial ?? fault);

describe('the file of published heads', () => {
  it('is made with its folder, for its owner only, and holds a statement a line', async () => {
    const heads = new PublishedHeads({ file, url: undefined }, log);
    const statements = [0, 1, 2].map(statementOf);
    for (const [serial, statement] of statements.entries()) await heads.publish(chain, serial, statement);
    expect(readFileSync(file, 'utf8')).toBe(`${statements.join('\n')}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await serials()).toEqual([0, 1, 2]);
  });

  it('is on the disk, and so is its folder, before the statement counts as published', async () => {
    const handle = await open(tmpdir());
    const sync = jest.spyOn(Object.getPrototypeOf(handle), 'sync');
    await handle.close();
    try {
      const heads = new PublishedHeads({ file, url: undefined }, log);
      await heads.publish(chain, 0, statementOf(0));
      expect(sync).toHaveBeenCalledTimes(2);
      await heads.publish(chain, 1, statementOf(1));
      expect(sync).toHaveBeenCalledTimes(3);
      sync.mockRejectedValueOnce(Object.assign(new Error('disk'), { code: 'EIO' }));
      await expect(heads.publish(chain, 2, statementOf(2))).rejects.toMatchObject({ code: 'EIO' });
      expect(said.filter(({ message }) => message === 'checkpoint')).toHaveLength(2);
    } finally {
      sync.mockRestore();
    }
  });

  it('tells the log of each statement, word for word', async () => {
    const heads = new PublishedHeads({ file, url: undefined }, log);
    const statement = statementOf(0);
    await heads.publish(chain, 0, statement);
    expect(said).toEqual([{ level: 'info', fields: { statement }, message: 'checkpoint' }]);
  });

  it('begins anew where it was moved away', async () => {
    const heads = new PublishedHeads({ file, url: undefined }, log);
    await heads.publish(chain, 0, statementOf(0));
    renameSync(file, `${file}.1`);
    await heads.publish(chain, 1, statementOf(1));
    expect(await serials()).toEqual([1]);
  });

  it('fails where it cannot be written', async () => {
    writeFileSync(join(folder, 'in-the-way'), '');
    const heads = new PublishedHeads({ file: join(folder, 'in-the-way', 'x.ndjson'), url: undefined }, log);
    await expect(heads.publish(chain, 0, statementOf(0))).rejects.toMatchObject({ code: 'ENOTDIR' });
    const full = new PublishedHeads({ file: '/dev/full', url: undefined }, log);
    if (existsSync('/dev/full')) {
      await expect(full.publish(chain, 0, statementOf(0))).rejects.toMatchObject({ code: 'ENOSPC' });
    }
    expect(said).toEqual([]);
  });

  it('says so beforehand, by the name of its variable, where it cannot be written', async () => {
    const heads = new PublishedHeads({ file, url: undefined }, log);
    await heads.prepare();
    await heads.prepare();
    expect(readFileSync(file, 'utf8')).toBe('');
    const folderInstead = new PublishedHeads({ file: folder, url: undefined }, log);
    await expect(folderInstead.prepare()).rejects.toThrow(/^CHECKPOINTS_FILE .* cannot be written: .*EISDIR/);
  });
});

describe('several writers of one file', () => {
  it('in one process: no line is mixed with another one', async () => {
    const writers = Array.from({ length: 8 }, () => new PublishedHeads({ file, url: undefined }, log));
    await Promise.all(
      writers.map(async (heads, writer) => {
        for (let n = 0; n < 25; n += 1) await heads.publish(chain, n, statementOf(writer * 25 + n));
      }),
    );
    const found = await serials();
    expect([...found].sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 200 }, (_, n) => n),
    );
  });

  it('in processes of their own, killed at any moment: what was published can be read, and nothing is unreadable', async () => {
    const script = `
      import { PublishedHeads } from ${JSON.stringify(join(process.cwd(), 'dist/audit/published-heads.js'))};
      const log = { info: (fields) => process.stdout.write(fields.statement + '\\n'), error() {} };
      const heads = new PublishedHeads({ file: ${JSON.stringify(file)}, url: undefined }, log);
      for (const statement of JSON.parse(process.env.STATEMENTS)) await heads.publish('c', 0, statement);
      setTimeout(() => {}, 60_000);`;
    const writers = Array.from({ length: 6 }, (_, writer) => {
      const statements = Array.from({ length: 200 }, (_, n) => statementOf(writer * 1_000 + n));
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        env: { STATEMENTS: JSON.stringify(statements) },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let published = '';
      child.stdout.on('data', (chunk: Buffer) => {
        published += chunk;
        if (published.split('\n').length > 20 + writer * 12) child.kill('SIGKILL');
      });
      return once(child, 'close').then(() => published.split('\n').slice(0, -1));
    });
    const published = (await Promise.all(writers)).flat();
    const read = await readBack();
    const texts = new Set(read.map(({ text }) => text));
    for (const statement of published) expect(texts).toContain(statement);
    expect(read.filter(({ fault }) => fault !== undefined && fault !== 'HALF_WRITTEN')).toEqual([]);
  });
});

describe('a line that was written by half', () => {
  it('at any length: is said to be so, and spoils nothing that follows', async () => {
    const heads = new PublishedHeads({ file, url: undefined }, log);
    await heads.publish(chain, 0, statementOf(0));
    const { size } = statSync(file);
    const next = statementOf(1);
    for (let length = 1; length < next.length; length += 7) {
      truncateSync(file, size);
      appendFileSync(file, next.slice(0, length));
      expect(await serials()).toEqual([0, 'HALF_WRITTEN']);
      await heads.publish(chain, 2, statementOf(2));
      expect(await serials()).toEqual([0, 'HALF_WRITTEN', 2]);
    }
    truncateSync(file, size);
    appendFileSync(file, next);
    // All but its end of line: nothing of it is missing.
    expect(await serials()).toEqual([0, 1]);
    await heads.publish(chain, 2, statementOf(2));
    expect(await serials()).toEqual([0, 1, 2]);
  });
});

describe('reading published heads', () => {
  it('names every other line that is not as it was written', async () => {
    const heads = new PublishedHeads({ file, url: undefined }, log);
    for (const serial of [0, 1, 2, 3]) await heads.publish(chain, serial, statementOf(serial));
    const stranger = signingKeys(generateKeyPairSync('ed25519').privateKey);
    const [first, second, third, fourth] = readFileSync(file, 'utf8').split('\n') as [
      string,
      string,
      string,
      string,
    ];
    const foreign = signCheckpoint({ ...JSON.parse(first), key: undefined, signature: undefined }, stranger);
    writeFileSync(
      file,
      [
        first,
        second.replace('"position":1', '"position":2'),
        '',
        `${third} `,
        foreign,
        'x'.repeat(200_000),
        '\u0000\ufffd',
        fourth,
        'y',
      ].join('\n'),
    );
    expect((await readBack()).map(({ line, fault }) => [line, fault])).toEqual([
      [1, undefined],
      [2, 'BAD_SIGNATURE'],
      [4, 'NOT_A_STATEMENT'],
      [5, 'UNKNOWN_KEY'],
      [6, 'NOT_A_STATEMENT'],
      [7, 'NOT_A_STATEMENT'],
      [8, undefined],
      [9, 'NOT_A_STATEMENT'],
    ]);
  });

  it('fails where there is no file', async () => {
    await expect(readBack()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('an object store', () => {
  let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk;
    });
    request.on('end', () => answer(request, response, body));
  });
  beforeEach(async () => {
    if (!server.listening) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterEach(() => server.closeAllConnections());
  afterAll(() => {
    server.close();
  });
  const place = (credentials = '') => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return `http://${credentials}127.0.0.1:${port}/log/heads/?sig=a%2Fb`;
  };

  it('gets each statement under its chain and serial, with the credentials of the address', async () => {
    const got: unknown[] = [];
    answer = ({ method, url, headers: { authorization } }, response, body) => {
      got.push({ method, url, authorization, body });
      response.end();
    };
    const heads = new PublishedHeads({ file, url: place('us%40er:pa%3Ass@') }, log);
    const statement = statementOf(7);
    await heads.publish(chain, 7, statement);
    await heads.settled();
    const authorization = `Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`;
    expect(got).toEqual([
      { method: 'PUT', url: `/log/heads/${chain}/7.json?sig=a%2Fb`, authorization, body: `${statement}\n` },
    ]);
    expect(said.map(({ level }) => level)).toEqual(['info']);
  });

  it.each([
    ['refuses', (_: IncomingMessage, response: ServerResponse) => response.writeHead(403).end(), 'HTTP_403'],
    [
      'sends us elsewhere',
      (_: IncomingMessage, response: ServerResponse) =>
        response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      'HTTP_307',
    ],
    ['breaks off', (request: IncomingMessage) => request.socket.destroy(), 'UND_ERR_SOCKET'],
  ])('that %s is an alarm, and holds nothing up', async (_, does, name) => {
    answer = does;
    const heads = new PublishedHeads({ file, url: place() }, log);
    await heads.publish(chain, 3, statementOf(3));
    await heads.settled();
    expect(said).toContainEqual({
      level: 'error',
      fields: { chain, serial: 3, error: expect.stringContaining(name) },
      message: 'a statement did not reach the object store',
    });
    expect(await serials()).toEqual([3]);
  });

  it('that says nothing is given up after a while', async () => {
    answer = () => {};
    const heads = new PublishedHeads({ file, url: place() }, log, 300);
    const began = Date.now();
    await heads.publish(chain, 4, statementOf(4));
    await heads.settled();
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(said.at(-1)).toMatchObject({ level: 'error', fields: { serial: 4 } });
  });
});
