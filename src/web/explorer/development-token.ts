// Hands out a development token for a role, fetched once and again shortly before it expires; held in memory only.
import type { Role } from './operations.js';

const held = new Map<Role, Promise<string | null>>();

/** Null where the server issues none (production). */
export async function developmentToken(role: Role): Promise<string | null> {
  const known = await held.get(role);
  if (known && expiresAt(known) > Date.now() + 30_000) return known;
  const asked = ask(role);
  held.set(role, asked);
  asked.catch(() => held.delete(role));
  return asked;
}

async function ask(role: Role): Promise<string | null> {
  const response = await fetch(`/development/token?role=${role}`, { cache: 'no-store' });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`/development/token: HTTP ${response.status}`);
  const { token } = (await response.json()) as { token?: string | null };
  return token ?? null;
}

// Only to know when to ask anew; whether the token holds is the server's to judge.
function expiresAt(token: string): number {
  try {
    const payload = token.split('.')[1] ?? '';
    const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: number };
    return exp ? exp * 1000 : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
