// After an unknown outcome of which more may be known later, asks again for the same: with the same key, so that
// nothing happens twice.
import { useEffect, useRef, useState } from 'react';

type Told = { __typename: string; pollAfterMs?: number | null } | null;

export function usePolled<Input>(ask: (input: Input) => Promise<Told>) {
  const [waiting, setWaiting] = useState<{ input: Input; afterMs: number } | null>(null);
  const latest = useRef(ask);
  latest.current = ask;

  const askUntilTold = async (input: Input) => {
    setWaiting(null);
    const told = await latest.current(input);
    const afterMs = told?.__typename === 'OutcomeUnknown' ? told.pollAfterMs : null;
    if (afterMs != null) setWaiting({ input, afterMs });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: waits once for each answer
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => askUntilTold(waiting.input), waiting.afterMs);
    return () => clearTimeout(timer);
  }, [waiting]);

  return { polling: waiting !== null, askUntilTold };
}
