// WaitStep: the operator is still at it. Asking again joins what is running and never starts a second call.
import { useEffect, useState } from 'react';
import { ApiError } from '../../../client/api-error.js';
import { api } from '../../api.js';
import { ErrorNotice } from '../../elements/error-notice.js';
import { useWords } from '../../language.js';
import { hear, type StepNamed } from '../conversation.js';
import { ContinueOperatorAuthentication } from './continue-operator-authentication.generated.js';
import type { Answering } from './present-step.js';

const words = {
  zh: { title: '运营商正在处理', text: '通常几秒，请不要关闭此页面。' },
  en: {
    title: 'The operator is working on it',
    text: 'Usually seconds, at most a few minutes. Please keep this page open.',
  },
};

interface WaitProps {
  step: StepNamed<'WaitStep'>;
  answering: Answering;
}

export function Wait({ step, answering }: WaitProps) {
  const text = useWords(words);
  const [error, setError] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const { id, continuation } = answering;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each WaitStep, and each attempt, waits anew
  useEffect(() => {
    let wanted = true;
    const goOn = async () => {
      try {
        const outcome = await api.mutate(ContinueOperatorAuthentication, { input: { id, continuation } });
        if (!wanted) return;
        setError(null);
        if (outcome.__typename === 'OperatorAuthentication') hear(outcome);
        else setAttempt((count) => count + 1);
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause;
        if (!wanted) return;
        setError(cause);
        if (cause.code === 'NO_ANSWER') setAttempt((count) => count + 1);
      }
    };
    const timer = setTimeout(goOn, step.pollAfterMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [step, attempt, id, continuation]);

  return (
    <div className="wait" role="status">
      <span className="spinner large" />
      <p className="wait-title">{text.title}</p>
      <p>{text.text}</p>
      {error && <ErrorNotice error={error} />}
    </div>
  );
}
