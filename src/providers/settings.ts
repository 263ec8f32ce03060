// Environment variables that every provider has, under its own prefix.
import { z } from 'zod';
import type { CommonSettings, Surroundings } from './provider.js';

/** `true` or `false`, false where absent. */
export const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .optional()
  .transform((value) => value === 'true');

/** PREFIX_URL, PREFIX_ALLOW_HTTP and PREFIX_DEADLINE_MS. */
export function commonEnvironment(prefix: string, defaultDeadlineMs: number) {
  return {
    [`${prefix}_URL`]: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
    [`${prefix}_ALLOW_HTTP`]: flag,
    [`${prefix}_DEADLINE_MS`]: z.coerce.number().int().min(100).max(600_000).default(defaultDeadlineMs),
  };
}

/** Null where there is neither an address nor a sandbox. Faults are added to the list, by the variable's name. */
export function commonSettings(
  prefix: string,
  variables: Record<string, unknown>,
  { production, sandboxUrl }: Surroundings,
  faults: string[],
): CommonSettings | null {
  const given = variables[`${prefix}_URL`] as string | undefined;
  const baseUrl = given ?? (production ? undefined : sandboxUrl);
  if (baseUrl === undefined) return null;
  if (production && baseUrl.startsWith('http:') && variables[`${prefix}_ALLOW_HTTP`] !== true) {
    faults.push(
      `${prefix}_URL is plain http, which anybody on the way can read; set ${prefix}_ALLOW_HTTP=true to accept that`,
    );
  }
  return { baseUrl, deadlineMs: variables[`${prefix}_DEADLINE_MS`] as number };
}
