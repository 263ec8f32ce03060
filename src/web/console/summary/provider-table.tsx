// Each provider in a line: how much over time, how it ended, how long it took last.
import { OutcomeShape } from '../elements/outcome-mark.js';
import { useLanguage, useWords } from '../language.js';
import { count, share } from '../words/numbers.js';
import { outcomes, outcomeWords } from '../words/outcomes.js';
import { providerName } from '../words/providers.js';
import type { Counts, ProviderFigures } from './figures.js';

const words = {
  zh: {
    title: '各服务商',
    provider: '服务商',
    overTime: '请求量',
    total: '请求',
    mix: '结果',
    accepted: '受理率',
    unknown: '未知',
    p50: 'p50 毫秒',
    p99: 'p99 毫秒',
    latest: '耗时取最近一个有受理的时段',
    only: (name: string) => `只看 ${name}`,
  },
  en: {
    title: 'By provider',
    provider: 'Provider',
    overTime: 'Over time',
    total: 'Requests',
    mix: 'Outcomes',
    accepted: 'Accepted',
    unknown: 'Unknown',
    p50: 'p50 ms',
    p99: 'p99 ms',
    latest: 'latencies of the last bucket with anything accepted',
    only: (name: string) => `Only ${name}`,
  },
};

interface ProviderTableProps {
  providers: readonly ProviderFigures[];
  chosen: string | null;
  onChoose: (provider: string) => void;
}

export function ProviderTable({ providers, chosen, onChoose }: ProviderTableProps) {
  const text = useWords(words);
  const language = useLanguage();
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>
          {text.title} <small className="quiet">{text.latest}</small>
        </h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keys */}
      <section className="table-box" tabIndex={0} aria-label={text.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.provider}</th>
              <th scope="col" className="wide">
                {text.overTime}
              </th>
              <th scope="col" className="number">
                {text.total}
              </th>
              <th scope="col" className="wide">
                {text.mix}
              </th>
              <th scope="col" className="number">
                {text.accepted}
              </th>
              <th scope="col" className="number">
                {text.unknown}
              </th>
              <th scope="col" className="number">
                {text.p50}
              </th>
              <th scope="col" className="number">
                {text.p99}
              </th>
            </tr>
          </thead>
          <tbody>
            {providers.map(({ provider, counts, total, perBucket, latest }) => {
              const name = providerName(provider, language);
              return (
                <tr key={provider} data-chosen={provider === chosen}>
                  <th scope="row">
                    <button
                      type="button"
                      className="plain"
                      aria-pressed={provider === chosen}
                      aria-label={text.only(name)}
                      onClick={() => onChoose(provider)}
                    >
                      {name}
                    </button>
                  </th>
                  <td className="wide">
                    <Spark perBucket={perBucket} />
                  </td>
                  <td className="number">{count(total)}</td>
                  <td className="wide">
                    <Mix counts={counts} />
                  </td>
                  <td className="number">{share(counts.ACCEPTED, total)}</td>
                  <td className="number">
                    {counts.UNKNOWN > 0 && <OutcomeShape outcome="UNKNOWN" size={10} />}{' '}
                    {count(counts.UNKNOWN)}
                  </td>
                  <td className="number">{latest ? count(latest.p50Ms) : '—'}</td>
                  <td className="number">{latest?.p99Ms != null ? count(latest.p99Ms) : '—'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </section>
  );
}

const SPARK = { width: 150, height: 26 };

/** Bars without a scale: when it was busy, and when not. */
function Spark({ perBucket }: { perBucket: readonly Counts[] }) {
  const totals = perBucket.map((counts) => outcomes.reduce((sum, outcome) => sum + counts[outcome], 0));
  const most = Math.max(1, ...totals);
  const step = SPARK.width / totals.length;
  const path = totals
    .map((total, index) => {
      if (total === 0) return '';
      const tall = Math.max(1.5, (SPARK.height * total) / most);
      const wide = Math.max(0.6, step * 0.78);
      return `M${(index * step).toFixed(1)} ${SPARK.height}v${-tall.toFixed(1)}h${wide.toFixed(1)}v${tall.toFixed(1)}z`;
    })
    .join('');
  return (
    <svg className="spark" viewBox={`0 0 ${SPARK.width} ${SPARK.height}`} aria-hidden="true">
      <path d={`M0 ${SPARK.height - 0.5}H${SPARK.width}`} stroke="var(--line)" />
      <path d={path} fill="var(--brand)" opacity="0.75" />
    </svg>
  );
}

function Mix({ counts }: { counts: Counts }) {
  const language = useLanguage();
  const present = outcomes.filter((outcome) => counts[outcome] > 0);
  const said = present
    .map((outcome) => `${outcomeWords[language][outcome]} ${count(counts[outcome])}`)
    .join(', ');
  return (
    <span className="mix" role="img" aria-label={said} title={said}>
      {present.map((outcome) => (
        <i key={outcome} data-outcome={outcome} style={{ flexGrow: counts[outcome] }} />
      ))}
    </span>
  );
}
