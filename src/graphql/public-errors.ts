// The last word on every error that leaves: a stable code, a field path where there is one, and no value that
// came from outside. Messages of graphql, class-validator and Prisma echo what they were given.
import { unwrapResolverError } from '@apollo/server/errors';
import type { ValidationError } from 'class-validator';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ArgumentValidationError } from 'type-graphql';
import { errorName, Fault } from '../errors.js';
import { parseLimits } from './document-limits.js';

export interface ErrorLog {
  error(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

/** For Apollo's `formatError`. */
export function publicErrors(log: ErrorLog) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const original = causeOf(thrown);
    const place = { ...(formatted.path ? { path: formatted.path } : {}) };
    if (original instanceof Fault) return { ...place, ...describeFault(original) };
    if (original instanceof ArgumentValidationError) {
      const fields = original.extensions.validationErrors.flatMap((error) => invalidFields(error, 'input'));
      const [first] = fields;
      return {
        ...place,
        message: first ? `${first.field} is not valid: ${first.rule}.` : 'A value is not valid.',
        extensions: { code: 'BAD_USER_INPUT', field: first?.field, fields },
      };
    }
    if (original instanceof GraphQLError) return { ...place, ...describeGraphQLError(original, formatted) };
    log.error({ error: errorName(original), stack: stackOf(original) }, 'a bug in answering a request');
    return { ...place, ...describeFault(new Fault('INTERNAL')) };
  };
}

/** A fault that was thrown before any field was resolved has no path, and unwrapResolverError leaves it wrapped. */
function causeOf(thrown: unknown): unknown {
  const { originalError } = thrown instanceof GraphQLError ? thrown : {};
  return originalError instanceof Fault ? originalError : unwrapResolverError(thrown);
}

export function describeFault(fault: Fault): GraphQLFormattedError {
  const { code, field, retryAfterMs } = fault;
  return {
    message: fault.message,
    extensions: {
      code,
      ...(field === undefined ? {} : { field }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  };
}

/** Which input members class-validator refused, and by which rule; never the values. */
function invalidFields(error: ValidationError, parent: string): { field: string; rule: string }[] {
  const field = `${parent}.${error.property}`;
  const own = Object.keys(error.constraints ?? {}).map((rule) => ({ field, rule }));
  return [...own, ...(error.children ?? []).flatMap((child) => invalidFields(child, field))];
}

/** Messages that name only what the schema or the document itself calls things. */
const harmless = [
  /^Cannot query field "\w+" on type "\w+"\./,
  /^Unknown (type|fragment|directive|argument) "@?[\w.]+"/,
  /^Field "\w+" (must not have|of type "[\w![\]]+" must have) a selection/,
  /^Field "\w+" argument "\w+" of type "[\w![\]]+" is required/,
  /^Field "\w+(\.\w+)?" (is not defined by type "\w+"|of required type "[\w![\]]+" was not provided)/,
  /^Variable "\$\w+" (is not defined|is never used|of type)/,
  /^Fragment /,
  /^Fields "\w+" conflict because they (return conflicting types|have differing arguments|differ)/,
  /^(This anonymous operation|There can be only one)/,
  /^Only one mutation field/,
  /^A text holds what is no character/,
  /^Cannot spread fragment "\w+" within itself/,
  /^Too (many|much)/,
];

/** What the parser says of a document that is too long; it may be GraphQL. */
const tooManyTokens = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

function describeGraphQLError(error: GraphQLError, formatted: GraphQLFormattedError): GraphQLFormattedError {
  const code = String(formatted.extensions?.code ?? 'INTERNAL');
  const locations = formatted.locations ? { locations: formatted.locations } : {};
  const bad = describeBadVariable(error.message);
  if (bad) return { ...locations, ...bad };
  switch (code) {
    case 'GRAPHQL_PARSE_FAILED':
      return {
        ...locations,
        message: tooManyTokens.test(error.message)
          ? `Too many tokens: at most ${parseLimits.maxTokens}.`
          : 'The document is not GraphQL: see the location.',
        extensions: { code },
      };
    case 'GRAPHQL_VALIDATION_FAILED':
      return {
        ...locations,
        message: harmless.some((pattern) => pattern.test(error.message))
          ? firstSentence(error.message)
          : 'The document does not fit the schema: see the location.',
        extensions: { code },
      };
    case 'OPERATION_RESOLUTION_FAILURE':
      return {
        message:
          'operationName has to name one of the operations of the document, or be left out where it holds one.',
        extensions: { code: 'BAD_REQUEST', field: 'operationName' },
      };
    case 'BAD_REQUEST':
      return { message: 'The request is not well formed.', extensions: { code: 'BAD_REQUEST' } };
    case 'BAD_USER_INPUT':
      return { ...locations, message: 'A value is not valid.', extensions: { code } };
    default:
      return describeFault(new Fault('INTERNAL'));
  }
}

/**
 * `Variable "$input" got invalid value {…} at "input.account.phone"; …` without the value. Values are printed
 * as JSON, so a quoted path behind ` at ` cannot be part of one.
 */
function describeBadVariable(message: string): GraphQLFormattedError | undefined {
  const variable = /^Variable "\$(\w+)" (?:got invalid value|of (?:required|non-null) type)/.exec(
    message,
  )?.[1];
  if (variable === undefined) return undefined;
  const path = / at "([\w.[\]]+)"; /.exec(message)?.[1] ?? variable;
  const reason =
    /; (Field "(\w+)" (?:is not defined by type "\w+"|of required type "[\w![\]]+" was not provided))/.exec(
      message,
    );
  const field = reason?.[2] ? `${path}.${reason[2]}` : path;
  return {
    message: reason?.[1] ? `${reason[1]}.` : `${field} is not valid.`,
    extensions: { code: 'BAD_USER_INPUT', field },
  };
}

/** Without "Did you mean …", which tells the schema to those who may not read it. */
function firstSentence(message: string): string {
  return message.replace(/ Did you mean .*$/s, '').slice(0, 300);
}

function stackOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Only the places: a message may hold what was given, and Prisma's have many lines.
  const places = error.stack?.split('\n').filter((line) => /^ {4}at /.test(line));
  return places?.slice(0, 8).join('\n');
}
