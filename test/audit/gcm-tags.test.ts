// Node's own AES-GCM is the judge: what it opens is genuine, and nothing else is.
import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GcmTags } from '../../src/audit/gcm-tags.js';

const bytes = (least: number, most = least) => fc.uint8Array({ minLength: least, maxLength: most });

function seal(key: Uint8Array, nonce: Uint8Array, boundTo: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

const message = fc.record({ nonce: bytes(12), boundTo: bytes(0, 70), plain: bytes(0, 70) });

describe('tags of many messages', () => {
  it('are genuine where Node made them', () => {
    fc.assert(
      fc.property(bytes(32), fc.array(message, { maxLength: 8 }), (key, messages) => {
        const sealed = messages.map(({ nonce, boundTo, plain }) => ({
          boundTo,
          bytes: seal(key, nonce, boundTo, plain),
        }));
        expect(new GcmTags(key).areGenuine(sealed)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are not, once any bit of one of them was changed', () => {
    const key = randomBytes(32);
    const tags = new GcmTags(key);
    const boundTo = Buffer.from('01a20dd4-b0b5-752f-a913-32277bbde1e5');
    const sealed = seal(key, randomBytes(12), boundTo, randomBytes(32));
    const other = { boundTo, bytes: seal(key, randomBytes(12), boundTo, randomBytes(32)) };
    for (const part of [sealed, boundTo]) {
      for (let bit = 0; bit < part.length * 8; bit += 1) {
        const flip = () => part.writeUInt8(part.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        flip();
        expect(tags.areGenuine([other, { boundTo, bytes: sealed }])).toBe(false);
        flip();
      }
    }
    expect(tags.areGenuine([other, { boundTo, bytes: sealed }])).toBe(true);
  });

  it('are not, where a message is cut, or longer, or bound to more, or sealed with another key', () => {
    const key = randomBytes(32);
    const boundTo = randomBytes(36);
    const sealed = seal(key, randomBytes(12), boundTo, randomBytes(32));
    const longer = Buffer.concat([sealed, Buffer.alloc(1)]);
    for (const bytes of [...Array.from({ length: 60 }, (_, length) => sealed.subarray(0, length)), longer]) {
      expect(new GcmTags(key).areGenuine([{ boundTo, bytes }])).toBe(false);
    }
    const more = Buffer.concat([boundTo, Buffer.alloc(1)]);
    expect(new GcmTags(key).areGenuine([{ boundTo: more, bytes: sealed }])).toBe(false);
    expect(new GcmTags(randomBytes(32)).areGenuine([{ boundTo, bytes: sealed }])).toBe(false);
  });
});
