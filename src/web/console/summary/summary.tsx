// What the log comes to: how much, how it ended, how long providers took, and what rules of ours stopped.
import { Button, Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useQuery } from '../asking/use-query.js';
import { Budgets } from '../budgets/budgets.js';
import { Failure, FailureLine } from '../elements/failure.js';
import { Icon } from '../elements/icon.js';
import { Skeleton } from '../elements/skeleton.js';
import { State } from '../elements/state.js';
import { useLanguage, useWords } from '../language.js';
import { replace, useRoute } from '../route.js';
import { count, share } from '../words/numbers.js';
import { providerName } from '../words/providers.js';
import { Denials } from './denials.js';
import { byProvider, byRule, countsOf, ofRequests, totalOf } from './figures.js';
import { FindSummary } from './find-summary.generated.js';
import { LatencyChart } from './latency-chart.js';
import { ProviderTable } from './provider-table.js';
import { bucketsOf, type SpanName, spans, spanUntil } from './span.js';
import { VolumeChart } from './volume-chart.js';

const words = {
  zh: {
    title: '概览',
    span: '时间范围',
    spans: { '24h': '24 小时', '7d': '7 天', '30d': '30 天', '90d': '90 天' },
    provider: '服务商',
    all: '全部服务商',
    refresh: '刷新',
    total: '请求',
    accepted: '受理率',
    acceptedText: (n: string) => `${n} 次受理`,
    unknown: '结果未知',
    unknownText: '可能已办理，须人工核对',
    stopped: '被我方拦截',
    stoppedText: '没有发出任何请求',
    perHour: '每小时',
    perDay: '每天',
    empty: '这段时间没有请求',
    emptyText: '换一个更长的时间范围试试。',
  },
  en: {
    title: 'Summary',
    span: 'Time',
    spans: { '24h': '24 h', '7d': '7 d', '30d': '30 d', '90d': '90 d' },
    provider: 'Provider',
    all: 'All providers',
    refresh: 'Refresh',
    total: 'Requests',
    accepted: 'Accepted',
    acceptedText: (n: string) => `${n} taken by providers`,
    unknown: 'Unknown',
    unknownText: 'may have had an effect: look into them',
    stopped: 'Denied by us',
    stoppedText: 'nothing was sent',
    perHour: 'by the hour',
    perDay: 'by the day',
    empty: 'No requests in this time',
    emptyText: 'Try a longer one.',
  },
};

export default function Summary() {
  const text = useWords(words);
  const language = useLanguage();
  const { query } = useRoute();
  const name = spans.find((known) => known === query.get('span')) ?? '24h';
  const wanted = query.get('provider');
  const [now, setNow] = useState(() => Date.now());
  const [refreshed, setRefreshed] = useState(0);
  const span = useMemo(() => spanUntil(now, name), [now, name]);
  const { data, error, loading, again } = useQuery(FindSummary, span);
  const buckets = useMemo(() => bucketsOf(span), [span]);
  const rows = useMemo(() => ofRequests(data?.auditSummary ?? []), [data]);
  const shown = useMemo(
    () => (wanted === null ? rows : rows.filter(({ provider }) => provider === wanted)),
    [rows, wanted],
  );
  const providers = useMemo(() => byProvider(rows, buckets), [rows, buckets]);
  const rules = useMemo(() => byRule(data?.auditDenials ?? [], buckets), [data, buckets]);
  const counts = countsOf(shown);
  const total = totalOf(counts);
  const go = (next: { span?: SpanName; provider?: string | null }) => {
    const { span: to = name, provider = wanted } = next;
    replace({
      view: 'summary',
      query: new URLSearchParams({ span: to, ...(provider === null ? {} : { provider }) }),
    });
  };
  const refresh = () => {
    setRefreshed((count) => count + 1);
    // The same bucket is the same question, which is then asked again.
    if (spanUntil(Date.now(), name).to === span.to) again();
    else setNow(Date.now());
  };

  return (
    <main className="page">
      <header className="page-head">
        <h1>
          {text.title}
          <small className="quiet"> {span.bucket === 'HOUR' ? text.perHour : text.perDay}</small>
        </h1>
        <Select
          className="provider-choice"
          aria-label={text.provider}
          value={wanted ?? ''}
          onChange={(provider) => go({ provider: provider || null })}
          options={[
            { value: '', label: text.all },
            ...[...new Set([...providers.map(({ provider }) => provider), ...(wanted ? [wanted] : [])])].map(
              (value) => ({ value, label: providerName(value, language) }),
            ),
          ]}
        />
        <Segmented
          aria-label={text.span}
          value={name}
          onChange={(next) => go({ span: next })}
          options={spans.map((value) => ({ value, label: text.spans[value] }))}
        />
        <Button
          type="text"
          aria-label={text.refresh}
          title={text.refresh}
          icon={<Icon of="refresh" />}
          loading={loading && data !== undefined}
          onClick={refresh}
        />
      </header>
      {error && data && <FailureLine floating error={error} onAgain={again} />}
      {!data ? (
        error ? (
          <Failure error={error} onAgain={again} />
        ) : (
          <Skeleton lines={10} />
        )
      ) : (
        <>
          {rows.length === 0 ? (
            <State drawing="summary" title={text.empty}>
              <p>{text.emptyText}</p>
            </State>
          ) : (
            <>
              <dl className="tiles">
                <Tile name={text.total} value={count(total)} small={text.spans[name]} />
                <Tile
                  name={text.accepted}
                  value={share(counts.ACCEPTED, total)}
                  small={text.acceptedText(count(counts.ACCEPTED))}
                />
                <Tile
                  name={text.unknown}
                  value={count(counts.UNKNOWN)}
                  small={text.unknownText}
                  alert={counts.UNKNOWN > 0}
                />
                <Tile name={text.stopped} value={count(counts.DENIED)} small={text.stoppedText} />
              </dl>
              <ProviderTable
                providers={providers}
                chosen={wanted}
                onChoose={(provider) => go({ provider: provider === wanted ? null : provider })}
              />
              <div className="charts">
                <VolumeChart rows={shown} buckets={buckets} bucket={span.bucket} />
                <LatencyChart rows={shown} buckets={buckets} bucket={span.bucket} />
              </div>
            </>
          )}
          <Budgets refreshed={refreshed} />
          <Denials rules={rules} buckets={buckets} bucket={span.bucket} />
        </>
      )}
    </main>
  );
}

function Tile({
  name,
  value,
  small,
  alert,
}: {
  name: string;
  value: string;
  small: string;
  alert?: boolean;
}) {
  return (
    <div className="tile" data-alert={alert}>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd className="tile-small">{small}</dd>
    </div>
  );
}
