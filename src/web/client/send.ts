// One request and its answer: data, or an ApiError.
import { ApiError, apiErrorOf } from './api-error.js';
import { fetchTransport, type Transport } from './transport.js';

export interface ClientSettings {
  /** Of the GraphQL endpoint; in a page of its own origin `/graphql` will do. */
  url: string;
  /** The name under which the server knows this front-end. */
  clientId: string;
  /** Asked for at each request; null for nobody in particular. */
  token?: () => string | null | Promise<string | null>;
  /** As in Accept-Language; asked for at each request. */
  language?: () => string;
  transport?: Transport;
  /** Longer than the server takes for anything. */
  timeoutMs?: number;
}

interface GraphQLBody {
  data?: unknown;
  errors?: Parameters<typeof apiErrorOf>[0];
}

/** What every request says of its sender; the connection parameters of subscriptions are the same. */
export async function introduction({ clientId, token, language }: ClientSettings) {
  const bearer = await token?.();
  return {
    'x-client-id': clientId,
    'accept-language': language?.() ?? 'zh-CN',
    ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
  };
}

/** @throws ApiError */
export async function send(settings: ClientSettings, query: string, variables: object): Promise<unknown> {
  const { url, transport = fetchTransport, timeoutMs = 60_000 } = settings;
  const headers = { 'content-type': 'application/json', ...(await introduction(settings)) };
  const answer = await transport({
    url,
    headers,
    body: JSON.stringify({ query, variables }),
    timeoutMs,
  }).catch((cause: unknown) => {
    throw new ApiError('NO_ANSWER', 'No answer came.', { cause });
  });
  const { data, errors } = read(answer.body) ?? {};
  if (errors?.length) throw apiErrorOf(errors);
  // A page of a gateway in between, or half an answer: what became of the request is not known.
  if (data == null) throw new ApiError('NO_ANSWER', `HTTP ${answer.status} without a GraphQL answer.`);
  return data;
}

function read(body: string): GraphQLBody | null {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' ? json : null;
  } catch {
    return null;
  }
}
