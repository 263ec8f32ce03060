// What is looked for. All of it rests in the address except the person: that stays in this page's memory.
import type { AuditRecordFilter, SubjectInput } from '../../client/schema-types.generated.js';
import { store } from '../../h5/store.js';
import { kinds } from '../words/kinds.js';
import { outcomes } from '../words/outcomes.js';

/** Everything but the person. */
export type OpenFilter = Omit<AuditRecordFilter, 'subject'>;

export const subjectKinds = ['phone', 'personId', 'memberId'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

export interface Subject {
  kind: SubjectKind;
  value: string;
}

/** Whom the search is about; null for anybody. Gone with a reload. */
export const subject = store<Subject | null>(null);

export function subjectInput({ kind, value }: Subject): SubjectInput {
  if (kind === 'phone') return { phone: value };
  return kind === 'personId' ? { personId: value } : { memberId: value };
}

const texts = ['provider', 'purpose', 'flow', 'providerReference', 'actor', 'client'] as const;
const times = ['from', 'to'] as const;
export type TextMember = (typeof texts)[number];

/** What an address that somebody typed or shortened does not say rightly is left out. */
export function filterOf(query: URLSearchParams): OpenFilter {
  const filter: { -readonly [Name in keyof OpenFilter]: OpenFilter[Name] } = {};
  for (const name of texts) {
    const value = query.get(name)?.trim();
    if (value) filter[name] = value;
  }
  for (const name of times) {
    const value = query.get(name);
    if (value && !Number.isNaN(Date.parse(value))) filter[name] = new Date(value).toISOString();
  }
  const kind = kinds.find((known) => known === query.get('kind'));
  if (kind) filter.kind = kind;
  const wanted = query.get('outcome')?.split(',') ?? [];
  const known = outcomes.filter((outcome) => wanted.includes(outcome));
  if (known.length > 0) filter.outcomes = known;
  return filter;
}

export function queryOf(filter: OpenFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (filter.kind) query.set('kind', filter.kind);
  if (filter.outcomes?.length) query.set('outcome', filter.outcomes.join(','));
  for (const name of [...texts, ...times]) {
    const value = filter[name];
    if (value) query.set(name, value);
  }
  return query;
}

/** In the address: whoever looks into the log is in it, and is shown only where that is asked for. */
export const ACCESSES = 'accesses';

export const showsAccesses = (query: URLSearchParams) =>
  query.has(ACCESSES) || query.get('kind') === 'AUDIT_ACCESS';

interface Line {
  kind: string;
  outcome: string;
  provider: string | null;
  purpose: string | null;
  flow: string | null;
  providerReference: string | null;
  actor: string | null;
  client: string | null;
  createdAt: string;
}

/** As the server would judge. Whom a record is about cannot be told from its mask. */
export function matches(record: Line, filter: OpenFilter): boolean {
  if (filter.kind && record.kind !== filter.kind) return false;
  if (filter.outcomes?.length && !filter.outcomes.some((outcome) => outcome === record.outcome)) return false;
  if (filter.from && record.createdAt < filter.from) return false;
  if (filter.to && record.createdAt >= filter.to) return false;
  return texts.every((name) => !filter[name] || record[name] === filter[name]);
}
