// The list of providers. Adding one is adding its folder and one name here.
import { juxinli } from './juxinli/index.js';
import type { Provider } from './provider.js';
import { qingsongBank } from './qingsong-bank/index.js';
import { qingsongToken } from './qingsong-token/index.js';
import { tongqifu } from './tongqifu/index.js';
import { usercoin } from './usercoin/index.js';

export const providers: readonly Provider[] = [usercoin, qingsongBank, qingsongToken, tongqifu, juxinli];
