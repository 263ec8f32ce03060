// Asks the server for something on a person's behalf, however often they tap: one wish, one idempotencyKey.
import { useCallback, useRef, useState } from 'react';
import { ApiError } from '../../client/api-error.js';
import type { Progress } from '../../client/client.js';
import type { OutcomeOf, OwnVariables, TypedDocument } from '../../client/typed-document.js';
import { api } from '../api.js';
import { session, sessionEnded } from '../signing-in/session.js';
import { useHere } from './use-here.js';
import { answered, keyFor } from './wishes.js';

export type Asked<Outcome> =
  | { status: 'IDLE' }
  | { status: 'ASKING'; progress: Progress | null }
  | { status: 'ANSWERED'; outcome: Outcome; at: number }
  | { status: 'FAILED'; error: ApiError; at: number };

export interface Asking<Outcome, Variables> {
  asked: Asked<Outcome>;
  pending: boolean;
  /** Null while another is under way, and where no outcome was told. */
  ask(variables: Variables): Promise<Outcome | null>;
  forget(): void;
}

export function useAsk<Result, Variables extends object>(
  document: TypedDocument<Result, Variables>,
): Asking<OutcomeOf<Result>, OwnVariables<Variables>> {
  type Outcome = OutcomeOf<Result>;
  const [asked, setAsked] = useState<Asked<Outcome>>({ status: 'IDLE' });
  const underWay = useRef(false);
  const here = useHere();

  const ask = useCallback(
    async (variables: OwnVariables<Variables>): Promise<Outcome | null> => {
      if (underWay.current) return null;
      underWay.current = true;
      setAsked({ status: 'ASKING', progress: null });
      const wanted = JSON.stringify([session.get()?.name, document.name, variables]);
      try {
        const outcome = await api.mutate(document, variables, {
          idempotencyKey: keyFor(wanted),
          onProgress: (progress) => setAsked({ status: 'ASKING', progress }),
        });
        // What nobody sees is told to whoever asks for the same again.
        if (here.current) setAsked({ status: 'ANSWERED', outcome, at: answered(wanted, outcome) });
        return outcome;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === 'UNAUTHENTICATED') sessionEnded();
        setAsked({ status: 'FAILED', error, at: Date.now() });
        return null;
      } finally {
        underWay.current = false;
      }
    },
    [document, here],
  );

  const forget = useCallback(() => setAsked({ status: 'IDLE' }), []);
  return { asked, pending: asked.status === 'ASKING', ask, forget };
}
