// A front-end that leads a person through an operator authentication, keeping the latest continuation.
import { eventually } from '../support/eventually.js';
import {
  type OperatorMutation,
  operatorMutations,
  readAuthentication,
} from '../support/operator-operations.js';
import type { CallOptions, GraphQLAnswer, TestServer } from '../support/server.js';

/** Right for everybody in the sandbox, where any number but 000000 is. */
export const PASSWORD = '24681357';
export const QUERY_PASSWORD = '123456';

export const person = { name: '张三', idNumber: '11010519491231002x' };

export interface Telling extends CallOptions {
  key?: string;
}

/** Sends one mutation. */
export function tell(
  server: TestServer,
  mutation: OperatorMutation,
  input: object,
  { key, ...options }: Telling,
): Promise<GraphQLAnswer> {
  return server.graphql(operatorMutations[mutation], { input, ...(key ? { key } : {}) }, options);
}

/** OperatorAuthentication, Refusal or OutcomeUnknown; throws where the answer is an error. */
// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
export function outcomeOf({ data, errors, text }: GraphQLAnswer): any {
  const [outcome] = Object.values(data ?? {});
  if (errors || !outcome) throw new Error(`no outcome but ${text}`);
  return outcome;
}

export class Conversation {
  /** The front-end's state: what it has to keep between two answers. */
  id = '';
  continuation = '';

  constructor(
    /** May be changed for another replica. */
    public server: TestServer,
    readonly phone: string,
    readonly token: string,
  ) {}

  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
  async start(more: object = {}, telling: Omit<Telling, 'token'> = {}): Promise<any> {
    const input = { ...person, phone: this.phone, ...more };
    return this.heard(await this.tell('startOperatorAuthentication', input, telling));
  }

  password(password = PASSWORD, more: object = {}, telling: Omit<Telling, 'token'> = {}) {
    return this.answer('submitServicePassword', { password, ...more }, telling);
  }

  /** @param captcha the newest in the inbox unless given */
  async captcha(captcha?: string, telling: Omit<Telling, 'token'> = {}) {
    return this.answer('submitSmsCaptcha', { captcha: captcha ?? (await this.newestCode()) }, telling);
  }

  resend(telling: Omit<Telling, 'token'> = {}) {
    return this.answer('resendSmsCaptcha', {}, telling);
  }

  queryPassword(password = QUERY_PASSWORD) {
    return this.answer('submitQueryPassword', { password });
  }

  /** What comes where nothing holds it up; on a busy machine anything may first be answered with a WaitStep. */
  async next(answer: ReturnType<Conversation['goOn']>) {
    const told = await answer;
    return told.step?.__typename === 'WaitStep' ? this.joined() : told;
  }

  /** Goes on until there is something else to do than to wait. */
  joined() {
    return eventually(
      () => this.goOn(),
      ({ step }) => step.__typename !== 'WaitStep',
      40_000,
    );
  }

  goOn() {
    return this.answer('continueOperatorAuthentication', {});
  }

  /** Answers with the latest continuation, unless `more` brings another. */
  async answer(mutation: OperatorMutation, more: object, telling: Omit<Telling, 'token'> = {}) {
    return this.heard(await this.send(mutation, more, telling));
  }

  /** The same without listening to the answer. */
  async send(mutation: OperatorMutation, more: object = {}, telling: Omit<Telling, 'token'> = {}) {
    return this.tell(mutation, { id: this.id, continuation: this.continuation, ...more }, telling);
  }

  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
  async seen(): Promise<any> {
    const { data, errors, text } = await this.server.graphql(
      readAuthentication,
      { id: this.id },
      { token: this.token },
    );
    if (errors) throw new Error(text);
    return data.operatorAuthentication;
  }

  async newestCode(): Promise<string> {
    const [newest] = await this.server.inbox(this.phone);
    if (!newest) throw new Error('no code was sent');
    return newest.code;
  }

  /** How many turns the sandbox took of this phone. */
  async turns(): Promise<number> {
    const calls = await this.server.calls({ provider: 'juxinli', phone: this.phone });
    return calls.filter(({ operation }) => operation === 'collect').length;
  }

  private tell(mutation: OperatorMutation, input: object, telling: Omit<Telling, 'token'>) {
    return tell(this.server, mutation, input, { token: this.token, ...telling });
  }

  private heard(answer: GraphQLAnswer) {
    const outcome = outcomeOf(answer);
    if (outcome.id) this.id = outcome.id;
    if (outcome.continuation) this.continuation = outcome.continuation;
    return outcome;
  }
}
