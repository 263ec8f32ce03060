// What an entry says, masked as the server masked it: names and values, those within others a step further in.
import { useLanguage } from '../language.js';
import { duration, wholeTime } from '../words/numbers.js';
import { codeWords } from '../words/providers.js';
import { ruleWords } from '../words/rules.js';

/** The record's own lines show these, or the entry's head. */
const shownElsewhere = new Set([
  'client',
  'flow',
  'operation',
  'provider',
  'purpose',
  'requestKind',
  'outcome',
]);

const names: Record<string, { zh: string; en: string } | undefined> = {
  request: { zh: '请求（掩码）', en: 'Request (masked)' },
  result: { zh: '应答（掩码）', en: 'Answer (masked)' },
  providerCode: { zh: '服务商代码', en: "Provider's code" },
  providerReference: { zh: '服务商流水号', en: "Provider's reference" },
  latencyMs: { zh: '耗时', en: 'Latency' },
  refusal: { zh: '告知前端', en: 'Front-end was told' },
  rule: { zh: '规则', en: 'Rule' },
  retryAfterMs: { zh: '多久后可重试', en: 'Try again after' },
  reason: { zh: '理由', en: 'Reason' },
  target: { zh: '所看的记录', en: 'Record looked at' },
  filter: { zh: '筛选条件', en: 'Filter' },
  ids: { zh: '所见的记录', en: 'Records seen' },
  count: { zh: '合计次数', en: 'Counted' },
  records: { zh: '记录数', en: 'Records' },
  providerText: { zh: '服务商原文', en: "Provider's words" },
};

interface DetailProps {
  detail: Record<string, unknown>;
  provider: string | null;
}

export function Detail({ detail, provider }: DetailProps) {
  const language = useLanguage();
  const members = Object.entries(detail).filter(
    ([name, value]) => !shownElsewhere.has(name) && value !== null && value !== undefined,
  );
  if (members.length === 0) return null;
  const said = (name: string, value: unknown) => {
    if (name === 'providerCode' && typeof value === 'string') return codeWords(provider, value, language);
    if (name === 'rule' && typeof value === 'string') return ruleWords(value, language);
    return null;
  };
  return (
    <dl className="facts detail">
      {members.map(([name, value]) => (
        <div key={name} data-whole={typeof value === 'object'}>
          <dt>{(Object.hasOwn(names, name) && names[name]?.[language]) || name}</dt>
          <dd>
            {/Ms$/.test(name) && typeof value === 'number' ? (
              duration(value, language)
            ) : (
              <Value value={value} />
            )}
            {said(name, value) && <span className="said"> {said(name, value)}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const MOST = 5;

/** Also for what is revealed. */
export function Value({ value }: { value: unknown }) {
  const language = useLanguage();
  if (Array.isArray(value)) {
    const rest = value.length - MOST;
    return (
      <ul className="values">
        {value.slice(0, MOST).map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes
          <li key={index}>
            <Value value={one} />
          </li>
        ))}
        {rest > 0 && <li>{language === 'zh' ? `…另有 ${rest} 项` : `… and ${rest} more`}</li>}
      </ul>
    );
  }
  if (typeof value === 'object' && value !== null) {
    return (
      <dl className="facts inner">
        {leavesOf(value).map(([path, one]) => (
          <div key={path}>
            <dt>
              <code>{path}</code>
            </dt>
            <dd>
              <Value value={one} />
            </dd>
          </div>
        ))}
      </dl>
    );
  }
  if (value === '') return <span className="quiet">{language === 'zh' ? '（空）' : '(empty)'}</span>;
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value))
    return <time dateTime={value}>{wholeTime(value)}</time>;
  return <span className="value">{String(value)}</span>;
}

/** Members within members under one name each: answer.processCode. */
function leavesOf(value: object, before = ''): [path: string, value: unknown][] {
  return Object.entries(value).flatMap(([name, one]): [string, unknown][] => {
    if (one === null || one === undefined) return [];
    const path = before + name;
    return typeof one === 'object' && !Array.isArray(one) ? leavesOf(one, `${path}.`) : [[path, one]];
  });
}
