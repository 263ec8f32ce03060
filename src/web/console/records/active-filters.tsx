// The conditions in force, each of which can be taken away.
import { Icon } from '../elements/icon.js';
import { useLanguage, useWords } from '../language.js';
import { kindWords, purposeWords } from '../words/kinds.js';
import { wholeTime } from '../words/numbers.js';
import { outcomeWords } from '../words/outcomes.js';
import { providerName } from '../words/providers.js';
import type { OpenFilter, Subject } from './filter.js';
import type { FilterPanelProps } from './filter-panel.js';

const words = {
  zh: {
    remove: (what: string) => `去掉条件：${what}`,
    subjects: { phone: '手机号', personId: '人员编号', memberId: '会员编号' },
    from: '从',
    to: '到',
    flow: '流程',
    providerReference: '流水号',
    actor: '操作者',
    client: '前端',
    all: '全部清除',
  },
  en: {
    remove: (what: string) => `Remove the condition: ${what}`,
    subjects: { phone: 'phone', personId: 'person', memberId: 'member' },
    from: 'from',
    to: 'before',
    flow: 'flow',
    providerReference: 'reference',
    actor: 'actor',
    client: 'front-end',
    all: 'Clear all',
  },
};

/** What is known of a person by whoever looks on is no more than what the list shows. */
function hidden({ kind, value }: Subject): string {
  if (kind !== 'phone' || value.length < 8) return '•••';
  return `•••• ${value.slice(-4)}`;
}

export function ActiveFilters({ filter, subject, onFilter, onSubject }: FilterPanelProps) {
  const text = useWords(words);
  const language = useLanguage();
  const without = (name: keyof OpenFilter) => () => onFilter(({ [name]: _, ...others }) => others);
  const chips: { key: string; what: string; remove: () => void }[] = [];
  const add = (name: keyof OpenFilter, what: string) =>
    chips.push({ key: name, what, remove: without(name) });
  if (subject)
    chips.push({
      key: 'subject',
      what: `${text.subjects[subject.kind]} ${hidden(subject)}`,
      remove: () => onSubject(null),
    });
  if (filter.outcomes?.length)
    add('outcomes', filter.outcomes.map((one) => outcomeWords[language][one]).join(' / '));
  if (filter.from) add('from', `${text.from} ${wholeTime(filter.from).slice(0, -7)}`);
  if (filter.to) add('to', `${text.to} ${wholeTime(filter.to).slice(0, -7)}`);
  if (filter.kind) add('kind', kindWords[language][filter.kind]);
  if (filter.provider) add('provider', providerName(filter.provider, language));
  if (filter.purpose) add('purpose', purposeWords(filter.purpose, language));
  for (const name of ['providerReference', 'flow', 'actor', 'client'] as const) {
    const value = filter[name];
    if (value)
      add(name, `${text[name]} ${value.length > 16 ? `${value.slice(0, 6)}…${value.slice(-6)}` : value}`);
  }
  if (chips.length === 0) return null;
  return (
    <div className="chips">
      {chips.map(({ key, what, remove }) => (
        <button type="button" className="chip" key={key} aria-label={text.remove(what)} onClick={remove}>
          {what}
          <Icon of="close" size={12} />
        </button>
      ))}
      {chips.length > 1 && (
        <button
          type="button"
          className="plain"
          onClick={() => {
            onSubject(null);
            onFilter(() => ({}));
          }}
        >
          {text.all}
        </button>
      )}
    </div>
  );
}
