// Listens to the log while it is wanted.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ApiError } from '../../client/api-error.js';
import type { Subscriptions } from '../../client/subscriptions.js';
import { subscriptions } from '../api.js';
import { asApiError } from '../asking/use-query.js';
import { RecordAdded } from './record-added.generated.js';
import type { RecordLine } from './use-records.js';

export type Live = 'OFF' | 'CONNECTING' | 'ON' | 'FAILED';

/** Faults that pass: it listens again after a pause, which grows, since each time is itself logged. */
const passing: ReadonlySet<string> = new Set(['OVERLOADED', 'AUDIT_UNAVAILABLE', 'INTERNAL', 'NO_ANSWER']);
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** In a row; some four minutes. */
const MOST_FAULTS = 8;

export interface Listening {
  live: Live;
  /** Why it FAILED. */
  error: ApiError | null;
  again: () => void;
}

/**
 * @param onRecord of each record that is added
 * @param onConnected once it listens, and each time that it listens again: what was added before is not told
 */
export function useLive(
  wanted: boolean,
  onRecord: (record: RecordLine) => void,
  onConnected: () => void,
): Listening {
  const [live, setLive] = useState<Live>('OFF');
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const latest = useRef({ onRecord, onConnected });
  latest.current = { onRecord, onConnected };
  const faults = useRef(0);
  const listen = useCallback(() => setAttempt((count) => count + 1), []);
  const again = useCallback(() => {
    faults.current = 0;
    listen();
  }, [listen]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt listens anew
  useEffect(() => {
    if (!wanted) {
      setLive('OFF');
      return;
    }
    let stop = () => {};
    let here = true;
    let connected = false;
    let pause: ReturnType<typeof setTimeout> | undefined;
    setLive('CONNECTING');
    setError(null);
    const fail = (cause: unknown) => {
      stop();
      const reason = asApiError(cause);
      const passes = passing.has(reason.code) && faults.current < MOST_FAULTS;
      setLive(passes ? 'CONNECTING' : 'FAILED');
      if (!passes) return setError(reason);
      const longer = Math.min(PAUSE_MS * 2 ** faults.current, LONGEST_PAUSE_MS);
      faults.current += 1;
      pause = setTimeout(listen, Math.max(reason.retryAfterMs ?? 0, longer));
    };
    const begin = (client: Subscriptions) => {
      if (!here) return;
      stop = client.subscribe(
        RecordAdded,
        {},
        {
          next: ({ auditRecordAdded }) => {
            faults.current = 0;
            latest.current.onRecord(auditRecordAdded);
          },
          connected: (now) => {
            setLive(now ? 'ON' : 'CONNECTING');
            if (now && !connected) latest.current.onConnected();
            connected = now;
          },
          error: fail,
        },
      );
    };
    void subscriptions().then(begin, (cause: unknown) => {
      if (here) fail(cause);
    });
    return () => {
      here = false;
      clearTimeout(pause);
      stop();
    };
  }, [wanted, attempt]);

  return { live, error, again };
}
