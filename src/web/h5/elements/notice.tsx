// Something to be told: what it is, what to do, and the number under which support finds it.
import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import { type Drawing, Icon } from './icon.js';

const words = {
  zh: { request: '请求编号' },
  en: { request: 'Request' },
};

export type Tone = 'good' | 'plain' | 'careful' | 'bad';

const drawingOf: Record<Tone, Drawing> = { good: 'done', plain: 'clock', careful: 'warning', bad: 'refused' };

interface NoticeProps {
  tone: Tone;
  title: string;
  requestId?: string | undefined;
  children?: ReactNode;
}

export function Notice({ tone, title, requestId, children }: NoticeProps) {
  const { request } = useWords(words);
  return (
    <div className="notice" data-tone={tone}>
      <Icon of={drawingOf[tone]} size={22} />
      <div className="notice-text">
        <p className="notice-title">{title}</p>
        {children}
        {requestId && (
          <p className="notice-request">
            {request} <code>{requestId}</code>
          </p>
        )}
      </div>
    </div>
  );
}
