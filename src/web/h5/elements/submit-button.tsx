// Sends the form. While it is under way it stays where it is, keeps the focus, and does nothing.
import type { ReactNode } from 'react';
import type { Asked } from '../asking/use-ask.js';
import { useWords } from '../language.js';

const words = {
  zh: {
    asking: '请稍候…',
    REPEATING: '网络不稳，正在确认结果…',
    CHECKING_HUMAN: '正在进行人机验证…',
  },
  en: {
    asking: 'One moment…',
    REPEATING: 'Weak network, retrying…',
    CHECKING_HUMAN: 'Human check running…',
  },
};

export function SubmitButton({ asked, children }: { asked: Asked<unknown>; children: ReactNode }) {
  const text = useWords(words);
  const pending = asked.status === 'ASKING';
  return (
    <button type="submit" className="button" aria-disabled={pending} data-pending={pending}>
      {pending ? (
        <>
          <span className="spinner" />
          {asked.progress ? text[asked.progress] : text.asking}
        </>
      ) : (
        children
      )}
    </button>
  );
}
