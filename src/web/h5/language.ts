// Chinese unless asked otherwise; the choice stays with the browser.
import { store } from './store.js';

export type Language = 'zh' | 'en';

/** The value of Accept-Language and of html lang. */
export const languageTag: Record<Language, string> = { zh: 'zh-CN', en: 'en' };

const KEY = 'yanzheng:language';
const chosen = store<Language>(localStorage.getItem(KEY) === 'en' ? 'en' : 'zh');
document.documentElement.lang = languageTag[chosen.get()];

export const language = chosen.get;
export const useLanguage = chosen.use;

export function speak(next: Language) {
  localStorage.setItem(KEY, next);
  document.documentElement.lang = languageTag[next];
  chosen.set(next);
}

/** The words of a component in the present language. */
export const useWords = <Words>(words: Record<Language, Words>): Words => words[useLanguage()];
