// A screen: its bar, its title, what is on it.
import { type ReactNode, useEffect, useRef } from 'react';
import { Bar } from './bar.js';
import { ConnectionNotice } from './connection-notice.js';

interface ScreenProps {
  title: string;
  /** What it is for, under the title. */
  lead?: string | undefined;
  children: ReactNode;
}

export function Screen({ title, lead, children }: ScreenProps) {
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
      <Bar leadsBack />
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
