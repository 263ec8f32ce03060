// Other ways to write the same answer, and ways to break it.
import { expect } from '@jest/globals';
import { UnreadableAnswer } from '../../src/providers/provider.js';

export type Random = () => number;

/** Mulberry32: a run is repeated by its seed. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** A member that is an object pasted into quotes, as text of JSON. */
export class Pasted {
  constructor(readonly json: string) {}
}

export interface Spelling {
  /** False where superfluous commas are not forgiven. */
  commas?: boolean;
  /** What may stand beside the members of an object, by the names that lead to it. */
  further?: (path: readonly string[]) => readonly Member[];
}

export type Member = readonly [name: string, value: unknown];

/**
 * The same value as text: members in another order and between further ones, other white space, numbers as text
 * and the other way round, sometimes with superfluous commas.
 */
export function spell(
  value: unknown,
  random: Random,
  { commas: mayHaveCommas = true, further = () => strangers(random) }: Spelling = {},
): string {
  const commas = random() < 0.3 && mayHaveCommas;
  const space = () => (random() < 0.3 ? oneOf(random, [' ', '\n', '\t', '\r\n  ']) : '');
  const end = () => (commas && random() < 0.5 ? `,${space()}` : '');

  function written(value: unknown, path: readonly string[]): string {
    if (value instanceof Pasted) return `"${value.json}"`;
    if (Array.isArray(value)) {
      if (value.length === 0) return `[${space()}]`;
      return `[${value.map((item) => space() + written(item, path) + space()).join(',')}${end()}]`;
    }
    if (typeof value === 'object' && value !== null) {
      const known = Object.entries(value);
      const others = further(path).filter(([name]) => random() < 0.15 && !Object.hasOwn(value, name));
      const members = [...known, ...others].sort(() => random() - 0.5);
      if (members.length === 0) return `{${space()}}`;
      return `{${members
        .map(([name, member]) => {
          const text = written(member, [...path, name]);
          return `${space()}${JSON.stringify(name)}${space()}:${space()}${text}`;
        })
        .join(`${space()},`)}${space()}${end()}}`;
    }
    if (typeof value === 'number' && random() < 0.3) return JSON.stringify(String(value));
    if (typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value) && random() < 0.3) return value;
    return JSON.stringify(value);
  }
  return written(value, []);
}

/** Members that no document knows, some of them meant to confuse. */
function strangers(random: Random): Member[] {
  const values = [
    '{',
    '}',
    '{"a',
    '"{"a":1}"',
    '\\',
    ',}',
    '',
    null,
    7,
    true,
    [],
    ['{', { x: ',]' }],
    { 深: '值' },
  ];
  const names = ['curTime', 'extra', '扩展', '__proto__', 'constructor', 'x"{"y'];
  return names.map((name) => [name, oneOf(random, values)]);
}

/** A few signs removed, doubled, or replaced by others that mean something in JSON. */
export function broken(text: string, random: Random): string {
  let result = text;
  for (let edits = 1 + Math.floor(random() * 3); edits > 0; edits--) {
    const at = Math.floor(random() * result.length);
    const sign = oneOf(random, [
      '',
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\\',
      '0',
      '1',
      'e',
      ' ',
      '\u0000',
      '\uD800',
      '中',
    ]);
    result = result.slice(0, at) + sign + result.slice(at + (random() < 0.7 ? 1 : 0));
  }
  return result;
}

/** What reading comes to; anything thrown but an UnreadableAnswer fails the test. */
export function outcomeOf<Reply>(read: () => Reply): Reply | 'UNREADABLE' {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableAnswer) return 'UNREADABLE';
    throw error;
  }
}

/** Cut anywhere before its last bracket, an answer cannot be read. */
export function expectNoCutToBeRead(text: string, read: (text: string) => unknown): void {
  const bytes = Buffer.from(text.trimEnd());
  const readable = [];
  for (let length = 0; length < bytes.length; length++) {
    const cut = bytes.subarray(0, length).toString('utf8');
    if (outcomeOf(() => read(cut)) !== 'UNREADABLE') readable.push(cut);
  }
  expect(readable).toEqual([]);
}
