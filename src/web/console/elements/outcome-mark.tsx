// How a request ended: a shape, a colour and a word, each of which tells alone.
import type { Outcome } from '../../client/schema-types.generated.js';
import { useLanguage } from '../language.js';
import { outcomeMeanings, outcomeWords } from '../words/outcomes.js';

const shapes: Record<Outcome, React.ReactNode> = {
  ACCEPTED: <circle cx="6" cy="6" r="4.2" fill="currentColor" />,
  REFUSED: (
    <path
      d="M2.6 2.6 9.4 9.4M9.4 2.6 2.6 9.4"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
    />
  ),
  DENIED: <rect x="1.8" y="4.4" width="8.4" height="3.2" rx="1" fill="currentColor" />,
  UNKNOWN: (
    <path d="M6 1.2 11 10.4H1z" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinejoin="round" />
  ),
  PENDING: (
    <circle
      cx="6"
      cy="6"
      r="3.9"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeDasharray="3 2.2"
    />
  ),
};

export function OutcomeShape({ outcome, size = 12 }: { outcome: Outcome; size?: number }) {
  return (
    <svg
      className="shape"
      data-outcome={outcome}
      viewBox="0 0 12 12"
      width={size}
      height={size}
      aria-hidden="true"
    >
      {shapes[outcome]}
    </svg>
  );
}

export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  const language = useLanguage();
  return (
    <span className="outcome" data-outcome={outcome} title={outcomeMeanings[language][outcome]}>
      <OutcomeShape outcome={outcome} />
      {outcomeWords[language][outcome]}
    </span>
  );
}
