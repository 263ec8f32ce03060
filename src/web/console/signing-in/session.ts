// Who is signed in. The token rests in this tab's sessionStorage only, and is gone with the tab.
import { store } from '../../h5/store.js';
import { roleClaim } from '../settings.js';

export interface Session {
  token: string;
  /** The token's sub, for show. */
  name: string;
  /** As the token claims. What they may do is the server's to judge; here it decides what is offered. */
  isAdmin: boolean;
  isAuditor: boolean;
  /** Epoch in ms; null where the token does not say. */
  expiresAt: number | null;
}

export type DevelopmentRole = 'auditor' | 'admin';

const KEY = 'yanzheng:console:token';

export const session = store<Session | null>(null);
/** The server did not take the token any more, or its time was over. */
export const hasEnded = store(false);

let timer: ReturnType<typeof setTimeout> | undefined;

/** @throws where no token can be had */
export async function signInForDevelopment(role: DevelopmentRole): Promise<void> {
  const response = await fetch(`/development/token?role=${role}`, { cache: 'no-store' });
  if (!response.ok) throw new Error(`/development/token: HTTP ${response.status}`);
  const { token } = (await response.json()) as { token: string };
  signInWith(token);
}

export function signInWith(token: string): void {
  const bare = token.trim().replace(/^bearer\s+/i, '');
  sessionStorage.setItem(KEY, bare);
  hasEnded.set(false);
  const next = read(bare);
  clearTimeout(timer);
  // A timer of more than 24.8 days fires at once. Where the time seems over already, this clock may be wrong: it is the
  // server's to judge.
  const left = next.expiresAt === null ? Number.POSITIVE_INFINITY : next.expiresAt - Date.now();
  if (left > 0 && left < 2 ** 31) timer = setTimeout(sessionEnded, left);
  session.set(next);
}

export function signOut(): void {
  clearTimeout(timer);
  sessionStorage.removeItem(KEY);
  session.set(null);
}

/** The server says that nobody is signed in. */
export function sessionEnded(): void {
  if (session.get() === null) return;
  hasEnded.set(true);
  signOut();
}

/** After a reload of the tab. */
export function resume(): void {
  const token = sessionStorage.getItem(KEY);
  if (token !== null) signInWith(token);
}

function read(token: string): Session {
  const claims = claimsOf(token);
  const { sub, exp } = claims as { sub?: unknown; exp?: unknown };
  const roles = [claimOf(claims, roleClaim())].flat();
  return {
    token,
    name: typeof sub === 'string' ? sub : '',
    isAdmin: roles.includes('admin'),
    isAuditor: roles.includes('auditor'),
    expiresAt: typeof exp === 'number' ? exp * 1_000 : null,
  };
}

function claimsOf(token: string): object {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (sign) => sign.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

/** As the server looks for it: by its whole name, or by a path of names with dots. */
function claimOf(claims: object, name: string): unknown {
  if (Object.hasOwn(claims, name)) return (claims as Record<string, unknown>)[name];
  return name.split('.').reduce<unknown>((value, part) => {
    const inner = typeof value === 'object' && value !== null && Object.hasOwn(value, part);
    return inner ? (value as Record<string, unknown>)[part] : undefined;
  }, claims);
}
