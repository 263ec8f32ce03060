// Switches the bar and the answers' messages between Chinese and English.
import { useEffect } from 'react';
import { speak, useCaller } from './caller.js';
import { languageTag, words } from './words.js';

export function LanguageToggle() {
  const { language } = useCaller();
  const other = language === 'zh' ? 'en' : 'zh';
  useEffect(() => {
    document.documentElement.lang = languageTag[language];
  }, [language]);
  return (
    <button type="button" className="bar-control" lang={languageTag[other]} onClick={() => speak(other)}>
      {words[language].otherLanguage}
    </button>
  );
}
