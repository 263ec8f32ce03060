// Where what the person was at is replaced by what comes next, the focus goes on there: whoever types goes on typing.
import { type RefObject, useEffect } from 'react';

/** With each new `next`, the first field in the box takes the focus, unless the person is somewhere else. */
export function useFocusWithin(box: RefObject<HTMLElement | null>, next: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each
  useEffect(() => {
    const at = document.activeElement;
    if (at !== null && at !== document.body && !box.current?.contains(at)) return;
    const first = box.current?.querySelector<HTMLElement>('input, a.button');
    first?.focus();
    if (first instanceof HTMLInputElement) first.select();
  }, [next]);
}
