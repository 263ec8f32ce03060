// A value that components follow.
import { useSyncExternalStore } from 'react';

export interface Store<Value> {
  get(): Value;
  set(value: Value): void;
  /** Within a component: its present value, and rendered again with each new one. */
  use(): Value;
}

export function store<Value>(initial: Value): Store<Value> {
  let present = initial;
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const get = () => present;
  return {
    get,
    set(value) {
      present = value;
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}
