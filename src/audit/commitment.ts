// What an entry says of the columns that cannot stand in it, since erasing a person must remove them: a salted
// digest. The salt rests on the record and goes with them. While it is there, a changed column shows.
import { hash } from 'node:crypto';

/** The columns of a record that erasing clears. */
export interface ErasableColumns {
  actor?: string | null | undefined;
  maskedPhone?: string | null | undefined;
  /** Keyed digests, hex; each once, in order. */
  subjects: readonly string[];
}

/**
 * Hex SHA-256(salt ‖ canonical JSON of the columns).
 * @param salt hex
 */
export function commitmentTo(salt: string, { actor, maskedPhone, subjects }: ErasableColumns): string {
  const columns = {
    actor: actor ?? null,
    maskedPhone: maskedPhone ?? null,
    subjects,
  };
  return hash(
    'sha256',
    Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(JSON.stringify(columns))]),
    'hex',
  );
}
