// Juxinli's simulator in the real sandbox on a real port, and raw requests to it.
import { juxinli } from '../../../src/providers/juxinli/index.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.js';

export interface RawAnswer {
  success: boolean;
  message?: string;
  code?: number;
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
  data?: any;
}

export const person = { name: '张三', id_card_num: '110101190001011234' };

export class JuxinliSandbox {
  private constructor(
    private readonly sandbox: Sandbox,
    /** Base address of the simulator. */
    readonly url: string,
  ) {}

  static async open(): Promise<JuxinliSandbox> {
    const sandbox = await startSandbox({ production: false, host: '127.0.0.1', port: 0 }, [juxinli]);
    return new JuxinliSandbox(sandbox, `${sandbox.url}/juxinli`);
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  async post(path: string, body: unknown, contentType = 'application/json'): Promise<RawAnswer> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
    return (await response.json()) as RawAnswer;
  }

  apply(form: unknown, version = 'v2', contentType?: string): Promise<RawAnswer> {
    return this.post(`/orgApi/rest/${version}/applications/HUOLD`, form, contentType);
  }

  collect(turn: object | string, contentType?: string): Promise<RawAnswer> {
    return this.post('/orgApi/rest/v2/messages/collect/req', turn, contentType);
  }

  /** A conversation that has been applied for; sends turns with its token and its source's website. */
  async conversation(phone: string) {
    const { data } = await this.apply({ basic_info: { ...person, cell_phone_num: phone } });
    const common = { token: data.token as string, website: data.datasource.website as string };
    const send = (turn: object) => this.collect({ ...common, ...turn });
    return {
      ...common,
      send,
      password: (password = '112233') => send({ account: phone, password }),
      captcha: (captcha: string) => send({ type: 'SUBMIT_CAPTCHA', captcha }),
      resend: () => send({ type: 'RESEND_CAPTCHA' }),
      queryPassword: (queryPwd: string) => send({ type: 'SUBMIT_QUERY_PWD', queryPwd }),
    };
  }

  async inbox(phone: string): Promise<{ code: string; text: string }[]> {
    const response = await fetch(`${this.sandbox.url}/inbox?phone=%2B86${phone}`);
    return (await response.json()) as { code: string; text: string }[];
  }

  /** The newest code for a phone. */
  async code(phone: string): Promise<string> {
    return (await this.inbox(phone))[0]?.code ?? 'none';
  }

  async calls(phone: string): Promise<{ operation: string; scenario: string }[]> {
    const response = await fetch(`${this.sandbox.url}/calls?provider=juxinli&phone=%2B86${phone}`);
    return (await response.json()) as { operation: string; scenario: string }[];
  }
}
