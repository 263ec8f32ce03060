// The transport of a mini-program, which has wx.request and no fetch:
//   createClient({ transport: miniProgramTransport(wx), … })
// Douyin's tt.request takes the same options; Alipay's my.request has other names for some, which stand beside them.
import type { Transport } from './transport.js';

/** As much of `wx` as is needed. */
export interface MiniProgram {
  request(options: {
    url: string;
    method: 'POST';
    header: Record<string, string>;
    /** Alipay's name for it. */
    headers: Record<string, string>;
    data: string;
    /** Anything but `json`: the answer is handed on as it came. */
    dataType: string;
    responseType: 'text';
    timeout: number;
    /** `status` and `errorMessage` are Alipay's names. */
    success(answer: { statusCode?: number; status?: number; data: unknown }): void;
    fail(reason: { errMsg?: string; errorMessage?: string }): void;
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
        headers: { ...headers },
        data: body,
        dataType: 'text',
        responseType: 'text',
        timeout: timeoutMs,
        success: ({ statusCode, status = 0, data }) =>
          resolve({
            status: statusCode ?? status,
            body: typeof data === 'string' ? data : JSON.stringify(data),
          }),
        fail: ({ errMsg, errorMessage }) => reject(new Error(errMsg ?? errorMessage)),
      });
    });
