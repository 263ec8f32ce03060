// The page's client: one for all components.
import { createClient } from '../client/client.js';
import type { SubscriptionSettings } from '../client/subscriptions.js';
import { solveHumanCheck } from './human-check/solve.js';
import { language, languageTag } from './language.js';
import { session } from './signing-in/session.js';

const settings: SubscriptionSettings = {
  url: new URL('/graphql', location.href).href,
  clientId: 'h5',
  token: () => session.get()?.token ?? null,
  language: () => languageTag[language()],
};

export const api = createClient({ ...settings, solveHumanCheck });

/** Loaded when first needed: not every screen listens. */
export const subscriptions = once(async () => {
  const { openSubscriptions } = await import('../client/subscriptions.js');
  return openSubscriptions(settings);
});

/** What failed is made anew when it is wanted again. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((cause: unknown) => {
      made = undefined;
      throw cause;
    });
    return made;
  };
}
