// How far it has come: applying, answering, done.
import { Icon } from '../elements/icon.js';
import { useWords } from '../language.js';

const stages = ['APPLYING', 'ANSWERING', 'DONE'] as const;
export type Stage = (typeof stages)[number];

const words = {
  zh: { name: '进度', APPLYING: '填写申请', ANSWERING: '运营商验证', DONE: '完成' },
  en: { name: 'Progress', APPLYING: 'Apply', ANSWERING: 'Answer', DONE: 'Done' },
};

export function Progress({ at }: { at: Stage }) {
  const text = useWords(words);
  const present = stages.indexOf(at);
  return (
    <ol className="progress" aria-label={text.name}>
      {stages.map((stage, index) => (
        <li
          key={stage}
          data-stage={index < present ? 'past' : index === present ? 'present' : 'ahead'}
          aria-current={index === present ? 'step' : undefined}
        >
          <span className="progress-mark">
            {index < present || at === 'DONE' ? <Icon of="done" size={14} /> : index + 1}
          </span>
          {text[stage]}
        </li>
      ))}
    </ol>
  );
}
