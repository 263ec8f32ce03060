// The name of what a person wants: made once a wish, and sent again with every repetition of it, so that a
// repetition never has a second effect.

/** Unique is enough: knowing a key opens nothing. Mini-programs have no crypto. */
export function newIdempotencyKey(): string {
  const bytes = new Uint8Array(16);
  if (typeof crypto === 'undefined') for (const at of bytes.keys()) bytes[at] = Math.random() * 256;
  else crypto.getRandomValues(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Keeps the key of the present wish. */
export class Wish {
  private key: string | undefined;
  private wanted: string | undefined;

  /** The same key as before where the same is wanted and no outcome was told; a fresh one otherwise. */
  keyFor(variables: unknown): string {
    const wanted = JSON.stringify(variables);
    if (this.key === undefined || this.wanted !== wanted) this.key = newIdempotencyKey();
    this.wanted = wanted;
    return this.key;
  }

  /** An outcome was told: who asks now wants it anew. */
  fulfilled(): void {
    this.key = undefined;
  }
}
