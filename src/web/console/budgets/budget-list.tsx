// How many messages may be sent today, how many are, and how many are on their way.
import { useLanguage, useWords } from '../language.js';
import { count, duration, share } from '../words/numbers.js';

export interface Budget {
  /** `*` for all messages, or a calling code. */
  readonly scope: string;
  readonly limit: number;
  readonly reserved: number;
  readonly spent: number;
  readonly resetsAt: string;
}

const words = {
  zh: {
    title: '今日短信预算',
    all: '全部',
    resets: (time: string) => `${time}后重新计数`,
    lifted: '未设预算：限制已解除',
    said: (spent: string, reserved: string, limit: string) =>
      `已用 ${spent}，进行中 ${reserved}，共 ${limit}`,
  },
  en: {
    title: "Today's budget of messages",
    all: 'All',
    resets: (time: string) => `counted anew in ${time}`,
    lifted: 'No budget: limits are lifted',
    said: (spent: string, reserved: string, limit: string) =>
      `${spent} spent, ${reserved} under way, of ${limit}`,
  },
};

/** From here on, operators are warned. */
const SCARCE = 0.8;

export function BudgetList({ budgets }: { budgets: readonly Budget[] }) {
  const text = useWords(words);
  const language = useLanguage();
  const [first] = budgets;
  const leftMs = first ? Math.max(0, Date.parse(first.resetsAt) - Date.now()) : 0;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>
          {text.title} {first && <small className="quiet">{text.resets(duration(leftMs, language))}</small>}
        </h2>
      </div>
      {budgets.length === 0 ? (
        <p className="quiet">{text.lifted}</p>
      ) : (
        <ul className="budgets">
          {budgets.map(({ scope, limit, reserved, spent }) => {
            const taken = spent + reserved;
            const part = (of: number) => `${limit > 0 ? Math.min(100, (100 * of) / limit) : 100}%`;
            return (
              <li key={scope} data-scarce={taken >= SCARCE * limit}>
                <strong>{scope === '*' ? text.all : scope}</strong>
                <span
                  className="budget-bar"
                  role="img"
                  aria-label={text.said(count(spent), count(reserved), count(limit))}
                >
                  <i style={{ width: part(spent) }} />
                  <i className="budget-reserved" style={{ width: part(reserved) }} />
                </span>
                <span className="figure">
                  {count(taken)} / {count(limit)}
                  <small className="quiet"> {share(taken, limit)}</small>
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
