// The list of providers. Adding one is adding its folder and one name here.
import type { Provider } from './provider.js';
import { usercoin } from './usercoin/index.js';

export const providers: readonly Provider[] = [usercoin];
