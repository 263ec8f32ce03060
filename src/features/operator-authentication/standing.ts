// Where an operator authentication stands, as it rests and as its owner sees it.
import type { Language } from '../../language.js';
import type { Flow } from '../../pipeline/flow.js';
import type { Conversation } from '../../providers/juxinli/conversation.js';
import type { DataSource } from '../../providers/juxinli/data-source.js';
import { wordsOf } from '../../providers/juxinli/words.js';
import { CONTINUATION_LIFE_MS } from './continuation.js';
import {
  AuthenticationFailed,
  CollectionStarted,
  OperatorAuthentication,
  type OperatorAuthenticationStep,
  OperatorDataSource,
  PasswordResetRequiredStep,
  QueryPasswordStep,
  ServicePasswordStep,
  SmsCaptchaStep,
  WaitStep,
} from './schema.js';

/** Nothing personal, nothing secret. */
export interface AuthenticationState {
  /** Absent until the provider has taken the application. */
  conversation?: Conversation | undefined;
  /** The provider's process_code of the last answer. */
  providerCode?: string | undefined;
  /** The request whose answer the provider has: sending that once more is no guess. */
  sent?: string | undefined;
}

/** Nothing personal has to rest: what later turns need travels in the continuation. */
export type AuthenticationFlow = Flow<AuthenticationState, never>;

export interface Pace {
  /** How long Juxinli rests before it sends a captcha again. */
  resendAfterMs: number;
  /** When to ask again after it said that it is busy. */
  pollAfterMs: number;
}

/** While a call of ours is under way, it is worth asking soon. */
const JOIN_AFTER_MS = 1_000;

/** Null while there is nothing to go on with. */
export function presentAuthentication(
  flow: Pick<AuthenticationFlow, 'id' | 'state' | 'running' | 'updatedAt'>,
  language: Language,
  pace: Pace,
): OperatorAuthentication | null {
  const { conversation, providerCode } = flow.state;
  if (!conversation) return null;
  const step = flow.running
    ? Object.assign(new WaitStep(), { pollAfterMs: JOIN_AFTER_MS })
    : stepOf(conversation, language, pace);
  return Object.assign(new OperatorAuthentication(), {
    id: flow.id,
    dataSource: presentSource(conversation.source),
    step,
    expiresAt: new Date(flow.updatedAt.getTime() + CONTINUATION_LIFE_MS),
    providerCode,
    updatedAt: flow.updatedAt,
  });
}

export function presentSource(source: DataSource): OperatorDataSource {
  const date = (iso: string | undefined) => (iso === undefined ? undefined : new Date(iso));
  return Object.assign(new OperatorDataSource(), source, {
    createdAt: date(source.createdAt),
    updatedAt: date(source.updatedAt),
  });
}

function stepOf(state: Conversation, language: Language, pace: Pace): typeof OperatorAuthenticationStep {
  const words = wordsOf(state, language);
  switch (state.kind) {
    case 'AWAITING_PASSWORD':
      return Object.assign(new ServicePasswordStep(), { prompt: words, retry: state.retry });
    case 'AWAITING_CAPTCHA':
      return Object.assign(new SmsCaptchaStep(), {
        prompt: words,
        reason: state.reason,
        retry: state.retry,
        requestBySms: state.requestBySms,
        resendAfterMs: state.requestBySms ? undefined : pace.resendAfterMs,
      });
    case 'AWAITING_QUERY_PASSWORD':
      return Object.assign(new QueryPasswordStep(), { prompt: words, retry: state.retry });
    case 'WAITING':
      return Object.assign(new WaitStep(), { pollAfterMs: pace.pollAfterMs });
    case 'PASSWORD_RESET_REQUIRED':
      return Object.assign(new PasswordResetRequiredStep(), { prompt: words });
    case 'COLLECTION_STARTED':
      return Object.assign(new CollectionStarted(), { message: words });
    case 'FAILED':
      return Object.assign(new AuthenticationFailed(), { message: words, providerCode: state.providerCode });
  }
}
