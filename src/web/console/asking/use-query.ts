// What a view shows of the server: loading, there, or why not. What was there stays while it is asked for anew.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../../client/api-error.js';
import type { TypedDocument } from '../../client/typed-document.js';
import { api } from '../api.js';
import { sessionEnded } from '../signing-in/session.js';

export interface Found<Result> {
  /** Undefined until there; of the same question. */
  data: Result | undefined;
  error: ApiError | null;
  loading: boolean;
  /** When it was answered. */
  at: number | undefined;
  again: () => void;
}

/** @param variables one and the same object for as long as it is the same question */
export function useQuery<Result, Variables extends object>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
): Found<Result> {
  type State = Omit<Found<Result>, 'again' | 'loading'> & { variables: Variables };
  const [state, setState] = useState<State>({ variables, data: undefined, error: null, at: undefined });
  const [loading, setLoading] = useState(true);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    let wanted = true;
    setLoading(true);
    api.query(document, variables).then(
      (data) => {
        if (!wanted) return;
        setState({ variables, data, error: null, at: Date.now() });
        setLoading(false);
      },
      (cause: unknown) => {
        const error = asApiError(cause);
        if (!wanted) return;
        setState((before) => ({
          ...(before.variables === variables ? before : { data: undefined, at: undefined }),
          variables,
          error,
        }));
        setLoading(false);
      },
    );
    return () => {
      wanted = false;
    };
  }, [document, variables, attempt]);

  const again = useCallback(() => setAttempt((count) => count + 1), []);
  const present = state.variables === variables ? state : { data: undefined, error: null, at: undefined };
  return { data: present.data, error: present.error, at: present.at, loading, again };
}

/** Asks again with each new `wish` of somebody further up, such as how often refresh was clicked. */
export function useAgainWith(wish: number, again: () => void): void {
  const answered = useRef(wish);
  useEffect(() => {
    if (answered.current === wish) return;
    answered.current = wish;
    again();
  }, [wish, again]);
}

/** Errors of the server are data to a view; all others are bugs. A sign-in that has ended is seen everywhere. */
export function asApiError(cause: unknown): ApiError {
  if (!(cause instanceof ApiError)) throw cause;
  if (cause.code === 'UNAUTHENTICATED') sessionEnded();
  return cause;
}
