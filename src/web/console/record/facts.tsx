// What a record says of itself, with what its codes mean.
import type { ReactNode } from 'react';
import { Copied } from '../elements/copied.js';
import { useLanguage, useWords } from '../language.js';
import type { RecordLine } from '../records/use-records.js';
import { addressOf } from '../route.js';
import { duration, wholeTime } from '../words/numbers.js';
import { codeWords } from '../words/providers.js';
import { ruleWords } from '../words/rules.js';

const words = {
  zh: {
    phone: '手机号',
    code: '服务商代码',
    unknownCode: '含义未公开',
    rule: '规则',
    why: '原因',
    retry: '多久后可重试',
    retryUntil: (time: string) => `至 ${time}`,
    latency: '服务商耗时',
    created: '到达',
    settled: '完成',
    unsettled: '尚未完成',
    operation: '接口',
    reference: '服务商流水号',
    actor: '操作者',
    anonymous: '匿名',
    client: '前端',
    flow: '流程',
    wholeFlow: '查看整个流程',
    replays: '重复请求',
    times: (n: number) => `${n} 次，同一幂等键，没有再次生效`,
    erased: '已抹除',
    erasedText: '个人数据的密钥已销毁，不可恢复',
  },
  en: {
    phone: 'Phone',
    code: "Provider's code",
    unknownCode: 'not documented',
    rule: 'Rule',
    why: 'Why',
    retry: 'Try again after',
    retryUntil: (time: string) => `until ${time}`,
    latency: "Provider's time",
    created: 'Arrived',
    settled: 'Ended',
    unsettled: 'not yet',
    operation: 'Endpoint',
    reference: "Provider's reference",
    actor: 'Actor',
    anonymous: 'anonymous',
    client: 'Front-end',
    flow: 'Flow',
    wholeFlow: 'Show the whole flow',
    replays: 'Repeated',
    times: (n: number) => `${n} × with the same idempotency key, without a second effect`,
    erased: 'Erased',
    erasedText: "the keys to the person's data are destroyed for good",
  },
};

export function Facts({ record }: { record: RecordLine }) {
  const text = useWords(words);
  const language = useLanguage();
  const { provider, providerCode, rule, retryAfterMs, latencyMs, settledAt, createdAt, flow } = record;
  const rows: (readonly [string, ReactNode])[] = [];
  const add = (name: string, value: ReactNode) => rows.push([name, value]);

  if (rule)
    add(
      record.outcome === 'UNKNOWN' ? text.why : text.rule,
      <>
        {ruleWords(rule, language)} <code>{rule}</code>
      </>,
    );
  if (providerCode)
    add(
      text.code,
      <>
        {codeWords(provider, providerCode, language) ?? <span className="quiet">{text.unknownCode}</span>}{' '}
        <code>{providerCode}</code>
      </>,
    );
  if (retryAfterMs !== null)
    add(
      text.retry,
      <>
        {duration(retryAfterMs, language)}
        {settledAt && (
          <small>
            {' '}
            {text.retryUntil(wholeTime(new Date(Date.parse(settledAt) + retryAfterMs).toISOString()))}
          </small>
        )}
      </>,
    );
  if (record.erasedAt)
    add(
      text.erased,
      <>
        {wholeTime(record.erasedAt)} <small>{text.erasedText}</small>
      </>,
    );
  else if (record.maskedPhone) add(text.phone, <span className="figure">{record.maskedPhone}</span>);
  if (latencyMs !== null)
    add(text.latency, `${latencyMs.toLocaleString('en-US')} ${language === 'zh' ? '毫秒' : 'ms'}`);
  add(text.created, wholeTime(createdAt));
  add(text.settled, settledAt ? wholeTime(settledAt) : text.unsettled);
  add(text.operation, <code>{record.operation}</code>);
  if (record.providerReference)
    add(text.reference, <Copied name={text.reference} value={record.providerReference} />);
  add(text.actor, record.actor ?? text.anonymous);
  if (record.client) add(text.client, record.client);
  if (record.replays > 0) add(text.replays, text.times(record.replays));
  if (flow)
    add(
      text.flow,
      <a href={addressOf({ view: 'records', query: new URLSearchParams({ flow }) })}>{text.wholeFlow}</a>,
    );

  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
