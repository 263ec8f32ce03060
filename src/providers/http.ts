// The only importer of axios: one exchange with a provider, bounded in time and size, never repeated.
//
// axios' own Node adapter costs more CPU than the rest of a call, so requests go over an undici pool a
// provider. The deadline covers the whole exchange: undici does not heed a signal while a request waits for a
// connection, so the exchange is raced against the clock as well, and undici then never sends it.
import axios, {
  AxiosHeaders,
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { type Dispatcher, Pool } from 'undici';
import { TransportFailure, type WireAnswer, type WireRequest } from './provider.js';

/** Longest answer that is read, in bytes. */
const MAX_ANSWER_BYTES = 256 * 1024;

export interface Transport {
  /** @throws TransportFailure */
  exchange(request: WireRequest, deadlineMs: number): Promise<WireAnswer>;
  close(): Promise<void>;
}

/** A transport to one provider; connections are kept open between calls. */
export function openTransport(baseUrl: string, connections: number): Transport {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  const pool = new Pool(base.origin, {
    connections,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    connect: { timeout: 10_000 },
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  const client = axios.create({
    adapter: undiciAdapter(pool),
    maxRedirects: 0,
    proxy: false,
    responseType: 'text',
    // Bodies are made and answers are read here, once; axios' own guesses are switched off.
    transformRequest: (data: unknown) => data,
    transformResponse: (data: unknown) => data,
    validateStatus: () => true,
  });
  return {
    exchange: (request, deadlineMs) => exchange(client, prefix, request, deadlineMs),
    close: () => pool.destroy(),
  };
}

async function exchange(
  client: AxiosInstance,
  prefix: string,
  request: WireRequest,
  deadlineMs: number,
): Promise<WireAnswer> {
  const sent = new Sent();
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TransportFailure(sent.started, 'DEADLINE'));
      abort.abort();
    }, deadlineMs);
  });
  const { data, contentType } = encode(request.body);
  const answered = client.request<string>({
    method: request.method,
    url: prefix + request.path,
    data,
    headers: { ...request.headers, ...(contentType ? { 'content-type': contentType } : {}) },
    signal: abort.signal,
    sent,
  } as AxiosRequestConfig & { sent: Sent });
  try {
    const response = await Promise.race([answered, deadline]);
    if (response.status < 200 || response.status > 299) {
      throw new TransportFailure(true, `HTTP_${response.status}`);
    }
    return { status: response.status, text: response.data };
  } catch (error) {
    if (error instanceof TransportFailure) throw error;
    throw new TransportFailure(sent.started, codeOf(error), error);
  } finally {
    clearTimeout(timer);
    answered.catch(() => {});
  }
}

/** A class, because axios copies plain objects in its configuration, and the copy would tell nobody. */
class Sent {
  /** True from the moment the first byte may have left. */
  started = false;
}

function encode(body: WireRequest['body']): { data?: string; contentType?: string } {
  if (!body) return {};
  if ('json' in body) return { data: JSON.stringify(body.json), contentType: 'application/json' };
  // URLSearchParams writes + as %2B, which PHP servers would otherwise read as a space.
  return {
    data: new URLSearchParams(body.form).toString(),
    contentType: 'application/x-www-form-urlencoded;charset=UTF-8',
  };
}

function undiciAdapter(pool: Pool) {
  const dispatcher = pool.compose((dispatch) => (options, handler) => {
    const { sent } = options as unknown as { sent: Sent };
    return dispatch(options, {
      onRequestStart(controller, context) {
        sent.started = true;
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: handler.onRequestUpgrade?.bind(handler),
      onResponseStart: handler.onResponseStart?.bind(handler),
      onResponseData: handler.onResponseData?.bind(handler),
      onResponseEnd: handler.onResponseEnd?.bind(handler),
      onResponseError: handler.onResponseError?.bind(handler),
    });
  });

  return async (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
    const { sent } = config as unknown as { sent: Sent };
    const response = await dispatcher.request({
      path: config.url ?? '/',
      method: (config.method ?? 'get').toUpperCase() as Dispatcher.HttpMethod,
      headers: wireHeaders(config.headers),
      body: (config.data as string | undefined) ?? null,
      signal: config.signal as AbortSignal,
      headersTimeout: 0,
      bodyTimeout: 0,
      sent,
    } as Dispatcher.RequestOptions);
    const data = await response.body.text();
    return {
      data,
      status: response.statusCode,
      statusText: '',
      headers: new AxiosHeaders(),
      config,
      request: null,
    };
  };
}

function wireHeaders(headers: AxiosHeaders): Record<string, string> {
  return { ...(headers.toJSON() as Record<string, string>), accept: 'application/json, text/plain, */*' };
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'ERROR';
}
