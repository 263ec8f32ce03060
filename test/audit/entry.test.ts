// The canonical bytes of an entry are those of RFC 8785, as an independent implementation writes them.
import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { type EntryBody, leafOf } from '../../src/audit/entry.js';

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(undefined),
);

describe('a leaf', () => {
  it('is canonical JSON, whatever its members are called and in whatever order they come', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), value), (detail) => {
        const body = { kind: 'INTENT', record: 'r', at: 't', ...detail } as EntryBody;
        expect(leafOf(body)).toBe(canonicalize(body));
      }),
    );
  });
});
