// The conversation that is under way: held in memory only, for its continuation is as good as a password.
import { type Language, language } from '../language.js';
import { store } from '../store.js';
import type { AuthenticationPartsFragment } from './authentication-parts.generated.js';

export type Authentication = AuthenticationPartsFragment;
export type Step = Authentication['step'];
export type StepNamed<Name extends Step['__typename']> = Extract<Step, { __typename: Name }>;

export interface Conversation {
  authentication: Authentication;
  /** What the next answer brings back: the latest that was received. Null where another page received it. */
  continuation: string | null;
  /** When that was. */
  at: number;
  /** Of the words in it. */
  language: Language;
}

export const conversation = store<Conversation | null>(null);

/** An answer of the server. Some come without continuation: the one that is held goes on. */
export function hear(authentication: Authentication): void {
  const before = conversation.get();
  const held = before?.authentication.id === authentication.id ? before : null;
  const { continuation } = authentication;
  const latest = continuation === null && held ? held : { continuation, at: Date.now() };
  conversation.set({
    authentication,
    continuation: latest.continuation,
    at: latest.at,
    language: language(),
  });
}

/** How long it can be gone on with, from the latest answer; by the server's clock alone. */
export const lifeMs = ({ expiresAt, updatedAt }: Authentication) =>
  Date.parse(expiresAt) - Date.parse(updatedAt);

export const isOver = ({ __typename }: Step) =>
  __typename === 'CollectionStarted' || __typename === 'AuthenticationFailed';
