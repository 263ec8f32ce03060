// Follows a binding: by subscription, and by asking now and then while that is not connected.
import { useCallback, useEffect, useState } from 'react';
import { ApiError } from '../../client/api-error.js';
import type { Subscriptions } from '../../client/subscriptions.js';
import { api, subscriptions } from '../api.js';
import { useLanguage } from '../language.js';
import { sessionEnded } from '../signing-in/session.js';
import { FindPhoneBinding } from './phone-binding.generated.js';
import { PhoneBindingUpdated } from './phone-binding-updated.generated.js';
import { justApplied, type Standing } from './standing.js';

const ASK_EVERY_MS = 4_000;

function known(id: string): Standing | undefined {
  const standing = justApplied.get();
  return standing?.id === id ? standing : undefined;
}

export interface Followed {
  /** Undefined until told; null where there is none of this caller. */
  standing: Standing | null | undefined;
  /** Changes are told as they happen. */
  live: boolean;
  /** Nothing could be learned yet. */
  error: ApiError | null;
}

export function useStanding(id: string): Followed & { hear: (standing: Standing) => void } {
  const [followed, setFollowed] = useState<Followed>(() => ({
    standing: known(id),
    live: false,
    error: null,
  }));
  const language = useLanguage();
  const change = useCallback(
    (part: Partial<Followed>) => setFollowed((present) => ({ ...present, ...part })),
    [],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: in another language it is told anew
  useEffect(() => {
    let stop = () => {};
    let wanted = true;
    const begin = (client: Subscriptions) => {
      if (!wanted) return;
      stop = client.subscribe(
        PhoneBindingUpdated,
        { id },
        {
          next: ({ phoneBindingUpdated: standing }) => change({ standing, error: null }),
          connected: (live) => change({ live }),
          // It will not go on by itself: what can be known is asked for below.
          error: ({ code }) => {
            if (code === 'UNAUTHENTICATED') sessionEnded();
            change({ live: false });
          },
        },
      );
    };
    // Where it cannot be loaded, the same holds.
    subscriptions().then(begin, () => {});
    return () => {
      wanted = false;
      stop();
    };
  }, [id, language, change]);

  const { live } = followed;
  useEffect(() => {
    if (live) return;
    let wanted = true;
    const look = () =>
      api.query(FindPhoneBinding, { id }).then(
        ({ phoneBinding: standing }) => wanted && change({ standing, error: null }),
        (error: unknown) => {
          if (!(error instanceof ApiError)) throw error;
          if (error.code === 'UNAUTHENTICATED') sessionEnded();
          if (wanted) change({ error });
        },
      );
    // Usually the subscription is there first.
    const first = setTimeout(look, 1_000);
    const timer = setInterval(look, ASK_EVERY_MS);
    return () => {
      wanted = false;
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [live, id, change]);

  const hear = useCallback((standing: Standing) => change({ standing }), [change]);
  return { ...followed, hear };
}
