// WaitStep: the operator is still at it. Asking again joins what is running and never starts a second call.
import { useEffect, useState } from 'react';
import { ApiError } from '../../../client/api-error.js';
import type { RefusalPartsFragment } from '../../../client/outcomes.generated.js';
import { api } from '../../api.js';
import type { Asked } from '../../asking/use-ask.js';
import { ErrorNotice } from '../../elements/error-notice.js';
import { OutcomeNotice } from '../../elements/outcome-notice.js';
import { useWords } from '../../language.js';
import { sessionEnded } from '../../signing-in/session.js';
import { hear, type StepNamed } from '../conversation.js';
import { ContinueOperatorAuthentication } from './continue-operator-authentication.generated.js';
import type { Answering } from './present-step.js';

const words = {
  zh: {
    title: '运营商正在处理',
    text: '通常几秒，请不要关闭此页面。',
    goesOn: '此页面会自动重试，无需操作。',
    again: '重试',
  },
  en: {
    title: 'The operator is working on it',
    text: 'Usually seconds, at most a few minutes. Please keep this page open.',
    goesOn: 'This page tries again by itself.',
    again: 'Try again',
  },
};

/** Faults that pass: it is asked again without a tap. */
const passing: ReadonlySet<string> = new Set([
  'NO_ANSWER',
  'OVERLOADED',
  'PROVIDER_UNAVAILABLE',
  'AUDIT_UNAVAILABLE',
]);

/** What came instead of a step. */
interface Met {
  /** Until the next attempt; null: a person has to want it. */
  againAfterMs: number | null;
  error?: ApiError;
  refused?: Asked<{ __typename: 'Refusal' } & RefusalPartsFragment>;
}

interface WaitProps {
  step: StepNamed<'WaitStep'>;
  answering: Answering;
}

export function Wait({ step, answering }: WaitProps) {
  const text = useWords(words);
  const [met, setMet] = useState<Met | null>(null);
  const { id, continuation } = answering;
  const { pollAfterMs } = step;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each WaitStep, and each attempt, waits anew
  useEffect(() => {
    const againAfterMs = met ? met.againAfterMs : pollAfterMs;
    if (againAfterMs === null) return;
    let wanted = true;
    const goOn = async () => {
      try {
        const outcome = await api.mutate(ContinueOperatorAuthentication, { input: { id, continuation } });
        if (!wanted) return;
        if (outcome.__typename === 'OperatorAuthentication') {
          setMet(null);
          hear(outcome);
        } else if (outcome.__typename === 'Refusal') {
          const refused = { status: 'ANSWERED', outcome, at: Date.now() } as const;
          setMet({ againAfterMs: outcome.retryAfterMs ?? pollAfterMs, refused });
        } else {
          setMet({ againAfterMs: pollAfterMs });
        }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.code === 'UNAUTHENTICATED') sessionEnded();
        if (!wanted) return;
        const passes = passing.has(error.code);
        setMet({ againAfterMs: passes ? (error.retryAfterMs ?? pollAfterMs) : null, error });
      }
    };
    const timer = setTimeout(goOn, againAfterMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [step, met, id, continuation]);

  if (met?.error && met.againAfterMs === null)
    return (
      <>
        <div role="alert">
          <ErrorNotice error={met.error} />
        </div>
        <button type="button" className="button second" onClick={() => setMet({ againAfterMs: 0 })}>
          {text.again}
        </button>
      </>
    );
  return (
    <>
      <div className="wait" role="status">
        <span className="spinner large" />
        <p className="wait-title">{text.title}</p>
        <p>{text.text}</p>
      </div>
      <div className="outcome" role="status">
        {met?.error && (
          <ErrorNotice error={met.error}>
            <p>{text.goesOn}</p>
          </ErrorNotice>
        )}
      </div>
      <OutcomeNotice asked={met?.refused ?? { status: 'IDLE' }} />
    </>
  );
}
