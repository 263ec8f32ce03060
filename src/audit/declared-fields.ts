// What each field of a request and of an answer is, said once where a provider declares it: from that follows what
// may rest sealed, what an auditor sees, and what a reveal shows. What nobody declared is not passed on.
import { MASK, maskIdNumber, maskName, maskPhone } from './mask.js';

/**
 * What a single value is.
 * - `clear`: nothing about a person: an enum's word, a number, a date, the id of a message
 * - `phone`, `name`, `idNumber`: recognisable to whoever knows it already
 * - `personal`: ids of persons, members and schools, addresses, user names, free text: hidden altogether
 * - `secret`: a password, a captcha, a code, a token, an address that lets in whoever has it: never rests, not even
 *   sealed
 */
export type FieldKind = 'clear' | 'phone' | 'name' | 'idNumber' | 'personal' | 'secret';

/** A declaration of `Value`, which names every member: `{ phone: 'phone', contacts: [{ name: 'name' }] }`. */
export type Fields<Value> = { readonly [Member in keyof Value]-?: Field<NonNullable<Value[Member]>> };

type Field<Value> = [Value] extends [readonly (infer Item)[]]
  ? 'secret' | readonly [Field<NonNullable<Item>>]
  : [Value] extends [object]
    ? 'secret' | Fields<Value>
    : FieldKind;

/** Any declaration: of one value, of a list's items, or of an object's members. */
export type Declared = FieldKind | readonly [Declared] | { readonly [member: string]: Declared };

/** What may rest sealed: all that was declared and is no secret. The rest cannot be known not to be one. */
export function withoutSecrets(declared: Declared, value: unknown): unknown {
  if (declared === 'secret') return undefined;
  if (value === null) return null;
  if (typeof declared === 'string') return isPlain(value) ? value : undefined;
  if (isList(declared)) {
    if (!Array.isArray(value)) return undefined;
    return value.map((item) => withoutSecrets(declared[0], item)).filter((item) => item !== undefined);
  }
  if (!isRecord(value)) return undefined;
  const members = Object.entries(declared).flatMap(([name, field]) => {
    const kept = Object.hasOwn(value, name) ? withoutSecrets(field, value[name]) : undefined;
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return Object.fromEntries(members);
}

/** What was sealed, as an auditor sees it. What was not declared, or is not what it was declared to be, is `***`. */
export function masked(declared: Declared, sealed: unknown): unknown {
  if (sealed === undefined) return undefined;
  if (sealed === null && declared !== 'secret') return null;
  if (typeof declared === 'string') return isPlain(sealed) ? masks[declared](sealed) : MASK;
  if (isList(declared)) {
    return Array.isArray(sealed) ? sealed.map((item) => masked(declared[0], item)) : MASK;
  }
  if (!isRecord(sealed)) return MASK;
  const members = Object.entries(sealed).map(([name, value]) => {
    const field = Object.hasOwn(declared, name) ? declared[name] : undefined;
    return [name, field === undefined ? MASK : masked(field, value)] as const;
  });
  return Object.fromEntries(members);
}

/** What was sealed, as an admin with a reason sees it. Today's declaration decides, not that of when it was sealed. */
export function revealed(declared: Declared, sealed: unknown): unknown {
  return withoutSecrets(declared, sealed);
}

/** Every text in what was sealed that is about a person. */
export function personalTexts(declared: Declared, sealed: unknown): string[] {
  if (typeof declared === 'string') {
    const isPersonal = declared !== 'clear' && declared !== 'secret';
    return isPersonal && typeof sealed === 'string' ? [sealed] : [];
  }
  if (isList(declared)) {
    return Array.isArray(sealed) ? sealed.flatMap((item) => personalTexts(declared[0], item)) : [];
  }
  if (!isRecord(sealed)) return [];
  return Object.entries(declared).flatMap(([name, field]) =>
    Object.hasOwn(sealed, name) ? personalTexts(field, sealed[name]) : [],
  );
}

type Plain = string | number | boolean;

const masks: Readonly<Record<FieldKind, (value: Plain) => Plain>> = {
  clear: (value) => value,
  phone: (value) => maskPhone(String(value)),
  name: (value) => maskName(String(value)),
  idNumber: (value) => maskIdNumber(String(value)),
  personal: () => MASK,
  secret: () => MASK,
};

function isPlain(value: unknown): value is Plain {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(declared: Exclude<Declared, string>): declared is readonly [Declared] {
  return Array.isArray(declared);
}
