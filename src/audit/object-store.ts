// An object store that takes what is published outside the database, besides a file: S3 through a signing proxy, WebDAV,
// nginx. Told meanwhile: where it does not listen, the log says so and nothing waits.
import { request } from 'undici';
import { errorName } from '../errors.js';

export interface ObjectStoreLog {
  error(fields: object, message: string): void;
}

const PUT_MS = 10_000;

export class ObjectStore {
  private readonly puts = new Set<Promise<void>>();

  /** @param base each statement is PUT below it, a line that can be joined to others; user and password in it are sent as basic credentials */
  constructor(
    private readonly base: string,
    private readonly log: ObjectStoreLog,
    private readonly putMs = PUT_MS,
  ) {}

  /** @param name of the object, a path below the store's address; @param told what an alarm says of it */
  tell(name: string, statement: string, told: object): void {
    const put = this.put(name, statement).catch((error: unknown) => {
      this.log.error({ ...told, error: errorName(error) }, 'a statement did not reach the object store');
    });
    this.puts.add(put);
    void put.then(() => this.puts.delete(put));
  }

  /** Resolves when the store has been told of everything, or has failed to listen. */
  async settled(): Promise<void> {
    await Promise.all(this.puts);
  }

  private async put(name: string, statement: string): Promise<void> {
    const url = new URL(this.base);
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (url.username !== '') {
      const credentials = [url.username, url.password].map(decodeURIComponent).join(':');
      headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
      url.username = '';
      url.password = '';
    }
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${name}`;
    const waits = {
      signal: AbortSignal.timeout(this.putMs),
      headersTimeout: this.putMs,
      bodyTimeout: this.putMs,
    };
    const answer = await request(url, { method: 'PUT', headers, body: `${statement}\n`, ...waits });
    await answer.body.dump();
    const { statusCode } = answer;
    if (statusCode < 200 || statusCode > 299) {
      throw Object.assign(new Error('refused'), { code: `HTTP_${statusCode}` });
    }
  }
}
