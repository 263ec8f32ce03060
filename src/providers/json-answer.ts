// Reads a provider's answer as JSON, whatever its content type says.
import { z } from 'zod';
import { UnreadableAnswer } from './provider.js';

/** @throws UnreadableAnswer */
export function readJson<Shape extends z.ZodType>(text: string, shape: Shape): z.output<Shape> {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UnreadableAnswer('not JSON');
  }
  const read = shape.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UnreadableAnswer(`${issue?.path.join('.') || 'the whole'}: ${issue?.code ?? 'unexpected'}`);
}

/** A code that may come as a number or as text; "0" and 0 are the same, "0000" is not. */
export const wireCode = z.union([z.string().trim().min(1).max(64), z.number().transform(String)]);

/** A whole number that may come as text; "", null and absence are undefined. */
export const wireCount = z
  .union([
    z.number().int().nonnegative(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
    z.literal(''),
    z.null(),
  ])
  .optional()
  .transform((value) => (typeof value === 'number' ? value : undefined));

/** PHP's empty array where an object is meant, null, and absence are all "no data". */
export const noData = z.union([z.array(z.unknown()).max(0), z.null(), z.literal('')]).optional();
