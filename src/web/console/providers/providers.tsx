// Which providers there are, and whether calls to them are let through; looked at again every few seconds.
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { BreakerState } from '../../client/schema-types.generated.js';
import { useQuery } from '../asking/use-query.js';
import { Failure, FailureLine } from '../elements/failure.js';
import { Icon } from '../elements/icon.js';
import { Skeleton } from '../elements/skeleton.js';
import { type Language, useLanguage, useWords } from '../language.js';
import { addressOf } from '../route.js';
import { providerName } from '../words/providers.js';
import { FindProviders, type FindProvidersQuery } from './find-providers.generated.js';

const words = {
  zh: {
    title: '服务商',
    refresh: '刷新',
    configured: '已配置',
    notConfigured: '未配置',
    notConfiguredText: '没有地址，所有调用都会被拒绝',
    sandbox: '沙箱',
    real: '真实环境',
    records: '查看记录',
    note: '熔断状态为本进程所见；多副本时各自判断。',
  },
  en: {
    title: 'Providers',
    refresh: 'Refresh',
    configured: 'configured',
    notConfigured: 'Not configured',
    notConfiguredText: 'without an address every call is turned away',
    sandbox: 'sandbox',
    real: 'real',
    records: 'Records',
    note: "Breakers as this server's process sees them; each replica has its own.",
  },
};

const breakers: Record<Language, Record<BreakerState, readonly [string, string]>> = {
  zh: {
    CLOSED: ['通', '调用照常放行'],
    HALF_OPEN: ['试探', '放行一个调用，看是否恢复'],
    OPEN: ['断', '近来中断过多，暂不放行；前端会得到“服务商不可用”，没有发出请求'],
  },
  en: {
    CLOSED: ['Closed', 'calls are let through'],
    HALF_OPEN: ['Half open', 'one call is let through, to try'],
    OPEN: [
      'Open',
      'too many calls broke off lately: none is let through, and front-ends are told that nothing was sent',
    ],
  },
};

const nothing = {};
const EVERY_MS = 10_000;

export default function Providers() {
  const text = useWords(words);
  const { data, error, loading, again } = useQuery(FindProviders, nothing);
  const busy = useRef(loading);
  busy.current = loading;
  useEffect(() => {
    const timer = setInterval(() => {
      // To ask again would be to throw away what is on its way.
      if (document.visibilityState === 'visible' && !busy.current) again();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [again]);
  return (
    <main className="page">
      <header className="page-head">
        <h1>{text.title}</h1>
        <Button type="text" icon={<Icon of="refresh" />} loading={loading && !!data} onClick={again}>
          {text.refresh}
        </Button>
      </header>
      {error && data && <FailureLine floating error={error} onAgain={again} />}
      {data ? (
        <>
          <ul className="cards">
            {data.providers.map((provider) => (
              <ProviderCard key={provider.id} provider={provider} />
            ))}
          </ul>
          <p className="quiet">{text.note}</p>
        </>
      ) : error ? (
        <Failure error={error} onAgain={again} />
      ) : (
        <Skeleton lines={6} />
      )}
    </main>
  );
}

function ProviderCard({ provider }: { provider: FindProvidersQuery['providers'][number] }) {
  const text = useWords(words);
  const language = useLanguage();
  const { id, configured, sandbox, breaker } = provider;
  const [state, what] = configured
    ? breakers[language][breaker]
    : [text.notConfigured, text.notConfiguredText];
  return (
    <li className="provider" data-breaker={configured ? breaker : 'NONE'}>
      <div className="provider-head">
        <h2>{providerName(id, language)}</h2>
        <code>{id}</code>
      </div>
      <p className="breaker">
        <BreakerDrawing breaker={configured ? breaker : null} />
        <strong>{state}</strong>
        <span>{what}</span>
      </p>
      <p className="provider-foot">
        <span>{configured && (sandbox ? text.sandbox : text.real)}</span>
        <a href={addressOf({ view: 'records', query: new URLSearchParams({ provider: id }) })}>
          {text.records}
        </a>
      </p>
    </li>
  );
}

/** A switch in a line: closed, open, or nearly. */
function BreakerDrawing({ breaker }: { breaker: BreakerState | null }) {
  const lever = { CLOSED: 'M14 12H34', HALF_OPEN: 'M14 12 33 7.5', OPEN: 'M14 12 31 3.5' };
  return (
    <svg
      viewBox="0 0 48 24"
      width="48"
      height="24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M1 12h10M37 12h10" strokeDasharray={breaker ? undefined : '2 4'} />
      <circle cx="13" cy="12" r="2" fill="currentColor" />
      <circle cx="35" cy="12" r="2" fill="currentColor" />
      {breaker && <path d={lever[breaker]} />}
    </svg>
  );
}
