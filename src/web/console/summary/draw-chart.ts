// ECharts, and only as much of it as is drawn here. In a file of its own, loaded when a chart is first shown.
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, SVGRenderer]);

export interface Series {
  name: string;
  type: 'bar' | 'line';
  /** One for each bucket; null is a gap. */
  values: readonly (number | null)[];
  color: string;
  dashed?: boolean;
}

export interface ChartData {
  series: readonly Series[];
  /** What stands below each bucket, and above the tooltip. */
  labels: readonly string[];
  unit: string;
  stacked: boolean;
  logarithmic: boolean;
}

export interface ChartColours {
  ink: string;
  muted: string;
  line: string;
  surface: string;
}

export interface DrawnChart {
  draw(data: ChartData, colours: ChartColours): void;
  resize(): void;
  dispose(): void;
}

export function openChart(box: HTMLElement): DrawnChart {
  const chart = echarts.init(box, null, { renderer: 'svg' });
  return {
    resize: () => chart.resize(),
    dispose: () => chart.dispose(),
    draw({ series, labels, unit, stacked, logarithmic }, { ink, muted, line, surface }) {
      const text = { color: muted, fontSize: 11 };
      chart.setOption(
        {
          animation: false,
          textStyle: { fontFamily: 'inherit' },
          grid: {
            left: 4,
            right: 8,
            top: 10,
            bottom: 4,
            outerBoundsMode: 'same',
            outerBoundsContain: 'axisLabel',
          },
          tooltip: {
            trigger: 'axis',
            axisPointer: { type: stacked ? 'shadow' : 'line' },
            backgroundColor: surface,
            borderColor: line,
            textStyle: { color: ink, fontSize: 12 },
            confine: true,
            valueFormatter: (value: unknown) =>
              typeof value === 'number' ? `${value.toLocaleString('en-US')}${unit}` : '—',
          },
          xAxis: {
            type: 'category',
            data: [...labels],
            boundaryGap: stacked,
            axisLine: { lineStyle: { color: line } },
            axisTick: { show: false },
            axisLabel: { ...text, hideOverlap: true },
          },
          yAxis: {
            type: logarithmic ? 'log' : 'value',
            minInterval: 1,
            splitNumber: 4,
            splitLine: { lineStyle: { color: line } },
            axisLabel: { ...text, formatter: (value: number) => value.toLocaleString('en-US') },
          },
          series: series.map(({ name, type, values, color, dashed }) => ({
            name,
            type,
            data: [...values],
            itemStyle: { color },
            ...(type === 'bar'
              ? { stack: stacked ? 'all' : undefined, barCategoryGap: '25%' }
              : {
                  lineStyle: { color, width: dashed ? 1.2 : 2, type: dashed ? 'dashed' : 'solid' },
                  symbol: 'circle',
                  symbolSize: 5,
                  // A point between two gaps has no line, and would not be seen.
                  showSymbol: true,
                  connectNulls: false,
                }),
          })),
        },
        { notMerge: true },
      );
    },
  };
}
