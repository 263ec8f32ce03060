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
  /** Of the subject before: a request asks for its own several times in a row. */
  private last: { kind: SubjectKind; value: string; digest: string } | undefined;

  constructor(private readonly key: Uint8Array) {}

  subject({ kind, value }: Subject): string {
    if (this.last?.kind === kind && this.last.value === value) return this.last.digest;
    const digest = this.of('subject', kind, value);
    this.last = { kind, value, digest };
    return digest;
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
