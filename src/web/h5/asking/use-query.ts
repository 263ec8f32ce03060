// What a screen shows of the server: loading, there, or why not.
import { useCallback, useEffect, useState } from 'react';
import { ApiError } from '../../client/api-error.js';
import type { TypedDocument } from '../../client/typed-document.js';
import { api } from '../api.js';
import { sessionEnded } from '../signing-in/session.js';

export type Found<Result> =
  | { status: 'LOADING' }
  | { status: 'THERE'; data: Result }
  | { status: 'FAILED'; error: ApiError };

/** @param variables one and the same object for as long as it should not be asked again */
export function useQuery<Result, Variables extends object>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
): [Found<Result>, () => void] {
  const [found, setFound] = useState<Found<Result>>({ status: 'LOADING' });
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    let wanted = true;
    setFound({ status: 'LOADING' });
    api.query(document, variables).then(
      (data) => wanted && setFound({ status: 'THERE', data }),
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === 'UNAUTHENTICATED') sessionEnded();
        if (wanted) setFound({ status: 'FAILED', error });
      },
    );
    return () => {
      wanted = false;
    };
  }, [document, variables, attempt]);

  const again = useCallback(() => setAttempt((count) => count + 1), []);
  return [found, again];
}
