// After a reload: where the authentication stands. Its continuation went with the page that had it.
import { useEffect, useMemo } from 'react';
import { useQuery } from '../asking/use-query.js';
import { Empty } from '../elements/empty.js';
import { ErrorNotice } from '../elements/error-notice.js';
import { Loading } from '../elements/loading.js';
import { useWords } from '../language.js';
import { addressOf } from '../route.js';
import { hear } from './conversation.js';
import { FindOperatorAuthentication } from './operator-authentication.generated.js';

const words = {
  zh: {
    none: '没有找到这次认证',
    noneText: '它不存在，或不属于当前登录的用户。',
    start: '重新申请',
    again: '重试',
  },
  en: {
    none: 'There is no such authentication',
    noneText: 'It does not exist, or belongs to somebody else.',
    start: 'Apply anew',
    again: 'Try again',
  },
};

export function FindConversation({ id }: { id: string }) {
  const text = useWords(words);
  const [found, again] = useQuery(
    FindOperatorAuthentication,
    useMemo(() => ({ id }), [id]),
  );
  const authentication = found.status === 'THERE' ? found.data.operatorAuthentication : undefined;
  useEffect(() => {
    if (authentication) hear(authentication);
  }, [authentication]);

  if (found.status === 'FAILED')
    return (
      <section className="card">
        <ErrorNotice error={found.error} />
        <button type="button" className="button second" onClick={again}>
          {text.again}
        </button>
      </section>
    );
  if (authentication !== null) return <Loading />;
  return (
    <Empty drawing="search" title={text.none}>
      <p>{text.noneText}</p>
      <a className="button" href={addressOf('operator')}>
        {text.start}
      </a>
    </Empty>
  );
}
