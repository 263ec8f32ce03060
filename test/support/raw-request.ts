// A request as a careless or hostile client would send it: any headers, any bytes.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: { get(name: string): string | null };
  text: string;
}

export async function rawRequest(
  url: string,
  wish: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawAnswer> {
  const sent = request(url, { method: wish.method ?? 'POST', headers: wish.headers ?? {}, agent: false });
  sent.on('error', () => {});
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.end(wish.body);
  const [response] = await answered;
  let text = '';
  for await (const chunk of response) text += chunk;
  const get = (name: string) => {
    const value = response.headers[name];
    return value === undefined ? null : String(value);
  };
  return { status: response.statusCode ?? 0, headers: { get }, text };
}

/** The same for a body that the GraphQL endpoint takes for JSON. */
export function postJson(
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  return rawRequest(`${url}/graphql`, { headers: { 'content-type': 'application/json', ...headers }, body });
}

/** Writes these bytes to the port, and answers what comes back until the server closes. */
export async function rawBytes(url: string, bytes: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let all = '';
  socket.on('data', (chunk) => {
    all += chunk.toString();
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  const [head = '', text = ''] = all.split('\r\n\r\n');
  const headers = new Headers(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => /^([^:]*): ?(.*)$/.exec(line)?.slice(1) as [string, string]),
  );
  return { status: Number(head.split(' ')[1]), headers, text };
}
