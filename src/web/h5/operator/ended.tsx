// There is no way on but a new application.
import { Empty } from '../elements/empty.js';
import type { Drawing } from '../elements/icon.js';
import { useWords } from '../language.js';
import { addressOf } from '../route.js';

const words = { zh: '重新申请', en: 'Apply anew' };

export function Ended({ drawing, title, text }: { drawing: Drawing; title: string; text: string }) {
  const anew = useWords(words);
  return (
    <Empty drawing={drawing} title={title}>
      <p>{text}</p>
      <a className="button" href={addressOf('operator')}>
        {anew}
      </a>
    </Empty>
  );
}
