// What auditProof answers convinces somebody who has the public key and nothing of this program.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bind, decide, signingOnline, standing } from '../phone-binding/binding.js';
import { askForCode } from '../support/ask.js';
import { auditRecord, type Entry } from '../support/audit.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { erase } from './admin.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ env: { USERCOIN_DEADLINE_MS: '2500' } });
});
afterAll(() => server?.stop());

interface Link {
  chain: string;
  fromPosition: number;
  leafHashes: string[];
  previousHash: string;
  checkpoint: Record<string, string | number>;
  publicKey: string;
}

async function proofOf(id: string, on = server): Promise<{ id: string; links: Link[] } | null> {
  const query = `query ($id: ID!) {
    auditProof(id: $id) { id links { chain fromPosition leafHashes previousHash checkpoint publicKey } }
  }`;
  const { data, text } = await on.graphql(query, { id }, { token: await on.token({ role: 'auditor' }) });
  if (!data) throw new Error(text);
  return data.auditProof;
}

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** Whether a link is sound, and covers the entry. Canonical JSON of flat facts: members in the order of their names. */
function covers(link: Link, { chain, position, leaf }: Entry): boolean {
  const { signature, ...facts } = link.checkpoint;
  const text = `yanzheng checkpoint\n${JSON.stringify(facts, Object.keys(facts).sort())}`;
  const key = createPublicKey({ key: Buffer.from(link.publicKey, 'base64'), format: 'der', type: 'spki' });
  const head = link.leafHashes.reduce(
    (hash, leafHash) => sha256(hash, Buffer.from(leafHash, 'hex')),
    Buffer.from(link.previousHash, 'hex'),
  );
  return (
    verify(null, Buffer.from(text), key, Buffer.from(String(signature), 'base64url')) &&
    facts.chain === chain &&
    link.chain === chain &&
    facts.hash === head.toString('hex') &&
    facts.position === link.fromPosition + link.leafHashes.length - 1 &&
    link.leafHashes[position - link.fromPosition] === sha256(Buffer.from(leaf, 'base64')).toString('hex')
  );
}

describe('auditProof', () => {
  it('leads from each entry to a signed head', async () => {
    await Promise.all(Array.from({ length: 30 }, () => askForCode(server, { phone: phoneWith() })));
    const { requestId } = await askForCode(server, { phone: phoneWith('9003') });
    await Promise.all(Array.from({ length: 30 }, () => askForCode(server, { phone: phoneWith() })));
    const { entries } = await auditRecord(server, requestId);
    const proof = await proofOf(requestId);
    expect(proof?.id).toBe(requestId);
    const covered = entries.map((entry) => proof?.links.some((link) => covers(link, entry)));
    expect(covered).toEqual([true, true]);
    // And nothing else: not another entry, and not one that was changed.
    const [entry, other] = entries as [Entry, Entry];
    const [link] = (proof?.links ?? []) as [Link];
    expect(covers(link, { ...entry, position: other.position })).toBe(false);
    expect(covers(link, { ...entry, leaf: other.leaf })).toBe(false);
    const hash = sha256(Buffer.from('another head')).toString('hex');
    expect(covers({ ...link, checkpoint: { ...link.checkpoint, hash } }, entry)).toBe(false);
    expect(covers({ ...link, previousHash: hash }, entry)).toBe(false);
  });

  it('has a link for each head, however far apart the entries are', async () => {
    const token = await server.token({ role: 'user' });
    const { id, signingUrl } = await bind(server, signingOnline(), { token });
    await proofOf(id);
    await decide(signingUrl, 'sign');
    await standing(server, id, 'BOUND', token);
    const { entries } = await auditRecord(server, id);
    expect(entries.map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME', 'CALLBACK']);
    const links = (await proofOf(id))?.links ?? [];
    expect(links).toHaveLength(2);
    for (const entry of entries) expect(links.filter((link) => covers(link, entry))).toHaveLength(1);
    for (const { leafHashes } of links) expect(leafHashes.length).toBeLessThan(10);
  });

  it('holds for what was erased, since every byte that was hashed stays', async () => {
    const phone = phoneWith();
    const { requestId } = await askForCode(server, { phone });
    await erase(server, { phone });
    const { entries } = await auditRecord(server, requestId);
    const links = (await proofOf(requestId))?.links ?? [];
    for (const entry of entries) expect(links.some((link) => covers(link, entry))).toBe(true);
  });

  it.each(['00000000-0000-7000-8000-000000000000', 'nonsense', ''])('is null for %j', async (id) => {
    expect(await proofOf(id)).toBeNull();
  });

  it('is for auditors', async () => {
    const query = '{ auditProof(id: "x") { id } }';
    const { errors } = await server.graphql(query, {}, { token: await server.token({ role: 'user' }) });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});
