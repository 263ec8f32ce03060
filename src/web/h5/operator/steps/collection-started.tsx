// CollectionStarted: authenticated, and nothing more to do.
import { Empty } from '../../elements/empty.js';
import { useWords } from '../../language.js';
import { addressOf } from '../../route.js';
import type { StepNamed } from '../conversation.js';

const words = {
  zh: { title: '认证成功', home: '返回首页' },
  en: { title: 'Authenticated', home: 'Back to start' },
};

export function CollectionStarted({ step }: { step: StepNamed<'CollectionStarted'> }) {
  const { title, home } = useWords(words);
  return (
    <div className="standing" data-tone="good" role="status">
      <Empty drawing="done" title={title}>
        <p>{step.message}</p>
        <a className="button" href={addressOf('home')}>
          {home}
        </a>
      </Empty>
    </div>
  );
}
