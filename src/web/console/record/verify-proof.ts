// Checks, in this browser and with nothing of the server's but its answer, that a record's entries stand in a chain whose
// head is signed. The same rule as src/audit/chain.ts states: hash = SHA-256(previousHash ‖ SHA-256(leaf)).
import canonicalize from 'canonicalize';
import type { FindProofQuery } from './find-proof.generated.js';
import type { FindRecordQuery } from './find-record.generated.js';

export type Entry = NonNullable<FindRecordQuery['auditRecord']>['entries'][number];
export type Link = NonNullable<FindProofQuery['auditProof']>['links'][number];

export type StepName =
  /** Each leaf speaks of this record, hashes to what is shown, and says all that is shown of it in the clear. */
  | 'LEAVES'
  /** The hashes lead from each entry to the head, without a gap. */
  | 'CHAIN'
  /** The head's signature is by the key. */
  | 'SIGNATURE';

export interface Step {
  name: StepName;
  /** Null where it could not be tried. */
  passed: boolean | null;
  /** Where it failed: chain:position. */
  at?: string;
}

export interface Proof {
  steps: readonly Step[];
  /** Hashes that were computed. */
  hashes: number;
  /** Ids of the keys, as the heads name them and as the keys themselves come to. */
  keys: readonly { id: string; publicKey: string }[];
  heads: readonly { chain: string; position: number; at: string }[];
  signedWith: 'WEBCRYPTO' | 'LIBRARY' | null;
}

/** False where the page came over plain http from elsewhere: browsers then offer no cryptography. */
export const canVerify = () => globalThis.isSecureContext && globalThis.crypto?.subtle !== undefined;

export async function verifyProof(
  record: string,
  entries: readonly Entry[],
  links: readonly Link[],
): Promise<Proof> {
  const leaves = await Promise.all(entries.map((entry) => readLeaf(record, entry)));
  const brokenLeaf = leaves.find(({ right }) => !right);
  const chain = await followChains(entries, leaves, links);
  const signatures = await Promise.all(links.map(verifySignature));
  const broken = signatures.find(({ passed }) => passed !== true);
  return {
    steps: [
      step('LEAVES', !brokenLeaf, brokenLeaf?.place),
      step('CHAIN', chain.brokenAt === null, chain.brokenAt),
      {
        name: 'SIGNATURE',
        passed: links.length === 0 ? false : broken ? broken.passed : true,
        ...(broken ? { at: broken.place } : {}),
      },
    ],
    hashes: chain.hashes + 2 * entries.length,
    keys: distinct(signatures.map(({ keyId, publicKey }) => ({ id: keyId, publicKey }))),
    heads: links.map(({ checkpoint }) => {
      const { chain: of, position, at } = checkpoint as { chain: string; position: number; at: string };
      return { chain: of, position, at };
    }),
    signedWith: signatures.map(({ by }) => by).find((by) => by !== null) ?? null,
  };
}

const step = (name: StepName, passed: boolean, at?: string | null): Step => ({
  name,
  passed,
  ...(at ? { at } : {}),
});

interface ReadLeaf {
  place: string;
  /** SHA-256 of the leaf, hex. */
  hash: string;
  right: boolean;
}

async function readLeaf(record: string, entry: Entry): Promise<ReadLeaf> {
  const place = `${entry.chain}:${entry.position}`;
  const bytes = fromBase64(entry.leaf);
  const leafHash = await sha256(bytes);
  const linked = toHex(await sha256(fromHex(entry.previousHash), leafHash)) === entry.hash;
  let right = false;
  try {
    const said = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<
      string,
      unknown
    >;
    right =
      linked &&
      said.record === record &&
      said.kind === entry.kind &&
      Date.parse(String(said.at)) === Date.parse(entry.at) &&
      saysWhatIsShown(said, entry);
  } catch {
    // No JSON, no entry.
  }
  return { place, hash: toHex(leafHash), right };
}

/** What is sealed cannot be read here. All else that is read of an entry stands in its leaf, and the other way round. */
function saysWhatIsShown(said: Record<string, unknown>, { actor, detail }: Entry): boolean {
  if (typeof said.actor === 'string' && said.actor !== actor) return false;
  // Erased with the person, as far as it is shown.
  if (detail === null) return true;
  const shown = detail as Record<string, unknown>;
  const { kind: _, record: __, at: ___, actor: ____, commitment: _____, sealed, ...clear } = said;
  const fromSeal = (name: string) =>
    typeof sealed === 'string' &&
    (said.requestKind === 'AUDIT_ACCESS' || name === 'request' || name === 'result');
  return (
    Object.entries(clear).every(([name, value]) => shown[name] === value) &&
    Object.keys(shown).every((name) => Object.hasOwn(clear, name) || fromSeal(name))
  );
}

/** Every entry has to lie on the way to a head, in its place, with its hash. */
async function followChains(
  entries: readonly Entry[],
  leaves: readonly ReadLeaf[],
  links: readonly Link[],
): Promise<{ brokenAt: string | null; hashes: number }> {
  const expected = new Map(
    entries.map((entry, index) => [
      `${entry.chain}:${entry.position}`,
      { entry, leafHash: leaves[index]?.hash },
    ]),
  );
  let hashes = 0;
  for (const { chain, fromPosition, leafHashes, previousHash, checkpoint } of links) {
    const head = checkpoint as { chain?: unknown; position?: unknown; hash?: unknown };
    let hash = fromHex(previousHash);
    let position = fromPosition;
    if (fromPosition === 1) {
      const genesis = await sha256(new TextEncoder().encode(`yanzheng chain ${chain}`));
      if (toHex(genesis) !== previousHash) return { brokenAt: `${chain}:0`, hashes };
    }
    for (const leafHash of leafHashes) {
      const before = toHex(hash);
      hash = await sha256(hash, fromHex(leafHash));
      hashes += 1;
      const place = `${chain}:${position}`;
      const here = expected.get(place);
      if (here) {
        const { entry } = here;
        if (here.leafHash !== leafHash || entry.hash !== toHex(hash) || entry.previousHash !== before)
          return { brokenAt: place, hashes };
        expected.delete(place);
      }
      position += 1;
    }
    if (head.chain !== chain || head.position !== position - 1 || head.hash !== toHex(hash))
      return { brokenAt: `${chain}:${position - 1}`, hashes };
  }
  const [missing] = expected.keys();
  return { brokenAt: missing ?? null, hashes };
}

interface VerifiedSignature {
  place: string;
  passed: boolean | null;
  keyId: string;
  publicKey: string;
  by: Proof['signedWith'];
}

async function verifySignature({ checkpoint, publicKey }: Link): Promise<VerifiedSignature> {
  const { signature, ...facts } = checkpoint as Record<string, unknown>;
  const spki = fromBase64(publicKey);
  // SPKI of Ed25519 is a prefix of twelve bytes, and the key.
  const raw = spki.slice(-32);
  const keyId = toHex(await sha256(raw)).slice(0, 16);
  const place = `${facts.chain}:${facts.position}`;
  const common = { place, keyId, publicKey };
  if (facts.key !== keyId || typeof signature !== 'string') return { ...common, passed: false, by: null };
  const message = new TextEncoder().encode(`yanzheng checkpoint\n${canonicalize(facts)}`);
  const signed = fromBase64(signature.replaceAll('-', '+').replaceAll('_', '/'));
  try {
    const key = await crypto.subtle.importKey('spki', spki, { name: 'Ed25519' }, false, ['verify']);
    const passed = await crypto.subtle.verify({ name: 'Ed25519' }, key, signed, message);
    return { ...common, passed, by: 'WEBCRYPTO' };
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'NotSupportedError')
      return { ...common, passed: false, by: 'WEBCRYPTO' };
  }
  try {
    // Browsers before 2025 know no Ed25519.
    const { ed25519 } = await import('@noble/curves/ed25519.js');
    return { ...common, passed: ed25519.verify(signed, message, raw), by: 'LIBRARY' };
  } catch {
    return { ...common, passed: null, by: null };
  }
}

function distinct(keys: { id: string; publicKey: string }[]) {
  return [...new Map(keys.map((key) => [key.id, key])).values()];
}

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
