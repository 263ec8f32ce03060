// In place of what there is nothing of: why, and a way on.
import type { ReactNode } from 'react';
import { type Drawing, Icon } from './icon.js';

export type Tone = 'plain' | 'careful' | 'bad' | 'good';

interface StateProps {
  drawing: Drawing;
  tone?: Tone;
  title: string;
  /** Where it stands for a whole view. */
  heading?: 'h1' | 'h2';
  children?: ReactNode;
}

export function State({ drawing, tone = 'plain', title, heading: Heading = 'h2', children }: StateProps) {
  return (
    <section className="state" data-tone={tone}>
      <span className="state-mark">
        <Icon of={drawing} size={26} />
      </span>
      <Heading>{title}</Heading>
      {children}
    </section>
  );
}
