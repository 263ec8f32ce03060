// Which records to export, and how: what was typed, checked before anything is opened.
import { outcomes, requestKinds } from '../audit/entry.js';
import type { RecordFilter } from '../audit/search.js';
import { parsePhoneNumber } from '../phone-number.js';
import { type CommandOption, type Given, UsageError } from './command.js';

export interface ExportOptions {
  filter: RecordFilter;
  format: 'ndjson' | 'csv';
  /** Absent: standard output. */
  file: string | undefined;
}

const text = { type: 'string' } as const;

export const exportOptions: Readonly<Record<string, CommandOption>> = {
  phone: text,
  'person-id': text,
  'member-id': text,
  from: text,
  to: text,
  kind: text,
  provider: text,
  purpose: text,
  client: text,
  actor: text,
  flow: text,
  'provider-reference': text,
  outcome: { type: 'string', multiple: true },
  all: { type: 'boolean' },
  format: { type: 'string', default: 'ndjson' },
  out: { type: 'string', file: true },
};

/** @throws UsageError naming the option */
export function readOptions({ values, operands }: Given): ExportOptions {
  if (operands.length > 0) throw new UsageError(`${operands[0]} is not expected`);
  const one = (name: string) => {
    const value = values[name];
    if (value === '') throw new UsageError(`--${name} must not be empty`);
    return typeof value === 'string' ? value : undefined;
  };
  const format = one('format');
  if (format !== 'ndjson' && format !== 'csv') throw new UsageError('--format must be ndjson or csv');
  const file = one('out');
  if (format === 'csv' && file === undefined) throw new UsageError('--format csv needs --out FILE');
  const outcome = (values.outcome ?? []) as string[];
  const filter: RecordFilter = {
    subject: readSubject(one),
    from: readTime(one('from'), 'from'),
    to: readTime(one('to'), 'to'),
    kind: oneOf(requestKinds, one('kind'), 'kind'),
    outcomes:
      outcome.length > 0 ? outcome.map((each) => oneOf(outcomes, each, 'outcome') ?? each) : undefined,
    provider: one('provider'),
    purpose: one('purpose'),
    client: one('client'),
    actor: one('actor'),
    flow: one('flow'),
    providerReference: one('provider-reference'),
  };
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (given.length === 0 && values.all !== true)
    throw new UsageError('give a filter, or --all for the whole log');
  if (given.length > 0 && values.all === true) throw new UsageError('--all stands alone');
  return {
    filter: Object.fromEntries(given),
    format,
    file,
  };
}

function readSubject(one: (name: string) => string | undefined): RecordFilter['subject'] {
  const phone = one('phone');
  const [personId, memberId] = [one('person-id'), one('member-id')];
  if ([phone, personId, memberId].filter((value) => value !== undefined).length > 1) {
    throw new UsageError('--phone, --person-id and --member-id exclude one another');
  }
  if (phone !== undefined) {
    const value = parsePhoneNumber(phone);
    if (value === null) throw new UsageError('--phone must be a phone number');
    return { kind: 'phone', value };
  }
  if (personId !== undefined) return { kind: 'personId', value: personId };
  return memberId === undefined ? undefined : { kind: 'memberId', value: memberId };
}

function readTime(given: string | undefined, name: string): Date | undefined {
  if (given === undefined) return undefined;
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(given);
  // Without an offset, a time of day would be this machine's.
  const time = new Date(iso?.[1] !== undefined && iso[4] === undefined ? `${given}Z` : given);
  if (!iso || Number.isNaN(time.getTime())) {
    throw new UsageError(
      `--${name} must be a date or a time, such as 2026-11-24 or 2026-11-24T08:00:00+08:00`,
    );
  }
  return time;
}

function oneOf<Word extends string>(
  words: readonly Word[],
  given: string | undefined,
  name: string,
): Word | undefined {
  const found = words.find((word) => word === given);
  if (given !== undefined && found === undefined)
    throw new UsageError(`--${name} must be one of ${words.join(', ')}`);
  return found;
}
