// A chart with its legend. The figures stand in a table too: who can't see it misses nothing.
import { useEffect, useRef, useState } from 'react';
import { useDark } from '../asking/use-media.js';
import { useWords } from '../language.js';
import type { ChartColours, ChartData, DrawnChart } from './draw-chart.js';

const words = {
  zh: '图没有载入，数值见表格；重新载入页面即可。',
  en: 'The chart was not loaded. Its figures stand in the table; load the page anew to see it.',
};

interface ChartProps {
  /** What it shows, for who can't see it. */
  name: string;
  data: ChartData;
  /** In place of a line for each series. */
  legend?: readonly { name: string; color: string }[];
}

export function Chart({ name, data, legend = data.series }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<DrawnChart | null>(null);
  const [missing, setMissing] = useState(false);
  const text = useWords(words);
  const dark = useDark();
  useEffect(() => {
    const place = box.current;
    if (!place) return;
    let here = true;
    let opened: DrawnChart | null = null;
    const watcher = new ResizeObserver(() => opened?.resize());
    void import('./draw-chart.js').then(
      ({ openChart }) => {
        if (!here) return;
        opened = openChart(place);
        setChart(opened);
        watcher.observe(place);
      },
      () => setMissing(true),
    );
    return () => {
      here = false;
      watcher.disconnect();
      opened?.dispose();
      setChart(null);
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours in the dark
  useEffect(() => {
    if (chart && box.current) chart.draw(data, coloursOf(box.current));
  }, [chart, data, dark]);
  return (
    <>
      <div className="chart" ref={box} role="img" aria-label={name} hidden={missing} />
      {missing && (
        <p className="quiet" role="status">
          {text}
        </p>
      )}
      <ul className="chart-legend">
        {legend.map(({ name: of, color }) => (
          <li key={of}>
            <i style={{ borderColor: color }} />
            {of}
          </li>
        ))}
      </ul>
    </>
  );
}

function coloursOf(element: HTMLElement): ChartColours {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return { ink: of('ink'), muted: of('muted'), line: of('line'), surface: of('surface') };
}
