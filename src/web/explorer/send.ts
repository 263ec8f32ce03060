// Sends an operation to /graphql of this origin as the present caller; subscriptions go over a websocket of their own.
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { type DocumentNode, GraphQLError, Kind, parse } from 'graphql';
import { callerHeaders } from './caller.js';

const http = new URL('/graphql', location.href).href;
const ws = http.replace(/^http/, 'ws');

export const send: Fetcher = async (operation, options) => {
  // What is typed into the headers editor goes before what the bar says.
  const headers = { ...(await callerHeaders()), ...lowerCased(options?.headers) };
  const fetcher = createGraphiQLFetcher({
    url: http,
    subscriptionUrl: ws,
    headers,
    wsConnectionParams: headers,
    enableIncrementalDelivery: false,
  });
  // GraphiQL reads a document some 100 ms after it has changed: until then it tells of the one before.
  const documentAST = read(operation.query);
  const operationName = presentName(documentAST, operation.operationName);
  return fetcher(
    { ...operation, operationName },
    { ...options, ...(documentAST && { documentAST }), headers },
  );
};

/** Undefined where it is not GraphQL: the server says where. */
function read(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

/** The name asked for, where the document holds it; else its only operation's. */
function presentName(document: DocumentNode | undefined, asked: string | null = null): string | null {
  const names = (document?.definitions ?? [])
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ name }) => name?.value ?? null);
  const [only = asked, ...others] = names;
  return names.includes(asked) || others.length > 0 ? asked : only;
}

const lowerCased = (headers: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
