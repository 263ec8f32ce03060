// A Juxinli that says what a test tells it to, and remembers every byte that it was sent.
import { once } from 'node:events';
import { createServer } from 'node:http';

export interface ScriptedJuxinli {
  readonly url: string;
  /** The bodies of all turns, oldest first. */
  // biome-ignore lint/suspicious/noExplicitAny: what was sent is what a test is about
  readonly turns: any[];
  /** The paths and bodies of all applications. */
  // biome-ignore lint/suspicious/noExplicitAny: what was sent is what a test is about
  readonly applications: { path: string; form: any }[];
  /** The next turns are answered with these, as soon as they are there. */
  willAnswer(...answers: (object | Promise<object>)[]): void;
  close(): Promise<void>;
}

export const operator = {
  id: '1',
  website: 'chinamobilejs',
  name: '江苏移动',
  category: 'mobile',
  status: 1,
};
export const shop = { id: '2', website: 'jingdong', name: '京东', category: 'e_business', status: 1 };

export const asksForCaptcha = {
  type: 'CONTROL',
  content: '输入动态密码',
  process_code: 10002,
  req_msg_tpl: { type: 'SUBMIT_CAPTCHA', method: 'AUTO' },
  finish: false,
};
export const isBusy = { type: 'RUNNING', content: '正在处理', process_code: 0, finish: false };
export const isDone = { type: 'CONTROL', content: '开始采集行为数据', process_code: 10008, finish: true };

/** @param source that an application leads to */
export async function scriptedJuxinli(source: object = operator): Promise<ScriptedJuxinli> {
  const turns: unknown[] = [];
  const applications: { path: string; form: unknown }[] = [];
  const script: (object | Promise<object>)[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const sent: unknown = body ? JSON.parse(body) : undefined;
    const path = request.url ?? '';
    const isTurn = path.endsWith('/messages/collect/req');
    if (isTurn) turns.push(sent);
    else applications.push({ path, form: sent });
    const data = isTurn ? await script.shift() : { token: 'scripted-token', datasource: source };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(data ? { success: true, data } : { success: false, message: '无' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    turns,
    applications,
    willAnswer: (...answers) => script.push(...answers),
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
