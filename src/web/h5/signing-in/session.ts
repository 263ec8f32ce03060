// Who is signed in. The token stays in memory; in development a reload fetches another.
import { isDevelopment } from '../settings.js';
import { store } from '../store.js';

export interface Session {
  token: string;
  /** The token's sub, for show. */
  name: string;
}

const RESUME = 'yanzheng:h5:signed-in';

export const session = store<Session | null>(null);
/** The server did not take the token any more. */
export const hasEnded = store(false);

/** @throws where no token can be had */
export async function signInForDevelopment(): Promise<void> {
  const response = await fetch('/development/token?role=user', { cache: 'no-store' });
  if (!response.ok) throw new Error(`/development/token: HTTP ${response.status}`);
  const { token } = (await response.json()) as { token: string };
  signInWith(token);
  sessionStorage.setItem(RESUME, 'development');
}

/** With a token of the application's own sign-in. */
export function signInWith(token: string): void {
  const bare = token.trim().replace(/^bearer\s+/i, '');
  hasEnded.set(false);
  session.set({ token: bare, name: nameIn(bare) });
}

export function signOut(): void {
  sessionStorage.removeItem(RESUME);
  session.set(null);
}

/** The server says that nobody is signed in. */
export function sessionEnded(): void {
  hasEnded.set(session.get() !== null);
  signOut();
}

/** After a reload, and after the way to the signing page and back. */
export async function resume(): Promise<void> {
  if (isDevelopment() && sessionStorage.getItem(RESUME) !== null) await signInForDevelopment().catch(signOut);
}

// For show only; whether the token holds is the server's to judge.
function nameIn(token: string): string {
  try {
    const payload = token.split('.')[1] ?? '';
    return String(
      (JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: unknown }).sub ?? '',
    );
  } catch {
    return '';
  }
}
