// Which view is open, by the address behind #: nothing of it goes to the server, and a reload stays. Whom a search is
// about is never part of it: addresses rest in histories, and are passed on.
import { useSyncExternalStore } from 'react';

export const views = ['records', 'summary', 'providers', 'integrity'] as const;
export type View = (typeof views)[number];

export interface Route {
  view: View;
  /** The record that is open. */
  id: string | undefined;
  query: URLSearchParams;
}

export function addressOf({
  view,
  id,
  query,
}: {
  view: View;
  id?: string | undefined;
  query?: URLSearchParams;
}) {
  const search = query?.toString();
  return `#/${view}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${search ? `?${search}` : ''}`;
}

export function open(route: Parameters<typeof addressOf>[0]) {
  location.hash = addressOf(route);
}

/** Going back leads past what is replaced. */
export function replace(route: Parameters<typeof addressOf>[0]) {
  history.replaceState(null, '', addressOf(route));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

export function routeOf(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name = '', id] = path.split('/');
  return {
    view: views.find((known) => known === name) ?? 'records',
    id: id ? decodeURIComponent(id) : undefined,
    query: new URLSearchParams(search),
  };
}

const subscribe = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

let known = { hash: location.hash, route: routeOf(location.hash) };

/** The same object for as long as the address stays. */
export function route(): Route {
  if (known.hash !== location.hash) known = { hash: location.hash, route: routeOf(location.hash) };
  return known.route;
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, route);
