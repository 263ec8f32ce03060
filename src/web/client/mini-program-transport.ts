// The transport of a WeChat mini-program, which has wx.request and no fetch:
//   createClient({ transport: miniProgramTransport(wx), … })
// Alipay's and Douyin's my.request and tt.request take the same options.
import type { Transport } from './transport.js';

/** As much of `wx` as is needed. */
export interface MiniProgram {
  request(options: {
    url: string;
    method: 'POST';
    header: Record<string, string>;
    data: string;
    /** Anything but `json`: the answer is handed on as it came. */
    dataType: string;
    responseType: 'text';
    timeout: number;
    success(answer: { statusCode: number; data: unknown }): void;
    fail(reason: { errMsg: string }): void;
  }): unknown;
}

export const miniProgramTransport =
  (wx: MiniProgram): Transport =>
  ({ url, headers, body, timeoutMs }) =>
    new Promise((resolve, reject) => {
      wx.request({
        url,
        method: 'POST',
        header: { ...headers },
        data: body,
        dataType: 'text',
        responseType: 'text',
        timeout: timeoutMs,
        success: ({ statusCode, data }) =>
          resolve({ status: statusCode, body: typeof data === 'string' ? data : JSON.stringify(data) }),
        fail: ({ errMsg }) => reject(new Error(errMsg)),
      });
    });
