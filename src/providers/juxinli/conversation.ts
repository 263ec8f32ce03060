// The collecting conversation as a pure state machine: which answers a state takes, what goes out for each, and
// which state follows from what came back. Total: no state, action or answer throws.
//
//   AWAITING_PASSWORD ─┬─> AWAITING_CAPTCHA ──> COLLECTION_STARTED
//        ▲             ├─> AWAITING_QUERY_PASSWORD ──> …
//        │             ├─> PASSWORD_RESET_REQUIRED ──> (a new password)
//        │             ├─> WAITING ──> (the same turn again)
//        └─ next source┴─> FAILED
//
// States are data: JSON-serialisable, without token, password, captcha or phone.
import type { CollectAnswer, TurnType } from './collect.js';
import type { DataSource } from './data-source.js';
import { meaningOf } from './process-codes.js';

/** What a front-end can do. */
export type Action = Sent | 'CONTINUE';
/** What goes to the provider for it. */
export type Sent = 'SUBMIT_PASSWORD' | 'SUBMIT_CAPTCHA' | 'RESEND_CAPTCHA' | 'SUBMIT_QUERY_PASSWORD';

export type CaptchaReason = 'FIRST' | 'SECOND' | 'WRONG' | 'EXPIRED_AND_RESENT' | 'RESENT';

interface At {
  /** The source that is asked; its `website` goes into every turn. */
  source: DataSource;
}

interface Asking extends At {
  /** The provider's words; "" where it gave none. */
  prompt: string;
}

export interface AwaitingPassword extends Asking {
  kind: 'AWAITING_PASSWORD';
  /** True after a wrong one. */
  retry: boolean;
}

export interface AwaitingCaptcha extends Asking {
  kind: 'AWAITING_CAPTCHA';
  reason: CaptchaReason;
  /** True where the last one was not taken. */
  retry: boolean;
  /** True where the person must text CXXD to 10001 to get the code. */
  requestBySms: boolean;
  /** The wire `type` that a submission has. */
  type: string;
}

export interface AwaitingQueryPassword extends Asking {
  kind: 'AWAITING_QUERY_PASSWORD';
  retry: boolean;
  /** The wire `type` that a submission has. */
  type: string;
}

/** The provider is busy; `repeat` is the turn that asks again. */
export interface Waiting extends At {
  kind: 'WAITING';
  repeat: { action: Sent; type: string };
  /** Kept from before. */
  requestBySms: boolean;
}

/** The person changes it at the operator, then submits the new one. */
export interface PasswordResetRequired extends Asking {
  kind: 'PASSWORD_RESET_REQUIRED';
}

export interface CollectionStarted extends At {
  kind: 'COLLECTION_STARTED';
  /** The provider's words; "" where it gave none. */
  message: string;
}

export interface Failed extends At {
  kind: 'FAILED';
  /** The provider's words; "" where it gave none. */
  message: string;
  providerCode?: string | undefined;
}

export type Conversation =
  | AwaitingPassword
  | AwaitingCaptcha
  | AwaitingQueryPassword
  | Waiting
  | PasswordResetRequired
  | CollectionStarted
  | Failed;

/** How the conversation with a source begins, and where it goes on when what must be sent again is lost. */
export function start(source: DataSource): AwaitingPassword {
  return { kind: 'AWAITING_PASSWORD', source, retry: false, prompt: '' };
}

const legal: Readonly<Record<Conversation['kind'], readonly Action[]>> = {
  AWAITING_PASSWORD: ['SUBMIT_PASSWORD'],
  AWAITING_CAPTCHA: ['SUBMIT_CAPTCHA', 'RESEND_CAPTCHA'],
  AWAITING_QUERY_PASSWORD: ['SUBMIT_QUERY_PASSWORD'],
  WAITING: ['CONTINUE'],
  PASSWORD_RESET_REQUIRED: ['SUBMIT_PASSWORD'],
  COLLECTION_STARTED: [],
  FAILED: [],
};

export function legalAnswers(state: Conversation): readonly Action[] {
  return legal[state.kind];
}

/** True where nothing more can be answered. */
export function isOver(state: Conversation): boolean {
  return legal[state.kind].length === 0;
}

export type Decision =
  /** A turn is to be sent with this wire `type`; its outcome goes to `next` with the same action. */
  | { send: Sent; type: string }
  /** Nothing is to be sent: the conversation goes on like this. */
  | { become: Conversation };

/** What an action comes to in a state; null where it is not legal there. */
export function decide(state: Conversation, action: Action): Decision | null {
  if (!legal[state.kind].includes(action)) return null;
  if (action !== 'CONTINUE') return { send: action, type: typeOf(state, action) };
  if (state.kind !== 'WAITING') return null;
  const { source, repeat, requestBySms } = state;
  // Asking for a code again would be a second SMS: the one asked for may be on its way, so wait for that.
  if (repeat.action === 'RESEND_CAPTCHA') return { become: captcha(source, 'RESENT', { requestBySms }) };
  return { send: repeat.action, type: repeat.type };
}

/** The state that follows on what came back for a turn. */
export function next(state: Conversation, sent: Sent, answer: CollectAnswer): Conversation {
  if (isOver(state)) return state;
  const { source } = state;
  const { content: prompt, nextType } = answer;
  const told = { prompt, nextType };

  switch (meaningOf(answer)) {
    case 'PASSWORD':
      return { ...start(source), prompt };
    case 'WRONG_PASSWORD':
      return { kind: 'AWAITING_PASSWORD', source, retry: true, prompt };
    case 'WEAK_PASSWORD':
      return { kind: 'PASSWORD_RESET_REQUIRED', source, prompt };
    case 'CAPTCHA':
      return captcha(source, sent === 'RESEND_CAPTCHA' ? 'RESENT' : 'FIRST', told);
    case 'SECOND_CAPTCHA':
      return captcha(source, 'SECOND', told);
    case 'WRONG_CAPTCHA':
      return captcha(source, 'WRONG', { ...told, retry: true, requestBySms: bySms(state) });
    case 'CAPTCHA_EXPIRED':
      return captcha(source, 'EXPIRED_AND_RESENT', { ...told, retry: true });
    case 'CAPTCHA_BY_SMS':
      return captcha(source, 'FIRST', { ...told, requestBySms: true });
    case 'CAPTCHA_BY_SMS_EXPIRED':
      return captcha(source, 'EXPIRED_AND_RESENT', { ...told, retry: true, requestBySms: true });
    case 'QUERY_PASSWORD':
      return queryPassword(source, false, told);
    case 'WRONG_QUERY_PASSWORD':
      return queryPassword(source, true, told);
    case 'BUSY': {
      const repeat = { action: sent, type: typeOf(state, sent) };
      return { kind: 'WAITING', source, repeat, requestBySms: bySms(state) };
    }
    case 'SOURCE_DONE':
      if (answer.nextSource && !answer.finish) return start(answer.nextSource);
      return { kind: 'COLLECTION_STARTED', source, message: prompt };
    case 'FAILED':
      return { kind: 'FAILED', source, message: prompt, providerCode: answer.processCode || undefined };
  }
}

interface Told {
  prompt?: string;
  nextType?: string | undefined;
  retry?: boolean;
  requestBySms?: boolean;
}

function captcha(source: DataSource, reason: CaptchaReason, told: Told): AwaitingCaptcha {
  const { prompt = '', nextType, retry = false, requestBySms = false } = told;
  const type = echoed(nextType, 'SUBMIT_CAPTCHA');
  return { kind: 'AWAITING_CAPTCHA', source, reason, retry, requestBySms, prompt, type };
}

function queryPassword(source: DataSource, retry: boolean, told: Told): AwaitingQueryPassword {
  const { prompt = '', nextType } = told;
  const type = echoed(nextType, 'SUBMIT_QUERY_PWD');
  return { kind: 'AWAITING_QUERY_PASSWORD', source, retry, prompt, type };
}

const knownTypes: ReadonlySet<string> = new Set<TurnType>([
  'SUBMIT_CAPTCHA',
  'RESEND_CAPTCHA',
  'SUBMIT_QUERY_PWD',
  'SUBMIT_RESET_PWD',
]);

/** The template's type, unless it is known to mean something else: a submitted code must not ask for a new one. */
function echoed(nextType: string | undefined, own: TurnType): string {
  return nextType === undefined || knownTypes.has(nextType) ? own : nextType;
}

function typeOf(state: Conversation, sent: Sent): string {
  if (state.kind === 'WAITING' && state.repeat.action === sent) return state.repeat.type;
  switch (sent) {
    case 'SUBMIT_PASSWORD':
      return '';
    case 'RESEND_CAPTCHA':
      return 'RESEND_CAPTCHA';
    case 'SUBMIT_CAPTCHA':
      return state.kind === 'AWAITING_CAPTCHA' ? state.type : 'SUBMIT_CAPTCHA';
    case 'SUBMIT_QUERY_PASSWORD':
      return state.kind === 'AWAITING_QUERY_PASSWORD' ? state.type : 'SUBMIT_QUERY_PWD';
  }
}

function bySms(state: Conversation): boolean {
  return 'requestBySms' in state && state.requestBySms;
}
