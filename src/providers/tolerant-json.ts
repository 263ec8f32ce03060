// Reads the JSON that providers really send: strictly first, then with the few repairs that their documents
// show. What is not one whole document, from its first bracket to its last, is unreadable: nothing is completed
// or guessed, so an answer that was cut off never becomes a shorter answer. Linear in time, bounded in size.
//
// Libraries were weighed: jsonrepair closes what was cut off and turns HTML into a string; json5 takes comments,
// bare words and hexadecimal, but not the one repair that is needed most.
import { UnreadableAnswer } from './provider.js';

/** Longest text that is read, in UTF-16 units; the transport's own bound is as many bytes. */
export const MAX_LENGTH = 256 * 1024;
/** Deepest nesting of objects and arrays. */
export const MAX_DEPTH = 32;
const EXCERPT_LENGTH = 200;

/**
 * One JSON object or array. Repaired: a byte order mark and space around it, a comma before a closing bracket,
 * and an object that was pasted into quotes without escaping its own: `"response_busi":"{"resp_code":"…"}"`.
 * Members called `__proto__` are dropped.
 * @throws UnreadableAnswer
 */
export function parseTolerantly(text: string): object {
  if (text.length > MAX_LENGTH) throw unreadable('too long', text);
  // Trims the byte order mark as well.
  const whole = text.trim();
  const strict = parsed(whole);
  if (strict !== undefined) return checked(strict, whole);
  const mended = repaired(whole);
  const json = mended === undefined ? undefined : parsed(mended);
  if (mended === undefined || json === undefined) throw unreadable('not JSON', text);
  return checked(json, mended);
}

/** With the answer's shape for the log: bounded, every letter an `a`, every digit a `0`. */
export function unreadable(reason: string, text: string): UnreadableAnswer {
  return new UnreadableAnswer(reason, excerptOf(text));
}

export function excerptOf(text: string): string {
  return text
    .slice(0, EXCERPT_LENGTH)
    .replace(/\p{L}|\p{M}/gu, 'a')
    .replace(/\p{N}/gu, '0')
    .replace(/[^\x20-\x7e\r\n\t]/g, '?')
    .slice(0, EXCERPT_LENGTH);
}

function parsed(text: string): unknown {
  try {
    // `__proto__` is an ordinary member to JSON.parse, but not to whoever copies its result.
    return /"(?:_|\\u005f)/i.test(text)
      ? JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value))
      : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A bare number or word is no answer: cut off, it would be another one. */
function checked(json: unknown, text: string): object {
  if (typeof json !== 'object' || json === null) throw unreadable('neither object nor array', text);
  if (isDeeperThan(MAX_DEPTH, text)) throw unreadable('nested too deeply', text);
  return json;
}

/** @param json well-formed JSON */
function isDeeperThan(bound: number, json: string): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') at = endOfString(json, at) - 1;
    else if (sign === '{' || sign === '[') {
      if (++depth > bound) return true;
    } else if (sign === '}' || sign === ']') depth--;
  }
  return false;
}

/**
 * The text without superfluous commas and without the quotes around pasted objects, one pass with no way back.
 * Undefined where a pasted object does not end as it began; whether the rest is JSON is not judged here.
 */
function repaired(text: string): string | undefined {
  let mended = '';
  let copied = 0;
  const leaveOut = (at: number) => {
    mended += text.slice(copied, at);
    copied = at + 1;
  };
  /** For each open bracket whether its object stands in quotes. */
  const open: boolean[] = [];
  let before = '';
  let at = 0;
  while (at < text.length) {
    const sign = text[at] as string;
    if (sign === '"' && !(before === ':' && isPastedObject(text, at))) {
      at = endOfString(text, at);
    } else if (sign === '"') {
      leaveOut(at);
      open.push(true);
      at += 2;
      before = '{';
      continue;
    } else if (sign === '{' || sign === '[') {
      open.push(false);
      at++;
    } else if (sign === '}' || sign === ']') {
      at++;
      if (open.pop()) {
        if (text[at] !== '"') return undefined;
        leaveOut(at);
        at++;
      }
    } else if (sign === ',') {
      if (!'{[,:'.includes(before) && '}]'.includes(text[pastSpace(text, at + 1)] ?? ' ')) leaveOut(at);
      at++;
    } else if (isSpace(sign)) {
      at++;
      continue;
    } else {
      at++;
    }
    before = sign;
  }
  return mended + text.slice(copied);
}

/** Tells `"{"resp_code":…` from the ordinary string `"{"`, after which a member or an object ends. */
function isPastedObject(text: string, quote: number): boolean {
  if (text[quote + 1] !== '{') return false;
  const second = pastSpace(text, quote + 2);
  if (text[second] !== '"') return false;
  return !',}]'.includes(text[pastSpace(text, second + 1)] ?? ',');
}

/** Behind the closing quote, or the end of the text. */
function endOfString(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function pastSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text[at])) at++;
  return at;
}

function isSpace(sign: string | undefined): boolean {
  return sign === ' ' || sign === '\n' || sign === '\r' || sign === '\t';
}
