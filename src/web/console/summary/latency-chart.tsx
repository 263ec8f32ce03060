// How long providers took for what they accepted: the median and the 99th percentile.
import { useMemo } from 'react';
import { useLanguage, useWords } from '../language.js';
import { kindWords } from '../words/kinds.js';
import { providerName } from '../words/providers.js';
import { bucketLabel } from './bucket-label.js';
import { Chart } from './chart.js';
import { useColours } from './colours.js';
import type { ChartData } from './draw-chart.js';
import { latencies } from './figures.js';
import type { OverTime } from './volume-chart.js';

const words = {
  zh: {
    title: '服务商耗时',
    unit: '毫秒，对数刻度；实线 p50，虚线 p99',
    ms: ' 毫秒',
    none: '这段时间没有受理的请求',
  },
  en: {
    title: 'Latency of providers',
    unit: 'ms, logarithmic; solid p50, dashed p99',
    ms: ' ms',
    none: 'Nothing was accepted in this time',
  },
};

export function LatencyChart({ rows, buckets, bucket }: OverTime) {
  const text = useWords(words);
  const language = useLanguage();
  const { line } = useColours();
  const { data, legend } = useMemo(() => {
    const found = latencies(rows, buckets);
    const several = new Set(found.map(({ provider }) => provider)).size < found.length;
    const named = found.map(({ provider, kind }, index) => ({
      name: `${providerName(provider, language)}${several ? ` ${kindWords[language][kind]}` : ''}`,
      color: line(index),
    }));
    const drawn: ChartData = {
      labels: buckets.map((begin) => bucketLabel(begin, bucket)),
      unit: text.ms,
      stacked: false,
      logarithmic: true,
      series: found.flatMap(({ p50, p99 }, index) => {
        const { name = '', color = '' } = named[index] ?? {};
        // A logarithm has no nought.
        const positive = (values: readonly (number | null)[]) =>
          values.map((value) => (value === null ? null : Math.max(1, value)));
        return [
          { type: 'line', color, name: `${name} p50`, values: positive(p50) },
          { type: 'line', color, name: `${name} p99`, values: positive(p99), dashed: true },
        ];
      }),
    };
    return { data: drawn, legend: named };
  }, [rows, buckets, bucket, language, line, text.ms]);
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>
          {text.title} <small className="quiet">{text.unit}</small>
        </h2>
      </div>
      {data.series.length > 0 ? (
        <Chart name={text.title} data={data} legend={legend} />
      ) : (
        <p className="quiet">{text.none}</p>
      )}
    </section>
  );
}
