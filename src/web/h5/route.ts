// Which screen is open, by the address behind #: nothing of it goes to the server, and a reload stays.
import { useSyncExternalStore } from 'react';

const screens = ['register', 'bank-code', 'operator', 'binding'] as const;
export type Screen = 'home' | (typeof screens)[number];

export interface Route {
  screen: Screen;
  /** Of the authentication or the binding that is open. */
  id: string | undefined;
}

export const addressOf = (screen: Screen, id?: string) =>
  screen === 'home' ? '#/' : `#/${screen}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

export function open(screen: Screen, id?: string) {
  location.hash = addressOf(screen, id);
}

/** The same screen goes on under another address: going back leads past it. */
export function goOnAs(screen: Screen, id?: string) {
  history.replaceState(null, '', addressOf(screen, id));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

let returned = false;

/** Signing leads back to an address of its own, with ?binding=ID. */
export function takeUpReturn() {
  const binding = new URLSearchParams(location.search).get('binding');
  if (binding === null) return;
  returned = true;
  history.replaceState(null, '', `/h5/${addressOf('binding', binding)}`);
}

/** The person comes from signing, maybe out of another application. */
export const hasReturned = () => returned;

const subscribe = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const [name = '', id] = hash.replace(/^#\/?/, '').split('/');
  const screen = screens.find((known) => known === name) ?? 'home';
  return { screen, id: id ? decodeURIComponent(id) : undefined };
}
