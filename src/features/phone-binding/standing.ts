// Where a phone binding stands, as it rests and as its owner sees it.
import { maskPhone } from '../../audit/mask.js';
import { mayActFor } from '../../auth/may-act-for.js';
import type { RequestContext } from '../../graphql/context.js';
import type { Text } from '../../language.js';
import type { Flow } from '../../pipeline/flow.js';
import type { BindingKind, PhoneBindingStatus } from '../../providers/tongqifu/status.js';
import { PhoneBinding } from './schema.js';

/** Nothing personal. */
export interface BindingState {
  kind: BindingKind;
  /** Absent until the provider's answer, or a notice, tells. */
  status?: PhoneBindingStatus | undefined;
  traceNumber?: string | undefined;
  providerCode?: string | undefined;
  /** Where the browser goes after signing; absent: this server's own page. */
  returnUrl?: string | undefined;
  /** Digests of the notices that were handled, newest last. */
  notices: readonly string[];
}

/** Rests sealed. */
export interface BindingPersonal {
  memberId: string;
  /** E.164. */
  phone: string;
  signingUrl?: string | undefined;
}

export type BindingFlow = Flow<BindingState, BindingPersonal>;

const messages: Record<PhoneBindingStatus, Text> = {
  CODE_SENT: { zh: '验证码已发送，请输入短信中的验证码。', en: 'A code was sent; please enter it.' },
  AWAITING_SIGNATURE: { zh: '请打开签约页面完成签署。', en: 'Please open the signing page and sign.' },
  UNDER_REVIEW: { zh: '申请已受理，正在审核。', en: 'The application is under review.' },
  BOUND: { zh: '手机号绑定成功。', en: 'The phone is bound.' },
  FAILED: { zh: '手机号绑定未成功。', en: 'The phone could not be bound.' },
};

/**
 * Null while nobody knows whether the provider took the application. Where to sign is told only to who may still act
 * for the member: a token may allow less than the one that applied.
 */
export function presentBinding(
  flow: BindingFlow,
  { caller, language }: Pick<RequestContext, 'caller' | 'language'>,
): PhoneBinding | null {
  const { state, personal } = flow;
  const maySign = personal && caller && mayActFor(caller, 'memberId', personal.memberId);
  if (state.status === undefined) return null;
  return Object.assign(new PhoneBinding(), {
    id: flow.id,
    status: state.status,
    memberId: personal?.memberId,
    maskedPhone: personal && maskPhone(personal.phone),
    traceNumber: state.traceNumber,
    signingUrl: state.status === 'AWAITING_SIGNATURE' && maySign ? personal.signingUrl : undefined,
    message: messages[state.status][language],
    providerCode: state.providerCode,
    updatedAt: flow.updatedAt,
  });
}
