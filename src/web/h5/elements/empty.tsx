// Nothing to show, with the reason and a way on.
import type { ReactNode } from 'react';
import { type Drawing, Icon } from './icon.js';

interface EmptyProps {
  drawing: Drawing;
  title: string;
  children?: ReactNode;
}

export function Empty({ drawing, title, children }: EmptyProps) {
  return (
    <section className="empty">
      <span className="empty-mark">
        <Icon of={drawing} size={32} />
      </span>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
