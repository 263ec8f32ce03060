// Listens to the log while it is wanted.
import { useEffect, useRef, useState } from 'react';
import type { ApiError } from '../../client/api-error.js';
import { subscriptions } from '../api.js';
import { RecordAdded } from './record-added.generated.js';
import type { RecordLine } from './use-records.js';

export type Live = 'OFF' | 'CONNECTING' | 'ON' | 'FAILED';

/**
 * @param onRecord of each record that is added
 * @param onConnected once it listens, and each time that it listens again: what was added before is not told
 */
export function useLive(
  wanted: boolean,
  onRecord: (record: RecordLine) => void,
  onConnected: () => void,
): { live: Live; error: ApiError | null } {
  const [live, setLive] = useState<Live>('OFF');
  const [error, setError] = useState<ApiError | null>(null);
  const latest = useRef({ onRecord, onConnected });
  latest.current = { onRecord, onConnected };

  useEffect(() => {
    if (!wanted) {
      setLive('OFF');
      return;
    }
    let stop = () => {};
    let here = true;
    let connected = false;
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
          error: (reason) => {
            setError(reason);
            setLive('FAILED');
          },
        },
      );
    });
    return () => {
      here = false;
      stop();
    };
  }, [wanted]);

  return { live, error };
}
