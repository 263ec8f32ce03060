// Checks the idempotencyKey that a client made.
import { Fault } from '../errors.js';

/** @throws Fault BAD_USER_INPUT for a key that is empty or longer than 128 characters */
export function idempotencyKeyOf(key: string | null | undefined): string | undefined {
  if (key === null || key === undefined) return undefined;
  if (key.length < 1 || key.length > 128) {
    throw new Fault('BAD_USER_INPUT', {
      field: 'idempotencyKey',
      message: 'idempotencyKey must have 1 to 128 characters.',
    });
  }
  return key;
}
