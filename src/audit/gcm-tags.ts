// Tells whether short AES-256-GCM messages are genuine, many at once: for a tenth of what opening each of them costs, as
// long as nobody wants to read them. Pure; the rule is that of NIST SP 800-38D, sections 6 and 7.2.
//
// Opening a message says the same (record-seal.ts): whoever is told that one is not genuine does that, to be sure.
import { type Cipher, createCipheriv } from 'node:crypto';
import { NONCE_BYTES } from './aes-gcm.js';

const BLOCK = 16;
/** The field's polynomial, 1 + x + x² + x⁷ + x¹²⁸, bits in the order of the standard: the first one is x⁰. */
const REDUCTION = 0xe1000000;

export class GcmTags {
  private readonly cipher: Cipher;
  /** H times each value of each byte of a block: four words for each of 16 × 256. */
  private readonly products: Uint32Array;

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    this.cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    this.products = productsOf(this.cipher.update(Buffer.alloc(BLOCK)));
  }

  /**
   * @param messages nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes), and what it is bound to
   * @returns whether all of them are
   */
  areGenuine(messages: readonly { bytes: Uint8Array; boundTo: Uint8Array }[]): boolean {
    // The counter blocks of all of them through the cipher at once: one call costs as much as a hundred blocks.
    const counters = Buffer.alloc(BLOCK * messages.length);
    for (const [index, { bytes }] of messages.entries()) {
      if (bytes.length < NONCE_BYTES + BLOCK) return false;
      counters.set(bytes.subarray(0, NONCE_BYTES), BLOCK * index);
      counters[BLOCK * index + BLOCK - 1] = 1;
    }
    const masks = this.cipher.update(counters);
    return messages.every(({ bytes, boundTo }, index) => {
      this.hash(boundTo, bytes);
      for (let i = 0; i < BLOCK; i += 1) {
        const tag = bytes[bytes.length - BLOCK + i] ?? 0;
        if (((tag ^ (masks[BLOCK * index + i] ?? 0)) & 0xff) !== hashed[i]) return false;
      }
      return true;
    });
  }

  /** GHASH of what it is bound to, the ciphertext and their lengths, into `hashed`. */
  private hash(boundTo: Uint8Array, bytes: Uint8Array): void {
    const textEnd = bytes.length - BLOCK;
    hashed.fill(0);
    this.absorb(boundTo, 0, boundTo.length);
    this.absorb(bytes, NONCE_BYTES, textEnd);
    lengths.setUint32(4, boundTo.length * 8);
    lengths.setUint32(12, (textEnd - NONCE_BYTES) * 8);
    this.absorb(lengthBytes, 0, BLOCK);
  }

  /** Adds block after block, the last one filled up with zeros, and multiplies by H after each. */
  private absorb(bytes: Uint8Array, from: number, to: number): void {
    const { products } = this;
    for (let start = from; start < to; start += BLOCK) {
      let w0 = 0;
      let w1 = 0;
      let w2 = 0;
      let w3 = 0;
      const end = Math.min(BLOCK, to - start);
      for (let i = 0; i < BLOCK; i += 1) {
        const byte = (hashed[i] ?? 0) ^ (i < end ? (bytes[start + i] ?? 0) : 0);
        const at = (i * 256 + byte) * 4;
        w0 ^= products[at] ?? 0;
        w1 ^= products[at + 1] ?? 0;
        w2 ^= products[at + 2] ?? 0;
        w3 ^= products[at + 3] ?? 0;
      }
      hashedWords.setUint32(0, w0);
      hashedWords.setUint32(4, w1);
      hashedWords.setUint32(8, w2);
      hashedWords.setUint32(12, w3);
    }
  }
}

const hashed = new Uint8Array(BLOCK);
const hashedWords = new DataView(hashed.buffer);
const lengthBytes = new Uint8Array(BLOCK);
const lengths = new DataView(lengthBytes.buffer);

function productsOf(h: Uint8Array): Uint32Array {
  const products = new Uint32Array(BLOCK * 256 * 4);
  const words = new DataView(h.buffer, h.byteOffset, BLOCK);
  let [w0, w1, w2, w3] = [0, 4, 8, 12].map((at) => words.getUint32(at)) as [number, number, number, number];
  // H times x, x², x³ …: what each bit of a block stands for.
  for (let bit = 0; bit < BLOCK * 8; bit += 1) {
    const byte = bit >> 3;
    const value = 0x80 >> (bit & 7);
    products.set([w0, w1, w2, w3], (byte * 256 + value) * 4);
    const carry = w3 & 1;
    w3 = ((w3 >>> 1) | (w2 << 31)) >>> 0;
    w2 = ((w2 >>> 1) | (w1 << 31)) >>> 0;
    w1 = ((w1 >>> 1) | (w0 << 31)) >>> 0;
    w0 = ((w0 >>> 1) ^ (carry ? REDUCTION : 0)) >>> 0;
  }
  // A byte is the sum of its bits.
  for (let byte = 0; byte < BLOCK; byte += 1) {
    for (let value = 1; value < 256; value += 1) {
      const lowest = value & -value;
      if (lowest === value) continue;
      for (let word = 0; word < 4; word += 1) {
        const of = (part: number) => products[(byte * 256 + part) * 4 + word] ?? 0;
        products[(byte * 256 + value) * 4 + word] = of(lowest) ^ of(value ^ lowest);
      }
    }
  }
  return products;
}
