// SHA-256 (FIPS 180-4) in plain JavaScript, for where there is no crypto.subtle. For hashing what is public: it takes
// no care to hide what it hashes.

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of the
// first 8.
const [roundConstants, initialState] = constants();

/** As many bytes as one block holds beside its padding. */
export const LONGEST_IN_ONE_BLOCK = 55;

/** Hashes messages of one block again and again without making garbage. */
export class ShortSha256 {
  private readonly block = new Uint8Array(64);
  private readonly words = new DataView(this.block.buffer);
  private readonly schedule = new Int32Array(64);
  private readonly state = new Int32Array(8);

  /** @param message of 55 bytes at most. @returns the digest as eight words, overwritten by the next call */
  digest(message: Uint8Array): Int32Array {
    const { block, words, schedule: w, state } = this;
    if (message.length > LONGEST_IN_ONE_BLOCK) throw new RangeError('the message takes more than one block');
    block.fill(0);
    block.set(message);
    block[message.length] = 0x80;
    words.setUint32(60, message.length * 8);

    for (let t = 0; t < 16; t += 1) w[t] = words.getInt32(t * 4);
    for (let t = 16; t < 64; t += 1) {
      const x = w[t - 15] as number;
      const y = w[t - 2] as number;
      const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
      const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
      w[t] = ((w[t - 16] as number) + s0 + (w[t - 7] as number) + s1) | 0;
    }

    let [a, b, c, d, e, f, g, h] = initialState as unknown as Eight;
    for (let t = 0; t < 64; t += 1) {
      const S1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const t1 = (h + S1 + ((e & f) ^ (~e & g)) + (roundConstants[t] as number) + (w[t] as number)) | 0;
      const S0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    const final = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i += 1) state[i] = (initialState[i] as number) + (final[i] as number);
    return state;
  }
}

type Eight = [number, number, number, number, number, number, number, number];

const rotate = (x: number, by: number) => (x >>> by) | (x << (32 - by));

function constants(): [Int32Array, Int32Array] {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const fraction = (x: number) => Math.floor((x - Math.floor(x)) * 2 ** 32);
  return [
    Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime))),
    Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime))),
  ];
}
