// What all of Juxinli's answers have in common: the envelope, its loose types, and what a refusal in it means.
// Source: "聚信立api手机运营商认证步骤"; variations are those that its public clients survive.
import { z } from 'zod';
import { readJson, readValue, wireCodeIfAny, wireText } from '../json-answer.js';
import type { ProviderRefusal } from '../provider.js';

/** true, "true", 1, "1" and their opposites. */
export const wireBoolean = z.union([
  z.boolean(),
  z.union([z.literal(1), z.literal(0)]).transform((value) => value === 1),
  z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(['true', 'false', '1', '0']))
    .transform((value) => value === 'true' || value === '1'),
]);

/** null, "", [], {} and absence where an object is meant. */
export function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The shape, or undefined for any of the ways of saying that there is nothing. */
export function orNothing<Shape extends z.ZodType>(shape: Shape) {
  return z.preprocess((value) => (isNothing(value) ? undefined : value), shape.optional());
}

export type Envelope<Data> =
  | { success: true; code: string | undefined; message: string | undefined; data: Data }
  | { success: false; code: string | undefined; message: string | undefined };

/**
 * `{success, data}` or `{success: false, message, code?}`; `success` may be text, `data` may be anything in a
 * refusal.
 * @throws UnreadableAnswer
 */
export function readEnvelope<Shape extends z.ZodType>(
  text: string,
  dataShape: Shape,
): Envelope<z.output<Shape>> {
  const { success, message, note, code, data } = readJson(text, envelopeShape);
  const common = { code, message: message || note || undefined };
  return success ? { ...common, success, data: readValue(data, dataShape, text) } : { ...common, success };
}

const envelopeShape = z.object({
  success: wireBoolean,
  message: wireText,
  note: wireText,
  code: wireCodeIfAny,
  data: z.unknown().optional(),
});

/** Stands for a code where the envelope says no without one, as v2 always does. */
export const NO_WITHOUT_CODE = 'success=false';

/** @param retryAfterMs how long the provider rests after "too often" */
export function refusalOf(
  { code, message }: { code: string | undefined; message: string | undefined },
  retryAfterMs: number,
): ProviderRefusal {
  const tooOften = message?.includes('频繁') ?? false;
  return {
    refused: tooOften ? 'RATE_LIMITED' : 'REFUSED_BY_PROVIDER',
    providerCode: code ?? NO_WITHOUT_CODE,
    ...(message ? { text: shownText(message) } : {}),
    ...(tooOften ? { retryAfterMs } : {}),
  };
}

/** Longest text of Juxinli's that is passed on, in characters. */
const MAX_TEXT = 200;

/**
 * A text of Juxinli's as a person may be shown it and a state may keep it: bounded, no control characters, and
 * without runs of six and more digits, which would be phones, codes or ID numbers; 10001 and 10086 stay.
 */
export function shownText(text: string): string {
  return bounded(text.replace(/\d{6,}[Xx]?/g, '******'), MAX_TEXT);
}

/** Characters of a name or a code. */
const MAX_WORD = 64;

/** A name or a code as a state may keep it: bounded, and nothing in it that a database refuses. */
export function shownWord(text: string): string {
  return bounded(text, MAX_WORD);
}

function bounded(text: string, most: number): string {
  const plain = text.replace(/[\p{Cc}\p{Surrogate}]/gu, ' ').trim();
  return Array.from(plain).slice(0, most).join('');
}
