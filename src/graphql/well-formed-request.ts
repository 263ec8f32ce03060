// What is no GraphQL request is refused before anything runs, and so is one whose answer could not be sent: Apollo
// finds out about `accept` only after a mutation has had its effect.
import type { FastifyRequest } from 'fastify';
import { Fault } from '../errors.js';

/** Lists are no request, or one POST would be as many tries as it has items. @throws Fault BAD_REQUEST */
export function requireWellFormedRequest(request: FastifyRequest): void {
  const { accept } = request.headers;
  if (accept !== undefined && !accept.split(',').some(allowsJson)) {
    refuse('The accept header must allow application/json.');
  }
  const body = request.method === 'GET' ? bodyOfGet(request) : request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    refuse('The body must be one JSON object with a query.');
  }
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  if (typeof query !== 'string' || query === '') refuse('query must be a GraphQL document.');
  if (operationName != null && typeof operationName !== 'string') refuse('operationName must be text.');
  if (!isObjectOrAbsent(variables)) refuse('variables must be an object.');
  if (!isObjectOrAbsent(extensions)) refuse('extensions must be an object.');
}

/** A page of somebody else can have a browser send a GET, but not with a header of ours. */
const FIRST_ASKED = 'apollo-require-preflight';

function bodyOfGet({ headers, query }: FastifyRequest): unknown {
  if (!headers[FIRST_ASKED]) refuse(`A query by GET needs the header ${FIRST_ASKED}.`);
  if (!/^(application\/json\b|$)/i.test(headers['content-type'] ?? '')) {
    refuse('The content type must be application/json.');
  }
  const { variables, extensions, ...rest } = query as Record<string, unknown>;
  return { ...rest, variables: fromJson(variables), extensions: fromJson(extensions) };
}

function fromJson(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isObjectOrAbsent(value: unknown): boolean {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}

const jsonRange =
  /^\s*(\*\/\*|application\/(\*|json|graphql-response\+json))\s*(;\s*(charset=utf-8|q=[\d.]+)\s*)*$/i;

function allowsJson(range: string): boolean {
  return jsonRange.test(range) && !/;\s*q=0(\.0*)?\s*(;|$)/i.test(range);
}

function refuse(message: string): never {
  throw new Fault('BAD_REQUEST', { message });
}
