// The text that a signature stands for: non-empty parameters except `sign`, sorted by name, `k=v` joined by `&`.
// One text stands for one set of parameters: names are allow-listed, repeated ones refused, and what is verified
// must not hold a value that could be read as two parameters.
// Source: 通企付 "签名算法" (the same as Jeepay's), wire facts §4.

/** A value is text as it stands: a number's own digits, so that 1.10 stays 1.10. Null is dropped, as "" is. */
export type Parameter = readonly [name: string, value: string | null];

/** Why parameters have no text to sign. Names no value. */
export class UnsignableParameters extends Error {
  constructor(readonly reason: string) {
    super(`the parameters cannot be signed: ${reason}`);
    this.name = 'UnsignableParameters';
  }
}

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** Where a value could be cut in two. */
const CUT = /&[A-Za-z][A-Za-z0-9_]{0,63}=/;

/**
 * The text without a key; MD5 appends one, RSA and SM2 do not.
 * @throws UnsignableParameters
 */
export function textToSign(parameters: Iterable<Parameter>): string {
  const seen = new Set<string>();
  const kept: [string, string][] = [];
  for (const [name, value] of parameters) {
    if (!NAME.test(name)) throw new UnsignableParameters('a name');
    if (seen.has(name)) throw new UnsignableParameters('a repeated name');
    seen.add(name);
    if (name === 'sign' || value === null || value === '') continue;
    // A lone surrogate has no UTF-8 of its own: many texts would become the same bytes.
    if (/\p{Surrogate}/u.test(value)) throw new UnsignableParameters('a value that is not text');
    kept.push([name, value]);
  }
  if (kept.length === 0) throw new UnsignableParameters('nothing to sign');
  // Names are ASCII, so comparing them so is comparing their bytes.
  kept.sort(([a], [b]) => (a < b ? -1 : 1));
  return kept.map(([name, value]) => `${name}=${value}`).join('&');
}

/**
 * The same for parameters that somebody else signed. `b=2&c=3` as the value of `a` has the same text as three
 * parameters, so: no `&` and no `=` in the values of `plain`, and nothing that looks like a further parameter in
 * others, except in `addresses`, which are URLs.
 * @throws UnsignableParameters
 */
export function textToVerify(
  parameters: readonly Parameter[],
  { plain, addresses = noNames }: { plain: ReadonlySet<string>; addresses?: ReadonlySet<string> },
): string {
  const text = textToSign(parameters);
  for (const [name, value] of parameters) {
    if (value === null || name === 'sign' || addresses.has(name)) continue;
    if (plain.has(name) ? /[&=]/.test(value) : CUT.test(value)) {
      throw new UnsignableParameters('a value that could be read as two');
    }
  }
  return text;
}

const noNames: ReadonlySet<string> = new Set();
