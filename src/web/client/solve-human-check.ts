// Solves an ALTCHA challenge of the algorithm SHA-256, as altcha-lib 2 makes it, in plain JavaScript: a mini-program
// has neither crypto.subtle nor btoa. It also takes a tenth of the time that crypto.subtle takes, hash by hash.
//   createClient({ solveHumanCheck, … })
// It works in short turns, so that a page stays alive beside it; where there is a Worker, it is better off in one.
import { type SolveHumanCheck, solutionText } from './human-check.js';
import { ShortSha256 } from './sha256.js';

/** As much of the challenge as is looked at. */
interface Parameters {
  algorithm: string;
  /** Hex. */
  nonce: string;
  /** Hex. */
  salt: string;
  /** How often each attempt is hashed. */
  cost: number;
  /** Bytes of the hash that count. */
  keyLength: number;
  /** What the hash has to begin with: hex, of even or odd length. */
  keyPrefix: string;
  /** Seconds since 1970. */
  expiresAt?: number;
}

const TURN_MS = 12;
const ATTEMPTS_BETWEEN_LOOKS_AT_THE_CLOCK = 256;
const LONGEST_MS = 60_000;

/** @throws where it can't be solved: another algorithm, or too much work */
export const solveHumanCheck: SolveHumanCheck = async (challenge) => {
  const { parameters } = challenge as { parameters: Parameters };
  if (parameters.algorithm !== 'SHA-256') throw new Error(`no solver for ${parameters.algorithm}`);
  const search = new Search(parameters);
  const giveUpAt = Date.now() + LONGEST_MS;
  for (;;) {
    const turnEndsAt = Date.now() + TURN_MS;
    while (Date.now() < turnEndsAt) {
      const solution = search.goOn(ATTEMPTS_BETWEEN_LOOKS_AT_THE_CLOCK);
      if (solution) return solutionText(challenge, solution);
    }
    if (turnEndsAt > giveUpAt) throw new Error('the challenge was not solved in time');
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
};

/** Counts up until SHA-256(salt ‖ nonce ‖ counter) begins as it has to. */
class Search {
  private readonly sha256 = new ShortSha256();
  private readonly password: Uint8Array;
  private readonly counterIn: DataView;
  /** The digest as bytes, to be hashed again. */
  private readonly digest = new Uint8Array(32);
  private readonly digestWords = new DataView(this.digest.buffer);
  private readonly wanted: readonly { mask: number; word: number }[];
  private counter = 0;

  constructor(private readonly parameters: Parameters) {
    const { salt, nonce, keyPrefix } = parameters;
    const fixed = bytesOf(salt + nonce);
    this.password = new Uint8Array(fixed.length + 4);
    this.password.set(fixed);
    this.counterIn = new DataView(this.password.buffer, fixed.length);
    this.wanted = (keyPrefix.match(/.{1,8}/g) ?? []).map((digits) => ({
      mask: Number.parseInt('f'.repeat(digits.length).padEnd(8, '0'), 16) | 0,
      word: Number.parseInt(digits.padEnd(8, '0'), 16) | 0,
    }));
  }

  goOn(attempts: number): { counter: number; derivedKey: string } | null {
    for (let left = attempts; left > 0; left -= 1, this.counter += 1) {
      this.counterIn.setUint32(0, this.counter);
      let words = this.sha256.digest(this.password);
      for (let round = 1; round < this.parameters.cost; round += 1) {
        this.keep(words);
        words = this.sha256.digest(this.digest);
      }
      if (this.wanted.every(({ mask, word }, at) => ((words[at] as number) & mask) === word)) {
        this.keep(words);
        return {
          counter: this.counter,
          derivedKey: hexOf(this.digest.subarray(0, this.parameters.keyLength)),
        };
      }
    }
    return null;
  }

  private keep(words: Int32Array) {
    for (let at = 0; at < 8; at += 1) this.digestWords.setInt32(at * 4, words[at] as number);
  }
}

const bytesOf = (hex: string) =>
  Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
