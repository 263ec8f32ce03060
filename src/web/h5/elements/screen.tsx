// A screen: its bar with the way back and the language, its title, what is on it.
import { type ReactNode, useEffect, useRef } from 'react';
import { useWords } from '../language.js';
import { addressOf } from '../route.js';
import { ConnectionNotice } from './connection-notice.js';
import { Icon } from './icon.js';
import { LanguageButton } from './language-button.js';

const words = { zh: '返回首页', en: 'Back to start' };

interface ScreenProps {
  title: string;
  /** What it is for, under the title. */
  lead?: string | undefined;
  children: ReactNode;
}

export function Screen({ title, lead, children }: ScreenProps) {
  const back = useWords(words);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · 验证 Yanzheng`;
  }, [title]);
  // Who can't see the screen change hears it.
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);

  return (
    <div className="screen">
      <header className="bar">
        <a className="bar-button" href={addressOf('home')} aria-label={back}>
          <Icon of="back" />
        </a>
        <LanguageButton />
      </header>
      <ConnectionNotice />
      <main className="content">
        <div className="headline">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {children}
      </main>
    </div>
  );
}
