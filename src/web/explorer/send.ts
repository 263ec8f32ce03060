// Sends an operation to /graphql of this origin as the present caller; subscriptions go over a websocket of their own.
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
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
  return fetcher(operation, { ...options, headers });
};

const lowerCased = (headers: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
