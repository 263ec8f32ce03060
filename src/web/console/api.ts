// The page's client: one for all components.
import { ApiError } from '../client/api-error.js';
import { createClient } from '../client/client.js';
import type { SubscriptionSettings, Subscriptions } from '../client/subscriptions.js';
import { language, languageTag } from './language.js';
import { session } from './signing-in/session.js';

const settings: SubscriptionSettings = {
  url: new URL('/graphql', location.href).href,
  clientId: 'console',
  token: () => session.get()?.token ?? null,
  language: () => languageTag[language()],
};

export const api = createClient(settings);

let opened: Promise<Subscriptions> | undefined;

/** Loaded when first needed: not everybody watches the log live. @throws ApiError where it cannot be loaded now */
export function subscriptions(): Promise<Subscriptions> {
  opened ??= import('../client/subscriptions.js').then(
    ({ openSubscriptions }) => openSubscriptions(settings),
    (cause: unknown) => {
      opened = undefined;
      throw new ApiError('NO_ANSWER', 'A part of the page could not be loaded.', { cause });
    },
  );
  return opened;
}
