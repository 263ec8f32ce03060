// How a request travels. Where there is no fetch, hand the client another one: mini-program-transport.ts is one.

export interface Sending {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
}

export interface Answer {
  status: number;
  body: string;
}

/** Rejects where no whole answer came, for whatever reason. */
export type Transport = (sending: Sending) => Promise<Answer>;

export const fetchTransport: Transport = async ({ url, headers, body, timeoutMs }) => {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, body: await response.text() };
};
