// Which operators and shops can be asked; fetched when somebody wants to know.
import { useState } from 'react';
import type { DataSourceStatus } from '../../client/schema-types.generated.js';
import { useQuery } from '../asking/use-query.js';
import { ErrorNotice } from '../elements/error-notice.js';
import { Loading } from '../elements/loading.js';
import { type Language, useLanguage, useWords } from '../language.js';
import { OperatorDataSources } from './operator-data-sources.generated.js';

const words = {
  zh: {
    title: '支持哪些运营商？',
    none: '目前没有可用的数据源。',
    again: '重试',
    status: { IN_DEVELOPMENT: '接入中', ONLINE: '可用', OFFLINE: '维护中', UNKNOWN: '未知' },
  },
  en: {
    title: 'Which operators can be asked?',
    none: 'There are no sources at the moment.',
    again: 'Try again',
    status: { IN_DEVELOPMENT: 'coming', ONLINE: 'online', OFFLINE: 'offline', UNKNOWN: 'unknown' },
  } satisfies { status: Record<DataSourceStatus, string> } & Record<string, unknown>,
};

/** One that is not known here is called as the provider calls it. */
const categories: Record<string, Record<Language, string> | undefined> = {
  mobile: { zh: '移动运营商', en: 'mobile operator' },
  e_business: { zh: '电商', en: 'shop' },
};

export function DataSources() {
  const text = useWords(words);
  const [wanted, setWanted] = useState(false);
  return (
    <details className="sources" onToggle={(event) => event.currentTarget.open && setWanted(true)}>
      <summary>{text.title}</summary>
      {wanted && <List />}
    </details>
  );
}

const nothing = {};

function List() {
  const text = useWords(words);
  const language = useLanguage();
  const [found, again] = useQuery(OperatorDataSources, nothing);
  if (found.status === 'LOADING') return <Loading lines={3} />;
  if (found.status === 'FAILED')
    return (
      <>
        <ErrorNotice error={found.error} />
        <button type="button" className="button second" onClick={again}>
          {text.again}
        </button>
      </>
    );
  const { operatorDataSources: sources } = found.data;
  if (sources.length === 0) return <p>{text.none}</p>;
  return (
    <ul className="source-list">
      {sources.map(({ id, name, category, categoryName, status }) => (
        <li key={id}>
          <span>
            {name} <small>{categories[category]?.[language] ?? categoryName}</small>
          </span>
          <span className="badge" data-tone={status === 'ONLINE' ? 'good' : 'plain'}>
            {text.status[status]}
          </span>
        </li>
      ))}
    </ul>
  );
}
