// Follows what the screen is like.
import { useCallback, useSyncExternalStore } from 'react';

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

export const useNarrow = () => useMedia('(max-width: 820px)');
export const useStill = () => useMedia('(prefers-reduced-motion: reduce)');
export const useDark = () => useMedia('(prefers-color-scheme: dark)');
