// How a request ended, in words.
import type { Outcome } from '../../client/schema-types.generated.js';
import type { Language } from '../language.js';

export const outcomes = ['ACCEPTED', 'REFUSED', 'DENIED', 'UNKNOWN', 'PENDING'] as const satisfies Outcome[];

export const outcomeWords: Record<Language, Record<Outcome, string>> = {
  zh: { ACCEPTED: '已受理', REFUSED: '被拒绝', DENIED: '已拦截', UNKNOWN: '未知', PENDING: '进行中' },
  en: { ACCEPTED: 'Accepted', REFUSED: 'Refused', DENIED: 'Denied', UNKNOWN: 'Unknown', PENDING: 'Pending' },
};

export const outcomeMeanings: Record<Language, Record<Outcome, string>> = {
  zh: {
    ACCEPTED: '服务商已受理；短信是否送达，没有服务商会告知',
    REFUSED: '服务商拒绝',
    DENIED: '被我方规则拦截，没有发出任何请求',
    UNKNOWN: '服务商可能已办理，也可能没有',
    PENDING: '正在进行，或已中断、尚未发现',
  },
  en: {
    ACCEPTED: 'The provider took it; no provider tells whether an SMS arrived',
    REFUSED: 'The provider refused',
    DENIED: 'Our own rules did not let it out: nothing was sent',
    UNKNOWN: 'The provider may or may not have acted',
    PENDING: 'Under way, or cut off and not yet found',
  },
};
