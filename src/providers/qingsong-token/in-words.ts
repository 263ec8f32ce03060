// What people call this provider, and what its codes say to them. The console reads this too: nothing but words here.
import type { Text } from '../../language.js';

export const name: Text = { zh: '轻松教育用户令牌', en: 'QingSong user tokens' };

/** No failure is documented. */
export const codeWords: Readonly<Record<string, Text>> = {
  '0': { zh: '已签发', en: 'Issued' },
  '*': { zh: '未签发，代码含义未公开', en: 'Not issued; the code is not documented' },
};
