// Listens to the log while it is wanted.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ApiError } from '../../client/api-error.js';
import { subscriptions } from '../api.js';
import { asApiError } from '../asking/use-query.js';
import { RecordAdded } from './record-added.generated.js';
import type { RecordLine } from './use-records.js';

export type Live = 'OFF' | 'CONNECTING' | 'ON' | 'FAILED';

/** Faults that pass: it listens again after a pause. */
const passing: ReadonlySet<string> = new Set(['OVERLOADED', 'AUDIT_UNAVAILABLE', 'INTERNAL', 'NO_ANSWER']);
const PAUSE_MS = 5_000;

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
  const again = useCallback(() => setAttempt((count) => count + 1), []);

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
    void subscriptions().then((client) => {
      if (!here) return;
      stop = client.subscribe(
        RecordAdded,
        {},
        {
          next: ({ auditRecordAdded }) => latest.current.onRecord(auditRecordAdded),
          connected: (now) => {
            setLive(now ? 'ON' : 'CONNECTING');
            if (now && !connected) latest.current.onConnected();
            connected = now;
          },
          error: (cause) => {
            stop();
            const reason = asApiError(cause);
            const passes = passing.has(reason.code);
            setLive(passes ? 'CONNECTING' : 'FAILED');
            if (passes) pause = setTimeout(again, reason.retryAfterMs ?? PAUSE_MS);
            else setError(reason);
          },
        },
      );
    });
    return () => {
      here = false;
      clearTimeout(pause);
      stop();
    };
  }, [wanted, attempt]);

  return { live, error, again };
}
