// The shape of what is being fetched; says so to who can't see it.
import { useWords } from '../language.js';

const words = { zh: '加载中', en: 'Loading' };

export function Skeleton({ lines }: { lines: number }) {
  const text = useWords(words);
  return (
    <div className="skeleton" role="status" aria-label={text}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
        <span key={line} />
      ))}
    </div>
  );
}
