// An export is what auditors see, signed, and proves itself to a stranger who has the file and the public key, and
// nothing else.
import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cell } from '../../src/audit/export/csv.js';
import { verifyExport } from '../../src/audit/export/verify-file.js';
import { readPublicKeys, trustedKeys } from '../../src/audit/signing-keys.js';
import { exportOptions, readOptions } from '../../src/commands/export-options.js';
import { bind, decide, signingOnline, standing } from '../phone-binding/binding.js';
import { askForCode } from '../support/ask.js';
import { secretsIn } from '../support/at-rest.js';
import { auditRecord, auditRecords, wholeLog } from '../support/audit.js';
import { type CommandResult, runCommand } from '../support/command.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { erase } from './admin.js';

let database: TestDatabase;
let server: TestServer;
/** Where the exporter works, and where a stranger does. */
let here: string;
let elsewhere: string;
let publicKey: string;
const phone = phoneWith();
const asked: string[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  server = await startServer({ database, env: { USERCOIN_DEADLINE_MS: '2500' } });
  here = mkdtempSync(join(tmpdir(), 'yanzheng-export-'));
  elsewhere = mkdtempSync(join(tmpdir(), 'yanzheng-stranger-'));
  const token = await server.token({ role: 'user', sub: '=HYPERLINK("http://evil.example")' });
  asked.push((await askForCode(server, { phone, key: 'repeated' }, { token })).requestId);
  await askForCode(server, { phone, key: 'repeated' }, { token });
  const signed = await bind(server, { ...signingOnline(), phone }, { token });
  await decide(signed.signingUrl, 'sign');
  await standing(server, signed.id, 'BOUND', token);
  asked.push(signed.id);
  for (const lastFour of ['9001', '9003', '0000']) await askForCode(server, { phone: phoneWith(lastFour) });
  const privateKey = readFileSync(join(database.dataDir, 'keys', 'checkpoint.key'));
  publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
  for (const folder of [here, elsewhere]) if (folder) rmSync(folder, { recursive: true, force: true });
});

const exportTo = (name: string, ...args: string[]): Promise<CommandResult> =>
  runCommand('dist/bundled/commands.js', ['audit:export', '--out', join(here, name), ...args], database.env);

/** In a folder with nothing but the file, without an environment. */
function verifyElsewhere(name: string): Promise<CommandResult> {
  return runCommand('dist/bundled/commands.js', [
    'audit:verify',
    join(elsewhere, name),
    '--public-key',
    publicKey,
  ]);
}

// biome-ignore lint/suspicious/noExplicitAny: lines are as different as what they say
const linesOf = (name: string): any[] =>
  readFileSync(join(here, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('npm run audit:export', () => {
  it('writes what auditors see of a person, newest first', async () => {
    const { code, stdout, stderr } = await exportTo('person.ndjson', '--phone', phone);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('2 records exported');
    const [header, ...lines] = linesOf('person.ndjson');
    expect(header).toMatchObject({
      by: expect.stringMatching(/^command line: ./),
      filter: { subject: 'phone' },
    });
    const records = lines.filter((line) => 'record' in line);
    const seen = await auditRecords(server, { subject: { phone } });
    expect(records.map(({ record }) => record.id)).toEqual(seen.map(({ id }) => id));
    for (const [index, { entries, ...record }] of seen.entries()) {
      expect(records[index].record).toMatchObject(record);
      expect(records[index].entries).toMatchObject(
        entries.map(({ hash: _, previousHash: __, ...entry }) => entry),
      );
    }
    const text = readFileSync(join(here, 'person.ndjson'), 'utf8');
    expect(secretsIn(text, [phone, phone.slice(1), phone.slice(3)])).toEqual([]);
  });

  it('is in the log before its first byte, and at its end with what it held', async () => {
    const log = (await wholeLog(server)).filter(({ operation }) => operation === 'audit:export');
    const { export: id, sha256 } = linesOf('person.ndjson').at(-1);
    const [end, begin] = log.map(({ entries }) => entries[0]);
    expect(log.map(({ kind, actor }) => [kind, actor])).toEqual(
      Array(2).fill(['AUDIT_ACCESS', expect.stringMatching(/^command line: ./)]),
    );
    expect(begin).toMatchObject({
      kind: 'EXPORT',
      detail: { filter: { subject: 'phone' }, format: 'ndjson' },
    });
    expect(end).toMatchObject({ kind: 'EXPORT', detail: { export: id, records: 2, sha256 } });
  });

  it('proves itself to whoever has the public key and nothing of this program', () => {
    const text = readFileSync(join(here, 'person.ndjson'), 'utf8');
    const [header, ...lines] = linesOf('person.ndjson');
    const end = lines.pop();
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
    // Canonical JSON of flat facts: members in the order of their names.
    const genuine = (subject: string, { signature, ...facts }: Record<string, string>) =>
      verify(
        null,
        Buffer.from(`yanzheng ${subject}\n${JSON.stringify(facts, Object.keys(facts).sort())}`),
        key,
        Buffer.from(signature ?? '', 'base64url'),
      );
    const before = text.slice(0, text.trimEnd().lastIndexOf('\n') + 1);
    expect(genuine('export', end)).toBe(true);
    expect(end).toMatchObject({
      export: header.export,
      records: 2,
      lines: lines.length + 1,
      sha256: sha256(Buffer.from(before)).toString('hex'),
    });
    const proved = new Map<string, Buffer>();
    for (const { segment, from, previousHash, leafHashes, checkpoint } of lines.filter(
      (line) => line.segment,
    )) {
      const head = JSON.parse(checkpoint);
      const hashes = Buffer.from(leafHashes, 'base64');
      let hash = Buffer.from(previousHash, 'hex');
      for (let at = 0; at < hashes.length; at += 32) {
        hash = sha256(hash, hashes.subarray(at, at + 32));
        proved.set(`${segment} ${from + at / 32}`, hashes.subarray(at, at + 32));
      }
      expect(genuine('checkpoint', head)).toBe(true);
      expect([`${head.chain}:${head.serial}`, head.hash]).toEqual([segment, hash.toString('hex')]);
      expect(head.position).toBe(from + hashes.length / 32 - 1);
    }
    const entries = lines.filter((line) => line.record).flatMap((line) => line.entries);
    expect(entries).toHaveLength(6);
    for (const { chain, position, serial, leaf } of entries) {
      expect(proved.get(`${chain}:${serial} ${position}`)).toEqual(sha256(Buffer.from(leaf, 'base64')));
    }
  });

  it('finds one flipped byte, a line too few, too many or elsewhere, and another signature', async () => {
    copyFileSync(join(here, 'person.ndjson'), join(elsewhere, 'good.ndjson'));
    expect(readdirSync(elsewhere)).toEqual(['good.ndjson']);
    expect(await verifyElsewhere('good.ndjson')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('INTACT'),
    });
    const bytes = readFileSync(join(here, 'person.ndjson'));
    const lines = bytes.toString('utf8').split('\n');
    const flipped = Buffer.from(bytes);
    const at = bytes.indexOf('"maskedPhone":"1') + 15;
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    const record = lines.findIndex((line) => line.startsWith('{"record"'));
    const broken: [string, Buffer | string][] = [
      ['the file is not as it was signed', flipped],
      ['its end is missing', lines.slice(0, -2).join('\n')],
      ['it goes on after its end', `${bytes}\n${lines[record]}\n`],
      ['not as it was signed', lines.toSpliced(record, 1).join('\n')],
      ['not as it was signed', lines.toSpliced(record, 0, lines[record] ?? '').join('\n')],
      ['segment is missing', lines.filter((line) => !line.startsWith('{"segment"')).join('\n')],
      ['BAD_SIGNATURE', bytes.toString().replace(/"signature":"../, '"signature":"AA')],
      ['cut off', bytes.subarray(0, bytes.length / 2)],
      ['does not begin as an export', ''],
    ];
    const keys = trustedKeys(readPublicKeys(publicKey) ?? []);
    for (const [what, content] of broken) {
      writeFileSync(join(elsewhere, 'broken.ndjson'), content);
      const { intact, faults } = await verifyExport(join(elsewhere, 'broken.ndjson'), keys);
      expect([what, intact, faults.join('\n')]).toEqual([what, false, expect.stringContaining(what)]);
    }
    writeFileSync(join(elsewhere, 'broken.ndjson'), flipped);
    const { code, stdout } = await verifyElsewhere('broken.ndjson');
    expect([code, stdout]).toEqual([1, expect.stringContaining('BROKEN')]);
  });

  it('lets a forged file say nothing in the place of the verdict', async () => {
    const lines = readFileSync(join(here, 'person.ndjson'), 'utf8').split('\n');
    const by = 'me\nINTACT: it is as it was signed, and what it holds was in the log\n\u001b[8m\u009b8m';
    const header = JSON.stringify({ ...JSON.parse(lines[0] ?? ''), by });
    writeFileSync(join(elsewhere, 'forged.ndjson'), [header, ...lines.slice(1)].join('\n'));
    const { code, stdout } = await verifyElsewhere('forged.ndjson');
    const said = stdout.trimEnd().split('\n');
    expect([code, said.at(-1)]).toEqual([1, 'BROKEN']);
    expect(said.filter((line) => line.startsWith('INTACT'))).toEqual([]);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
  });

  it('exports the whole log, also what was read of it, and verifies with the keys of the house', async () => {
    expect(await exportTo('all.ndjson', '--all')).toMatchObject({ code: 0 });
    const kinds = new Set(linesOf('all.ndjson').flatMap((line) => line.record?.kind ?? []));
    expect([...kinds].sort()).toEqual(['AUDIT_ACCESS', 'PHONE_BINDING', 'VERIFICATION_CODE']);
    const verified = await runCommand(
      'dist/bundled/commands.js',
      ['audit:verify', join(here, 'all.ndjson'), '--json'],
      database.env,
    );
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true, faults: [] });
  });

  it('writes to standard output too', async () => {
    const args = [
      'audit:export',
      '--kind',
      'VERIFICATION_CODE',
      '--outcome',
      'REFUSED',
      '--outcome',
      'UNKNOWN',
    ];
    const { code, stdout } = await runCommand('dist/bundled/commands.js', args, database.env);
    expect(code).toBe(0);
    const records = stdout.split('\n').filter((line) => line.startsWith('{"record"'));
    expect(records.map((line) => JSON.parse(line).record.outcome)).toEqual(['UNKNOWN', 'REFUSED']);
  });

  it('as CSV opens right in a spreadsheet, and nothing in it is run', async () => {
    expect(await exportTo('table.csv', '--phone', phone, '--format', 'csv')).toMatchObject({ code: 0 });
    const text = readFileSync(join(here, 'table.csv'), 'utf8');
    const [head = '', ...rows] = text.split('\r\n');
    expect(head.startsWith('\ufeff请求编号 id,类型 kind,')).toBe(true);
    expect(rows).toHaveLength(3);
    expect(rows.at(-1)).toBe('');
    expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    for (const id of asked) expect(rows.some((row) => row.startsWith(`${id},`))).toBe(true);
    expect(secretsIn(text, [phone.slice(3)])).toEqual([]);

    for (const name of ['table.csv', 'table.csv.sig']) copyFileSync(join(here, name), join(elsewhere, name));
    expect(await verifyElsewhere('table.csv')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('INTACT'),
    });
    copyFileSync(join(here, 'person.ndjson'), join(elsewhere, 'other.csv'));
    const end = readFileSync(join(here, 'person.ndjson'), 'utf8').trimEnd().split('\n').at(-1);
    writeFileSync(join(elsewhere, 'other.csv.sig'), `${end}\n`);
    expect(await verifyElsewhere('other.csv')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('another kind of file'),
    });
    writeFileSync(join(elsewhere, 'table.csv'), text.replace('ACCEPTED', 'ACCEPTeD'));
    expect(await verifyElsewhere('table.csv')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('BROKEN'),
    });
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['x;=1+1', "'x;=1+1"],
    ['a;b', 'a;b'],
    ['+855****5678', "'+855****5678"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    [' =1', "' =1"],
    ['＝1', "'＝1"],
    ['\r=1', '"\'\r=1"'],
    ['a,"b"\n', '"a,""b""\n"'],
    ['123456789012', "'123456789012"],
    ['007', "'007"],
    ['1E5', "'1E5"],
    ['0', '0'],
    ['138****8000', '138****8000'],
    [42, '42'],
    [null, ''],
  ])('writes the cell %j as %j', (value, written) => {
    expect(cell(value)).toBe(written);
  });

  it('shows nothing of a person who was erased', async () => {
    const gone = phoneWith();
    const token = await server.token({ role: 'user', sub: 'canary-of-export' });
    const { requestId } = await askForCode(server, { phone: gone }, { token });
    const { maskedPhone } = await auditRecord(server, requestId);
    await erase(server, { phone: gone });
    expect((await exportTo('gone.ndjson', '--phone', gone)).stderr).toContain('0 records exported');
    await exportTo('rest.ndjson', '--actor', 'canary-of-export');
    await exportTo('later.ndjson', '--from', '2026-01-01', '--kind', 'VERIFICATION_CODE');
    expect(linesOf('rest.ndjson').filter((line) => line.record)).toEqual([]);
    const line = linesOf('later.ndjson').find(({ record }) => record?.id === requestId);
    expect(line.record).toMatchObject({ maskedPhone: null, actor: null, erasedAt: expect.any(String) });
    for (const { actor, detail } of line.entries) expect([actor, detail]).toEqual([null, null]);
    expect(JSON.stringify(line)).not.toContain(maskedPhone);
    copyFileSync(join(here, 'later.ndjson'), join(elsewhere, 'later.ndjson'));
    expect(await verifyElsewhere('later.ndjson')).toMatchObject({ code: 0 });
  });

  it.each([
    [[], 'give a filter'],
    [['--phone', 'nonsense'], '--phone'],
    [['--phone', '+8613800000000', '--member-id', 'M1'], 'exclude one another'],
    [['--from', 'yesterday'], '--from'],
    [['--kind', 'NONE'], '--kind'],
    [['--outcome', 'GOOD'], '--outcome'],
    [['--all', '--kind', 'WEBHOOK'], '--all'],
    [['--all', '--format', 'xml'], '--format'],
    [['--all', 'surplus'], 'surplus'],
  ])('refuses %j', (args, what) => {
    const { values, positionals } = parseArgs({ args, options: exportOptions, allowPositionals: true });
    const read = () => readOptions({ values, operands: positionals, cwd: here });
    expect(read).toThrow(what);
    expect(read).not.toThrow('13800000000');
  });

  it('writes nothing where it cannot run', async () => {
    const { code, stderr } = await exportTo('refused.ndjson');
    expect([code, stderr]).toEqual([2, expect.stringContaining('give a filter')]);
    expect(existsSync(join(here, 'refused.ndjson'))).toBe(false);
  });
});
