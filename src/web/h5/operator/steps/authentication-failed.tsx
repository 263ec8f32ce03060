// AuthenticationFailed: the conversation is over.
import { useWords } from '../../language.js';
import type { StepNamed } from '../conversation.js';
import { Ended } from '../ended.js';

const words = { zh: '认证未成功', en: 'Not authenticated' };

export function AuthenticationFailed({ step }: { step: StepNamed<'AuthenticationFailed'> }) {
  const title = useWords(words);
  return (
    <div className="standing" data-tone="bad" role="status">
      <Ended drawing="refused" title={title} text={step.message} />
    </div>
  );
}
