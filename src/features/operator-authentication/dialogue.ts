// Leads the conversation with the operator: one turn at a time, however many replicas and impatient fingers.
//
// A turn may take minutes. Its caller waits for twenty seconds and is then told to come back, while the call
// goes on here; whoever comes back joins it, on whichever replica, and nobody makes a second call beside it.
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../auth/caller.js';
import { Fault } from '../../errors.js';
import { askerOf, type RequestContext } from '../../graphql/context.js';
import { parsePhoneNumber } from '../../phone-number.js';
import { FlowConflict, type Flows } from '../../pipeline/flow.js';
import type { Ledger } from '../../pipeline/ledger.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import type { Settled } from '../../pipeline/request.js';
import { domesticNumber } from '../../providers/juxinli/application.js';
import {
  type Action,
  type Conversation,
  decide,
  isOver,
  next,
  type Sent,
  start,
} from '../../providers/juxinli/conversation.js';
import type { DataSource } from '../../providers/juxinli/data-source.js';
import { type Collected, juxinli } from '../../providers/juxinli/index.js';
import { outcomeUnknown, refusal } from '../outcome.js';
import { type Carried, type Continuations } from './continuation.js';
import type { OperatorAuthentication, OperatorAuthenticationResult } from './schema.js';
import {
  type AuthenticationFlow,
  type AuthenticationState,
  type Pace,
  presentAuthentication,
} from './standing.js';

export interface DialogueSettings extends Pace {
  /** How long a front-end waits for a turn before it is told to come back. */
  patienceMs: number;
}

/** What a front-end answers with. */
export interface Answer {
  id: string;
  continuation: string;
  action: Action;
  given?: Pick<Carried, 'account' | 'password' | 'captcha' | 'queryPwd'>;
  idempotencyKey?: string | undefined;
}

type Result = typeof OperatorAuthenticationResult;

export const FLOW_KIND = 'OPERATOR_AUTHENTICATION';
const JOIN_EVERY_MS = 300;
/** Those beyond are told at once that it goes on: waiting takes room that others need, and no limit counts it. */
const MOST_JOINED = 4;

export class Dialogue {
  /** How many wait for the call of each flow. */
  private readonly joined = new Map<string, number>();

  constructor(
    private readonly pipeline: Pipeline,
    private readonly ledger: Ledger,
    private readonly flows: Flows,
    private readonly continuations: Continuations,
    private readonly settings: DialogueSettings,
  ) {}

  /** The caller's own; null for someone else's. */
  async own(id: string, { actor }: Caller): Promise<AuthenticationFlow | null> {
    return this.flows.readOwn<AuthenticationState, never>(FLOW_KIND, id, actor);
  }

  /** @throws Fault BAD_USER_INPUT for an id or a continuation that is not the caller's */
  async answer(context: RequestContext, caller: Caller, answer: Answer): Promise<Result> {
    const flow = await this.own(answer.id, caller);
    const conversation = flow?.state.conversation;
    if (!flow || !conversation) {
      throw new Fault('BAD_USER_INPUT', { field: 'input.id', message: 'There is no such authentication.' });
    }
    const carried = await this.continuations.open(
      { actor: caller.actor, flow: flow.id },
      answer.continuation,
    );
    requireOwnAccount(answer, conversation.source, carried.phone);
    const decision = decide(conversation, answer.action);
    const kept = { ...ofSource(carried, conversation), ...answer.given };
    const turn = {
      ...kept,
      broughtBy: answer.action === 'CONTINUE' ? kept.broughtBy : context.requestId,
      account: kept.account ?? domesticNumber(carried.phone),
      website: conversation.source.website,
    };
    if (flow.running) {
      // What comes beside a call is not sent. Most likely it is the same once more, so it is what to go on with.
      const seen = answer.action === 'CONTINUE' ? await this.join(flow) : flow;
      return this.present(seen, decision ? turn : carried, context);
    }
    if (!decision) {
      // With a key it may be a repeat, and the first answer's continuation holds more than this one can.
      return this.present(flow, answer.idempotencyKey === undefined ? carried : null, context);
    }
    if ('become' in decision) return this.present(await this.move(flow, decision.become), carried, context);

    // After a lost answer, the continuation may be older than what the provider wants again.
    if (!hasWhatItTakes(turn, decision.send)) {
      return this.present(await this.move(flow, start(conversation.source)), carried, context);
    }
    return this.take(context, flow, { ...answer, ...decision, turn });
  }

  /** Presents a flow with a continuation for what may be answered next. */
  async present(
    flow: AuthenticationFlow,
    carried: Carried | null,
    { language, requestId }: RequestContext,
  ): Promise<Result> {
    const authentication: OperatorAuthentication | null = presentAuthentication(
      flow,
      language,
      this.settings,
    );
    const { conversation } = flow.state;
    if (!authentication || !conversation)
      return outcomeUnknown({ outcome: 'UNKNOWN', requestId }, { language });
    if (carried && !isOver(conversation)) {
      const kept = flow.running ? carried : stillWanted(carried, conversation);
      authentication.continuation = await this.continuations.seal({ actor: flow.actor, flow: flow.id }, kept);
    }
    return authentication;
  }

  /** Sends one turn, and waits for it as long as a front-end may be kept waiting. */
  private async take(
    context: RequestContext,
    flow: AuthenticationFlow,
    {
      action,
      send,
      type,
      turn,
      idempotencyKey,
    }: Answer & { send: Sent; type: string; turn: Carried & { website: string } },
  ): Promise<Result> {
    const { phone, broughtBy, ...sent } = turn;
    const ending = this.pipeline.run({
      requestId: context.requestId,
      asker: askerOf(context),
      operation: juxinli.operations.collect,
      input: { ...onlyFor(send, sent), type },
      phone,
      account: guessedAccount(turn),
      subjects: [{ kind: 'phone', value: phone }],
      purpose: send,
      attempt: action === 'CONTINUE' && broughtBy === flow.state.sent ? 'POLL' : undefined,
      step: {
        from: { goOn: flow },
        after: ({ state }: { state: AuthenticationState }, settled: Settled<Collected> | null) => ({
          state: afterTurn(state, send, broughtBy, settled),
        }),
      },
      idempotencyKey,
      repeatable: { id: flow.id, action },
    });
    const patience = new AbortController();
    try {
      const settled = await Promise.race([
        ending,
        sleep(this.settings.patienceMs, 'PATIENCE' as const, { signal: patience.signal }),
      ]);
      if (settled === 'PATIENCE') {
        // It goes on; whoever comes back joins it.
        ending.catch(() => {});
        return this.present({ ...flow, running: true }, turn, context);
      }
      if (settled.outcome === 'REFUSED') return refusal(settled, context);
      if (settled.outcome === 'UNKNOWN') return outcomeUnknown(settled, context);
      const moved = await this.flows.read<AuthenticationState, never>(FLOW_KIND, flow.id);
      return this.present(moved ?? flow, settled.replayed ? null : turn, context);
    } catch (error) {
      if (!(error instanceof FlowConflict)) throw error;
      // Somebody else's turn came first: nothing was sent, and theirs is what there is to see.
      const moved = await this.flows.read<AuthenticationState, never>(FLOW_KIND, flow.id);
      return this.present(moved ?? flow, turn, context);
    } finally {
      patience.abort();
    }
  }

  /** Waits for the call that is under way, wherever it is. */
  private async join(flow: AuthenticationFlow): Promise<AuthenticationFlow> {
    const waiting = this.joined.get(flow.id) ?? 0;
    if (waiting >= MOST_JOINED) return flow;
    this.joined.set(flow.id, waiting + 1);
    try {
      const until = Date.now() + this.settings.patienceMs;
      let seen = flow;
      while (seen.running && Date.now() < until) {
        await sleep(JOIN_EVERY_MS);
        seen = (await this.flows.read<AuthenticationState, never>(FLOW_KIND, flow.id)) ?? seen;
      }
      return seen;
    } finally {
      const left = (this.joined.get(flow.id) ?? 1) - 1;
      if (left > 0) this.joined.set(flow.id, left);
      else this.joined.delete(flow.id);
    }
  }

  /** Moves the flow without a call; where somebody else moved it first, theirs is what there is to see. */
  private async move(flow: AuthenticationFlow, conversation: Conversation): Promise<AuthenticationFlow> {
    const at = new Date();
    const state = { ...flow.state, conversation };
    const verdict = await this.ledger.move({
      id: uuidv7(),
      at: at.toISOString(),
      step: { id: flow.id, kind: FLOW_KIND, version: flow.version, state },
    });
    if (verdict === 'WRITTEN') return { ...flow, state, updatedAt: at };
    return (await this.flows.read<AuthenticationState, never>(FLOW_KIND, flow.id)) ?? flow;
  }
}

function afterTurn(
  state: AuthenticationState,
  send: Sent,
  sent: string | undefined,
  settled: Settled<Collected> | null,
): AuthenticationState {
  if (settled?.outcome !== 'ACCEPTED' || !state.conversation) return state;
  const { answer } = settled.value;
  return {
    conversation: next(state.conversation, send, answer),
    providerCode: answer.processCode || undefined,
    sent,
  };
}

/** Account and password are for one source, and are not shown to the next. */
function ofSource(carried: Carried, { source }: Conversation): Carried {
  if (carried.website === source.website) return carried;
  return { phone: carried.phone, token: carried.token };
}

/** What to carry on with: not what was wrong, and not what was used up. */
function stillWanted(carried: Carried, conversation: Conversation): Carried {
  const { captcha, queryPwd, password, ...rest } = ofSource(carried, conversation);
  switch (conversation.kind) {
    case 'AWAITING_PASSWORD':
    case 'PASSWORD_RESET_REQUIRED':
      return rest;
    case 'WAITING':
      return { ...rest, password, captcha, queryPwd };
    default:
      return { ...rest, password };
  }
}

function hasWhatItTakes({ password, captcha, queryPwd }: Carried, send: Sent): boolean {
  if (password === undefined) return false;
  if (send === 'SUBMIT_CAPTCHA') return captcha !== undefined;
  return send !== 'SUBMIT_QUERY_PASSWORD' || queryPwd !== undefined;
}

/** A turn without what an earlier one used up. */
function onlyFor<Turn extends Pick<Carried, 'captcha' | 'queryPwd'>>(send: Sent, turn: Turn) {
  const { captcha, queryPwd, ...rest } = turn;
  if (send === 'SUBMIT_CAPTCHA') return { ...rest, captcha };
  return send === 'SUBMIT_QUERY_PASSWORD' ? { ...rest, queryPwd } : rest;
}

/**
 * An operator's account is the phone, and a phone that is an account elsewhere is its owner's. Under another one,
 * guesses of somebody's password would be counted for a phone that is not theirs.
 */
function requireOwnAccount({ given }: Answer, { category }: DataSource, phone: string): void {
  const account = given?.account;
  if (account === undefined) return;
  const asPhone = parsePhoneNumber(account);
  if (asPhone === phone || (asPhone === null && category.trim().toLowerCase() !== MOBILE)) return;
  throw new Fault('BAD_USER_INPUT', {
    field: 'input.account',
    message:
      'input.account must be the phone itself at its operator, or be left out; elsewhere it must not be the phone of somebody else.',
  });
}

const MOBILE = 'mobile';

/** The phone is counted anyway; an account under another name is somebody's whatever phone the conversation is about. */
function guessedAccount({ account, website, phone }: Carried & { website: string }) {
  if (account === undefined || parsePhoneNumber(account) === phone) return undefined;
  return { at: website, name: account };
}
