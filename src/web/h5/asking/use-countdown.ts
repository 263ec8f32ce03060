// Counts down from the moment an answer came: a device's clock may be wrong, but it does go.
import { useEffect, useState } from 'react';

const secondsUntil = (until: number) => Math.max(0, Math.ceil((until - Date.now()) / 1_000));

/** Seconds left, 0 when it is over. @param since Date.now() of the moment that `ms` counts from */
export function useCountdown(ms: number | null | undefined, since: number): number {
  const until = since + (ms ?? 0);
  const [, render] = useState(0);
  const left = secondsUntil(until);
  const over = left === 0;
  useEffect(() => {
    if (over) return;
    const timer = setInterval(() => render(secondsUntil(until)), 250);
    return () => clearInterval(timer);
  }, [until, over]);
  return left;
}

/** 125 → 2:05 */
export const minutes = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
