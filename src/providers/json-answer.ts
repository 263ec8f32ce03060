// Reads a provider's answer as JSON, whatever its content type says, and the ways in which providers write the
// same value: numbers as text, text as numbers, "" for nothing, JSON within a string.
import { z } from 'zod';
import { parseTolerantly, unreadable } from './tolerant-json.js';

/**
 * @param unwrap takes the answer itself out of an envelope
 * @throws UnreadableAnswer
 */
export function readJson<Shape extends z.ZodType>(
  text: string,
  shape: Shape,
  unwrap: (json: object) => object = (json) => json,
): z.output<Shape> {
  return readValue(unwrap(parseTolerantly(text)), shape, text);
}

/**
 * The same for a part of an answer.
 * @param text the whole of it, for the excerpt
 * @throws UnreadableAnswer
 */
export function readValue<Shape extends z.ZodType>(
  json: unknown,
  shape: Shape,
  text: string,
): z.output<Shape> {
  const read = shape.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw unreadable(`${issue?.path.join('.') || 'the whole'}: ${issue?.code ?? 'unexpected'}`, text);
}

/**
 * What a member holds that documents call a string of JSON: the object, whether it comes as one or as text.
 * Undefined for the ways to say that there is none: absence, null, "", PHP's `[]`.
 * @throws UnreadableAnswer where it is anything else
 */
export function openNested(value: unknown): object | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const json = typeof value === 'string' ? parseTolerantly(value) : value;
  if (Array.isArray(json) && json.length === 0) return undefined;
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  throw unreadable('no object where one is nested', typeof value === 'string' ? value : '');
}

/** A code that may come as a number or as text; "0" and 0 are the same, "0000" is not. */
export const wireCode = z.union([z.string().trim().min(1).max(64), z.number().transform(String)]);

/** The same where it may be missing: "", null and absence are undefined. */
export const wireCodeIfAny = z
  .union([wireCode, z.string().trim().length(0), z.null()])
  .optional()
  .transform((code) => code || undefined);

/** Text that may come as a number; "", null and absence are undefined, and so is a number that lost digits. */
export const wireText = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .optional()
  .transform((value) => {
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
      return undefined;
    return value === null || value === undefined || value === '' ? undefined : String(value);
  });

const countShape = z.union([
  z.number().int().nonnegative().max(999_999_999),
  z
    .string()
    .trim()
    .regex(/^\d{1,9}$/)
    .transform(Number),
]);

/**
 * A whole number below 10⁹ that may come as text. Anything else is undefined: what a provider did does not
 * become unknown because it says strangely for how long.
 */
export const wireCount = z
  .unknown()
  .optional()
  .transform((value): number | undefined => countShape.safeParse(value).data);
