// Whether changes are told as they happen, as long as there can be any.
import { useWords } from '../language.js';

const words = {
  zh: { live: '实时更新', connecting: '正在连接，定时查询中', ended: '已有最终结果' },
  en: { live: 'Live', connecting: 'Connecting; asking now and then', ended: 'This is final' },
};

export function LiveMark({ live, ended }: { live: boolean; ended: boolean }) {
  const text = useWords(words);
  return (
    <p className="live" data-live={live && !ended}>
      <span className="live-dot" aria-hidden="true" />
      {ended ? text.ended : live ? text.live : text.connecting}
    </p>
  );
}
