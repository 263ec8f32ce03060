// Who calls and in which language: what every request carries, read at the moment of sending.
import { useSyncExternalStore } from 'react';
import { developmentToken } from './development-token.js';
import type { Role } from './operations.js';
import { type Language, languageTag } from './words.js';

interface Caller {
  role: Role;
  language: Language;
  /** False once the server has said that it issues no development tokens. */
  issuesTokens: boolean;
  pastedToken: string;
  /** The token of the role could not be fetched. */
  lacksToken: boolean;
}

const LANGUAGE = 'yanzheng:language';

let caller: Caller = {
  role: 'anonymous',
  language: localStorage.getItem(LANGUAGE) === 'en' ? 'en' : 'zh',
  issuesTokens: true,
  pastedToken: '',
  lacksToken: false,
};

const listeners = new Set<() => void>();

function change(part: Partial<Caller>) {
  caller = { ...caller, ...part };
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useCaller = () => useSyncExternalStore(subscribe, () => caller);

/** Switches the role and fetches its token ahead, so that a missing one shows before a request is sent. */
export async function become(role: Role) {
  change({ role, lacksToken: false });
  const lacksToken = await token().then(
    () => false,
    () => true,
  );
  if (caller.role === role) change({ lacksToken });
}

export function speak(language: Language) {
  localStorage.setItem(LANGUAGE, language);
  change({ language });
}

export const paste = (pastedToken: string) =>
  change({ pastedToken: pastedToken.trim().replace(/^bearer\s+/i, '') });

/** Throws where the role's token can't be had: nothing is sent as somebody else. */
export async function callerHeaders(): Promise<Record<string, string>> {
  const bearer = await token();
  return {
    'x-client-id': 'explorer',
    'apollo-require-preflight': 'true',
    'accept-language': languageTag[caller.language],
    ...(bearer && { authorization: `Bearer ${bearer}` }),
  };
}

async function token(): Promise<string | null> {
  if (caller.issuesTokens && caller.role !== 'anonymous') {
    const issued = await developmentToken(caller.role);
    if (issued !== null) return issued;
    change({ issuesTokens: false });
  }
  return caller.issuesTokens ? null : caller.pastedToken;
}
