// How many of today's messages are sent: for all, and for each destination.
import { useQuery } from '../asking/use-query.js';
import { FailureLine } from '../elements/failure.js';
import { useWords } from '../language.js';
import { count, share, shownTime } from '../words/numbers.js';
import { FindBudgets } from './find-budgets.generated.js';

const words = {
  zh: {
    title: '今日短信预算',
    until: (day: string, time: string) => `${day} ${time} 重置`,
    all: '全部',
    scope: '目的地',
    used: '用量',
    spent: '已发',
    reserved: '在途',
    limit: '上限',
    lifted: '限额已全部解除，没有预算',
  },
  en: {
    title: "Today's messages",
    until: (day: string, time: string) => `until ${day} ${time}`,
    all: 'All',
    scope: 'Destination',
    used: 'Used',
    spent: 'Sent',
    reserved: 'Under way',
    limit: 'Limit',
    lifted: 'All limits are lifted: there is no budget',
  },
};

const NOTHING = {};

export function Budgets() {
  const text = useWords(words);
  const { data, error, again } = useQuery(FindBudgets, NOTHING);
  const budgets = data?.budgets ?? [];
  const [first] = budgets;
  const end = first && shownTime(first.resetsAt);
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>
          {text.title} {end && <small className="quiet">{text.until(end.day, end.time.slice(0, 5))}</small>}
        </h2>
      </div>
      {error && <FailureLine error={error} onAgain={again} />}
      {data && budgets.length === 0 && <p className="quiet">{text.lifted}</p>}
      {budgets.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keys
        <section className="table-box" tabIndex={0} aria-label={text.title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.scope}</th>
                <th scope="col">{text.used}</th>
                <th scope="col" className="number">
                  {text.spent}
                </th>
                <th scope="col" className="number">
                  {text.reserved}
                </th>
                <th scope="col" className="number">
                  {text.limit}
                </th>
              </tr>
            </thead>
            <tbody>
              {budgets.map(({ scope, limit, reserved, spent }) => (
                <tr key={scope}>
                  <th scope="row">{scope === '*' ? text.all : scope}</th>
                  <td>
                    <span className="budget">
                      <meter
                        min={0}
                        max={Math.max(limit, 1)}
                        low={limit * 0.5}
                        high={limit * 0.8}
                        optimum={0}
                        value={reserved + spent}
                        aria-label={`${scope === '*' ? text.all : scope}: ${share(reserved + spent, limit)}`}
                      />
                      {share(reserved + spent, limit)}
                    </span>
                  </td>
                  <td className="number">{count(spent)}</td>
                  <td className="number">{count(reserved)}</td>
                  <td className="number">{count(limit)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
