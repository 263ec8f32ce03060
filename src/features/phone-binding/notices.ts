// What a verified notice of 通企付 does to the binding it is about.
import type { FlowNotice } from '../../pipeline/notices.js';
import { afterNotice } from '../../providers/tongqifu/status.js';
import type { PhoneBindingNotice } from '../../providers/tongqifu/webhook.js';
import type { BindingPersonal, BindingState } from './standing.js';

/** Notices that a binding remembers; a provider sends a handful. */
const REMEMBERED = 20;

/** Handled once, in any order; a binding of another member is not touched. */
export function bindingNotice(notice: PhoneBindingNotice): FlowNotice<BindingState, BindingPersonal> {
  const { requestId, memberId, result, bindResult, dedupeKey } = notice;
  return {
    kind: 'PHONE_BINDING',
    flow: requestId,
    detail: { provider: 'tongqifu', result, providerCode: bindResult },
    after: ({ state, personal }) => {
      if (personal?.memberId !== memberId) return 'UNMATCHED_NOTICE';
      if (state.notices.includes(dedupeKey)) return 'DUPLICATE_NOTICE';
      return {
        state: {
          ...state,
          status: afterNotice(state.status, result),
          notices: [...state.notices, dedupeKey].slice(-REMEMBERED),
        },
        personal,
      };
    },
  };
}
