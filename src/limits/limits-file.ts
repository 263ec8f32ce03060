// LIMITS_FILE: what overrides the table of limits and the budgets. Every fault is named at once.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type LimitRule, type RuleName, ruleNames, rules } from './rules.js';

export interface LimitSettings {
  /** By name, in the order in which they are asked. */
  rules: readonly (LimitRule & { name: RuleName })[];
  budget: BudgetSettings;
  humanCheck: HumanCheckSettings;
}

export interface BudgetSettings {
  /** Messages a day, which begins at midnight in China. */
  perDay: number;
  /** The same by calling code; numbers of other countries are refused. */
  destinations: Readonly<Record<string, number>>;
  /** Shares of a budget, 0 to 1: from here on the anonymous have to pass a human check, */
  checkFrom: number;
  /** here operators are warned, */
  warnFrom: number;
  /** and so much is kept for those who are signed in. */
  keptForSignedIn: number;
}

export interface HumanCheckSettings {
  /** Hashes that a solution takes on average. */
  work: number;
  /** How long a challenge is good. */
  seconds: number;
}

const windows = z
  .array(
    z.strictObject({
      most: z.int().min(0).max(1_000_000_000),
      seconds: z
        .int()
        .min(1)
        .max(31 * 86_400),
    }),
  )
  .min(1)
  .max(4)
  .refine(
    (list) => list.every(({ seconds }, index) => index === 0 || seconds > (list[index - 1]?.seconds ?? 0)),
    'must name the shortest window first',
  );
const share = z.number().min(0).max(1);
const messages = z.int().min(0).max(1_000_000_000);

const shape = z.strictObject({
  enabled: z.boolean().default(true),
  /** null switches a rule off. */
  rules: z.partialRecord(z.enum(ruleNames), windows.nullable()).default({}),
  budget: z
    .strictObject({
      perDay: messages.default(10_000),
      destinations: z
        .record(z.string().regex(/^\+\d{1,4}$/, 'must be calling codes such as +86'), messages)
        .optional(),
      checkFrom: share.default(0.5),
      warnFrom: share.default(0.8),
      keptForSignedIn: share.default(0.3),
    })
    .prefault({}),
  humanCheck: z
    .strictObject({
      work: z.int().min(1).max(10_000_000).default(20_000),
      seconds: z.int().min(10).max(3_600).default(600),
    })
    .prefault({}),
});

/** @returns null where all limits are lifted */
function settingsOf(file: z.output<typeof shape>): LimitSettings | null {
  if (!file.enabled) return null;
  const { perDay, destinations = { '+86': perDay }, ...shares } = file.budget;
  return {
    rules: ruleNames.flatMap((name) => {
      const override = file.rules[name];
      if (override === null) return [];
      const rule: LimitRule = rules[name];
      return [{ ...rule, name, windows: override ?? rule.windows }];
    }),
    budget: { perDay, destinations, ...shares },
    humanCheck: file.humanCheck,
  };
}

/**
 * @param path absent: the table as it is
 * @returns null where all limits are lifted
 */
export function readLimits(path: string | undefined, faults: string[]): LimitSettings | null {
  if (path === undefined) return settingsOf(shape.parse({}));
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    faults.push(`LIMITS_FILE ${code === undefined ? 'is not JSON' : `cannot be read: ${code}`}`);
    return null;
  }
  const read = shape.safeParse(content);
  if (read.success) return settingsOf(read.data);
  for (const { path: place, message } of read.error.issues) {
    faults.push(`LIMITS_FILE ${place.join('.') || 'as a whole'}: ${message}`);
  }
  return null;
}
