// What rules of ours stopped, over time and by rule.
import { useMemo } from 'react';
import type { SummaryBucket } from '../../client/schema-types.generated.js';
import { useLanguage, useWords } from '../language.js';
import { count, share } from '../words/numbers.js';
import { ruleWords } from '../words/rules.js';
import { bucketLabel } from './bucket-label.js';
import { Chart } from './chart.js';
import { useColours } from './colours.js';
import type { ChartData } from './draw-chart.js';
import type { RuleFigures } from './figures.js';

const words = {
  zh: {
    title: '拦截（按规则）',
    note: '同一规则、同一对象在窗口内只记第一条，其余计数',
    none: '这段时间没有拦截',
    rule: '规则',
    count: '次数',
    share: '占比',
    other: '其余规则',
  },
  en: {
    title: 'Denials by rule',
    note: 'the first of a rule and subject is a record, the others are counted',
    none: 'Nothing was denied in this time',
    rule: 'Rule',
    count: 'Count',
    share: 'Share',
    other: 'Other rules',
  },
};

/** More of them cannot be told apart in a chart. */
const MOST_IN_CHART = 6;

interface DenialsProps {
  rules: readonly RuleFigures[];
  buckets: readonly string[];
  bucket: SummaryBucket;
}

export function Denials({ rules, buckets, bucket }: DenialsProps) {
  const text = useWords(words);
  const language = useLanguage();
  const { line } = useColours();
  const data = useMemo<ChartData>(() => {
    const first = rules.slice(0, MOST_IN_CHART);
    const rest = rules.slice(MOST_IN_CHART);
    const series = first.map(({ rule, perBucket }, index) => ({
      name: ruleWords(rule, language) ?? rule,
      type: 'bar' as const,
      values: perBucket,
      color: line(index),
    }));
    if (rest.length > 0) {
      const values = buckets.map((_, index) =>
        rest.reduce((sum, { perBucket }) => sum + (perBucket[index] ?? 0), 0),
      );
      series.push({ name: text.other, type: 'bar', values, color: line(MOST_IN_CHART) });
    }
    return {
      labels: buckets.map((begin) => bucketLabel(begin, bucket)),
      unit: '',
      stacked: true,
      logarithmic: false,
      series,
    };
  }, [rules, buckets, bucket, language, line, text.other]);
  const total = rules.reduce((sum, figures) => sum + figures.total, 0);
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>
          {text.title} <small className="quiet">{text.note}</small>
        </h2>
      </div>
      {rules.length === 0 ? (
        <p className="quiet">{text.none}</p>
      ) : (
        <div className="denials">
          <div>
            <Chart name={text.title} data={data} />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keys */}
          <section className="table-box" tabIndex={0} aria-label={text.title}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{text.rule}</th>
                  <th scope="col" className="number">
                    {text.count}
                  </th>
                  <th scope="col" className="number">
                    {text.share}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rules.map(({ rule, total: own }) => (
                  <tr key={rule}>
                    <th scope="row">
                      {ruleWords(rule, language)} <code className="quiet">{rule}</code>
                    </th>
                    <td className="number">{count(own)}</td>
                    <td className="number">{share(own, total)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </div>
      )}
    </section>
  );
}
