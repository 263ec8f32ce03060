// A phone number in any usual writing; the server has the last word on it.
import { useWords } from '../language.js';
import { phoneDraft } from './draft.js';
import { Field } from './field.js';

const words = {
  zh: { label: '手机号', missing: '请输入手机号', wrong: '请检查手机号' },
  en: { label: 'Phone number', missing: 'Enter a phone number', wrong: 'Please check this number' },
};

export const usePhoneWords = () => useWords(words);

/** @returns what is wrong with it, as far as a page can tell */
export function phoneFault(
  phone: string | undefined,
  { missing, wrong }: (typeof words)['zh'],
): string | null {
  if (!phone) return missing;
  return phone.replace(/\D/g, '').length < 7 && !/[０-９]/.test(phone) ? wrong : null;
}

export function PhoneField({ hint }: { hint?: string }) {
  const phone = phoneDraft.use();
  const { label } = usePhoneWords();
  return (
    <Field
      name="phone"
      label={label}
      hint={hint}
      type="tel"
      inputMode="tel"
      autoComplete="tel"
      placeholder="138 0013 8000"
      maxLength={30}
      value={phone}
      onChange={(event) => phoneDraft.set(event.target.value)}
    />
  );
}
