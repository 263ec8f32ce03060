// The rule of the chain, as pure functions: whatever is changed, it shows.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ChainEntry, firstBrokenLink, genesisHash, linkHash } from '../../src/audit/chain.js';

const chainName = fc.uuid();
const leaves = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 12 });

function link(chain: string, texts: readonly Uint8Array[]): ChainEntry[] {
  let previousHash = genesisHash(chain);
  return texts.map((leaf, index) => {
    const entry = { position: index + 1, leaf, previousHash, hash: linkHash(previousHash, leaf) };
    previousHash = entry.hash;
    return entry;
  });
}

const flipBit = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  const at = Math.floor(bit / 8) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
  return copy;
};

describe('a chain', () => {
  it('verifies as it was written', () => {
    fc.assert(
      fc.property(chainName, leaves, (chain, texts) => {
        expect(firstBrokenLink(chain, link(chain, texts))).toBeNull();
      }),
    );
  });

  it('breaks where one bit of a leaf or a hash is changed', () => {
    const member = fc.constantFrom('leaf' as const, 'hash' as const, 'previousHash' as const);
    fc.assert(
      fc.property(chainName, leaves, member, fc.nat(), fc.nat(), (chain, texts, which, where, bit) => {
        const entries = link(chain, texts);
        const index = where % entries.length;
        entries.splice(
          index,
          1,
          ...entries.slice(index, index + 1).map((e) => ({ ...e, [which]: flipBit(e[which], bit) })),
        );
        expect(firstBrokenLink(chain, entries)).toBe(index + 1);
      }),
    );
  });

  it('breaks where an entry is removed from before its end', () => {
    fc.assert(
      fc.property(chainName, leaves, fc.nat(), (chain, texts, where) => {
        fc.pre(texts.length > 1);
        const entries = link(chain, texts);
        const index = where % (entries.length - 1);
        entries.splice(index, 1);
        expect(firstBrokenLink(chain, entries)).toBe(index + 1);
      }),
    );
  });

  it('breaks where an entry is repeated, swapped or inserted', () => {
    fc.assert(
      fc.property(chainName, leaves, fc.nat(), fc.nat(), (chain, texts, one, two) => {
        const entries = link(chain, texts);
        const from = one % entries.length;
        const to = two % entries.length;
        const repeated = [
          ...entries.slice(0, from),
          ...entries.slice(from, from + 1),
          ...entries.slice(from),
        ];
        expect(firstBrokenLink(chain, repeated)).toBe(from + 2);
        fc.pre(from !== to);
        const swapped = entries.map(
          (entry, index) => entries[index === from ? to : index === to ? from : index] ?? entry,
        );
        expect(firstBrokenLink(chain, swapped)).toBe(Math.min(from, to) + 1);
      }),
    );
  });

  it('breaks at its start under another name', () => {
    fc.assert(
      fc.property(chainName, chainName, leaves, (chain, other, texts) => {
        fc.pre(chain !== other);
        expect(firstBrokenLink(other, link(chain, texts))).toBe(1);
      }),
    );
  });
});
