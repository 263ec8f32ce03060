// What people call this provider, and what its codes say to them. The console reads this too: nothing but words here.
// No failure is documented, so that the words say which of the three layers spoke; * stands for any code.
import type { Text } from '../../language.js';

export const name: Text = { zh: '轻松教育银行网关', en: 'QingSong bank gateway' };

export const codeWords: Readonly<Record<string, Text>> = {
  'errcode:0': { zh: '网关、通道、银行均受理', en: 'Taken by gateway, channel and bank' },
  'errcode:*': { zh: '网关拒绝', en: 'Refused by the gateway' },
  'return_code:*': { zh: '银行通道拒绝', en: 'Refused by the channel to the bank' },
  'resp_code:*': { zh: '银行拒绝', en: 'Refused by the bank' },
};
