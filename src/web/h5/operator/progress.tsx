// How far it has come: applying, answering, done; or that it went no further.
import { Icon } from '../elements/icon.js';
import { useWords } from '../language.js';

const stages = ['APPLYING', 'ANSWERING', 'DONE'] as const;
export type Stage = (typeof stages)[number];

const words = {
  zh: { name: '进度', APPLYING: '填写申请', ANSWERING: '运营商验证', DONE: '完成' },
  en: { name: 'Progress', APPLYING: 'Apply', ANSWERING: 'Answer', DONE: 'Done' },
};

export function Progress({ at, failed = false }: { at: Stage; failed?: boolean }) {
  const text = useWords(words);
  const present = stages.indexOf(at);
  return (
    <ol className="progress" aria-label={text.name} data-failed={failed}>
      {stages.map((stage, index) => {
        const isPast = index < present || at === 'DONE';
        const isPresent = index === present;
        return (
          <li
            key={stage}
            data-stage={isPast ? 'past' : isPresent ? 'present' : 'ahead'}
            aria-current={isPresent ? 'step' : undefined}
          >
            <span className="progress-mark">
              {isPast ? (
                <Icon of="done" size={14} />
              ) : isPresent && failed ? (
                <Icon of="refused" size={14} />
              ) : (
                index + 1
              )}
            </span>
            {text[stage]}
          </li>
        );
      })}
    </ol>
  );
}
