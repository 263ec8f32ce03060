// Whether changes are told as they happen.
import { useWords } from '../language.js';

const words = {
  zh: { live: '实时更新', connecting: '正在连接，定时查询中' },
  en: { live: 'Live', connecting: 'Connecting; asking now and then' },
};

export function LiveMark({ live }: { live: boolean }) {
  const text = useWords(words);
  return (
    <p className="live" data-live={live}>
      <span className="live-dot" aria-hidden="true" />
      {live ? text.live : text.connecting}
    </p>
  );
}
