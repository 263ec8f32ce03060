// A person as a search or an erasure names them.
import { Fault } from '../../errors.js';
import type { Subject } from '../../limits/subject.js';
import type { SubjectInput } from './schema.js';

/** @throws Fault BAD_USER_INPUT naming the field, where it names nobody */
export function subjectOf({ phone, personId, memberId }: SubjectInput, field: string): Subject {
  if (phone != null) return { kind: 'phone', value: phone };
  if (personId != null) return { kind: 'personId', value: personId };
  if (memberId != null) return { kind: 'memberId', value: memberId };
  throw new Fault('BAD_USER_INPUT', { field });
}
