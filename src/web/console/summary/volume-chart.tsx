// How many requests, and how they ended, over time.
import { useMemo } from 'react';
import type { SummaryBucket } from '../../client/schema-types.generated.js';
import { useLanguage, useWords } from '../language.js';
import { outcomes, outcomeWords } from '../words/outcomes.js';
import { bucketLabel } from './bucket-label.js';
import { Chart } from './chart.js';
import { useColours } from './colours.js';
import type { ChartData } from './draw-chart.js';
import { type SummaryRow, volume } from './figures.js';

const words = { zh: { title: '请求量与结果' }, en: { title: 'Requests and how they ended' } };

export interface OverTime {
  rows: readonly SummaryRow[];
  buckets: readonly string[];
  bucket: SummaryBucket;
}

export function VolumeChart({ rows, buckets, bucket }: OverTime) {
  const { title } = useWords(words);
  const language = useLanguage();
  const { outcomes: colours } = useColours();
  const data = useMemo<ChartData>(() => {
    const counts = volume(rows, buckets);
    const present = outcomes.filter((outcome) => counts.some((one) => one[outcome] > 0));
    return {
      labels: buckets.map((begin) => bucketLabel(begin, bucket)),
      unit: '',
      stacked: true,
      logarithmic: false,
      series: present.map((outcome) => ({
        name: outcomeWords[language][outcome],
        type: 'bar',
        values: counts.map((one) => one[outcome]),
        color: colours[outcome],
      })),
    };
  }, [rows, buckets, bucket, language, colours]);
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{title}</h2>
      </div>
      <Chart name={title} data={data} />
    </section>
  );
}
