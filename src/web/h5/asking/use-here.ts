// Whether a screen is still there when what it asked for is answered: whoever has left is not led away again.
import { type RefObject, useEffect, useRef } from 'react';

export function useHere(): Readonly<RefObject<boolean>> {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return here;
}
