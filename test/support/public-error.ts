// What every error that leaves the server has in common.
import { expect } from '@jest/globals';

/** DESIGN.md §6: clients switch on these, so nothing else may come. */
const publicCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'INVALID_CLIENT',
  'BAD_USER_INPUT',
  'IDEMPOTENCY_KEY_REUSED',
  'REQUEST_IN_PROGRESS',
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_NOT_CONFIGURED',
  'AUDIT_UNAVAILABLE',
  'DOCUMENT_NOT_ALLOWED',
  'PAYLOAD_TOO_LARGE',
  'BAD_REQUEST',
  'OVERLOADED',
  'NOT_FOUND',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
];

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * Expects an error with this code, the request's id in body and header, no stack, and none of the values that
 * were sent.
 */
export function expectPublicError(
  answer: { headers: { get(name: string): string | null }; text: string },
  code: string,
  sent: readonly string[] = [],
): void {
  const { errors } = JSON.parse(answer.text);
  expect(errors?.length).toBeGreaterThan(0);
  expect(errors[0].extensions.code).toBe(code);
  const requestId = answer.headers.get('x-request-id');
  expect(requestId).toMatch(uuid);
  for (const { extensions } of errors) {
    expect(publicCodes).toContain(extensions.code);
    expect(extensions.requestId).toBe(requestId);
  }
  expect(answer.text).not.toMatch(/stack|node_modules|dist\/|\.js:\d|at \w+ \(|prisma|postgres|SQLSTATE/i);
  for (const value of sent) expect(answer.text).not.toContain(value);
}
