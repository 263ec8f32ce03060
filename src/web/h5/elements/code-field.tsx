// The code that an SMS brought; phones offer to fill it in.
import { useEffect } from 'react';
import { useWords } from '../language.js';
import { codeDraft } from './draft.js';
import { Field } from './field.js';

const words = {
  zh: { label: '短信验证码', missing: '请输入短信中的验证码' },
  en: { label: 'Code from the SMS', missing: 'Enter the code from the SMS' },
};

export const useCodeWords = () => useWords(words);

export function CodeField({ name = 'code', hint }: { name?: string; hint?: string | undefined }) {
  const code = codeDraft.use();
  const { label } = useCodeWords();
  // Each screen begins without the code of another.
  useEffect(() => () => codeDraft.set(''), []);
  return (
    <Field
      name={name}
      label={label}
      hint={hint}
      className="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={8}
      value={code}
      onChange={(event) => codeDraft.set(event.target.value)}
    />
  );
}
