// Which digit stands for which relation of an emergency contact. Juxinli publishes no table, so it is configurable.
import { z } from 'zod';

export const contactRelations = [
  'SPOUSE',
  'PARENT',
  'SIBLING',
  'CHILD',
  'COLLEAGUE',
  'CLASSMATE',
  'FRIEND',
] as const;
export type ContactRelation = (typeof contactRelations)[number];

const usual = contactRelations.map((relation, digit) => `${relation}=${digit}`).join(',');

/** `SPOUSE=0,PARENT=1,…`: every relation once, each with a digit. */
export const contactTypesVariable = z
  .string()
  .default(usual)
  .transform((text, context) => {
    const types = new Map(text.split(',').map((part) => part.trim().split('=') as [string, string]));
    const known = contactRelations.every((relation) => /^\d$/.test(types.get(relation) ?? ''));
    if (known && types.size === contactRelations.length) {
      return Object.fromEntries(types) as Record<ContactRelation, string>;
    }
    context.addIssue({ code: 'custom', message: `must give each relation a digit, as in ${usual}` });
    return z.NEVER;
  });
