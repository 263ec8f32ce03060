// Whom a record is about, by keyed digest only: an unkeyed digest of a mobile number is reversed in hours.
import { createHmac } from 'node:crypto';

export type SubjectKind = 'phone' | 'personId' | 'memberId';

export interface Subject {
  kind: SubjectKind;
  /** A phone in E.164; ids as given. */
  value: string;
}

/** Makes digests with one key (the pepper). All digests are 64 hex digits. */
export class Digester {
  constructor(private readonly key: Uint8Array) {}

  subject(subject: Subject): string {
    return this.of('subject', subject.kind, subject.value);
  }

  /** Of everybody a record is about, each once, in order. */
  subjects(subjects: readonly Subject[]): string[] {
    return [...new Set(subjects.map((subject) => this.subject(subject)))].sort();
  }

  /** A digest over parts that cannot be confused with one another, whatever they hold. */
  of(domain: string, ...parts: readonly string[]): string {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([domain, ...parts]))
      .digest('hex');
  }
}
