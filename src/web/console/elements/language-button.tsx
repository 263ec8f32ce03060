// Switches the page, and the answers' messages, to the other language.
import { Button } from 'antd';
import { languageTag, speak, useLanguage } from '../language.js';

const names = { zh: '中文', en: 'English' };

export function LanguageButton() {
  const other = useLanguage() === 'zh' ? 'en' : 'zh';
  return (
    <Button type="text" size="small" lang={languageTag[other]} onClick={() => speak(other)}>
      {names[other]}
    </Button>
  );
}
