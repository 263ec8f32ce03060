// The members of an object in JSON, with numbers as they are spelt: 1.10 stays 1.10, and 26 digits stay 26 digits.
// JSON.parse cannot say that, and signatures are over what was spelt. Strict; refuses repeated names.

/** Decoded text, the spelling of anything else, or null. */
export interface RawMember {
  name: string;
  kind: 'text' | 'number' | 'boolean' | 'null' | 'object' | 'array';
  /** Text is decoded; the rest is as it stands. */
  value: string;
}

/** Deeper than any answer of the documents. */
const MAX_DEPTH = 16;

/** @throws SyntaxError where the text is not one JSON object, nests too deeply or repeats a name */
export function rawMembers(text: string): RawMember[] {
  const scan = new Scan(text);
  const members = scan.object(0, true);
  scan.end();
  return members;
}

class Scan {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Members are kept at the outermost object only. */
  object(depth: number, keep = false): RawMember[] {
    if (depth > MAX_DEPTH) throw new SyntaxError('too deep');
    const members: RawMember[] = [];
    const names = new Set<string>();
    this.sign('{');
    if (this.taken('}')) return members;
    do {
      const name = this.string();
      if (names.has(name)) throw new SyntaxError('a repeated name');
      names.add(name);
      this.sign(':');
      const value = this.value(depth);
      if (keep) members.push({ name, ...value });
    } while (this.taken(','));
    this.sign('}');
    return members;
  }

  end(): void {
    this.token(/[ \t\r\n]*/y);
    if (this.at !== this.text.length) throw new SyntaxError('something after the end');
  }

  private value(depth: number): Omit<RawMember, 'name'> {
    this.token(/[ \t\r\n]*/y);
    const start = this.at;
    const first = this.text[start];
    const kept = (kind: RawMember['kind']) => ({ kind, value: this.text.slice(start, this.at) });
    if (first === '"') return { kind: 'text', value: this.string() };
    if (first === '{') {
      this.object(depth + 1);
      return kept('object');
    }
    if (first === '[') {
      this.array(depth + 1);
      return kept('array');
    }
    if (this.token(/true|false/y) !== undefined) return kept('boolean');
    if (this.token(/null/y) !== undefined) return kept('null');
    if (this.token(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y) !== undefined) return kept('number');
    throw new SyntaxError('a value is missing');
  }

  private array(depth: number): void {
    if (depth > MAX_DEPTH) throw new SyntaxError('too deep');
    this.sign('[');
    if (this.taken(']')) return;
    do {
      this.value(depth);
    } while (this.taken(','));
    this.sign(']');
  }

  private string(): string {
    this.token(/[ \t\r\n]*/y);
    const literal = this.token(/"[^"\\]*(?:\\.[^"\\]*)*"/sy);
    if (literal === undefined) throw new SyntaxError('a string is missing');
    // Also refuses control characters and unknown escapes.
    return JSON.parse(literal) as string;
  }

  private sign(sign: string): void {
    if (!this.taken(sign)) throw new SyntaxError(`${sign} is missing`);
  }

  private taken(sign: string): boolean {
    this.token(/[ \t\r\n]*/y);
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private token(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}
