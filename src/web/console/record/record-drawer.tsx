// One record: how it ended and why, its history, its proof; for admins, what it hides, and an end to it.
import { Button, Drawer } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import type { Outcome } from '../../client/schema-types.generated.js';
import { useNarrow } from '../asking/use-media.js';
import { useAgainWith, useQuery } from '../asking/use-query.js';
import { Copied } from '../elements/copied.js';
import { Failure, FailureLine } from '../elements/failure.js';
import { Icon } from '../elements/icon.js';
import { OutcomeMark } from '../elements/outcome-mark.js';
import { Skeleton } from '../elements/skeleton.js';
import { State } from '../elements/state.js';
import { useLanguage, useWords } from '../language.js';
import type { RecordLine } from '../records/use-records.js';
import { open, route } from '../route.js';
import { session } from '../signing-in/session.js';
import { kindWords, purposeWords } from '../words/kinds.js';
import { providerName } from '../words/providers.js';
import { EraseSubjectButton } from './erase.js';
import { Facts } from './facts.js';
import { FindRecord, type FindRecordQuery } from './find-record.generated.js';
import { Proof } from './proof.js';
import { Reveal } from './reveal.js';
import { Timeline } from './timeline.js';

const words = {
  zh: {
    record: '记录',
    close: '关闭',
    before: '上一条',
    after: '下一条',
    refresh: '刷新此记录',
    none: '没有这条记录',
    noneText: '编号有误，或请求未入日志就已退回（如参数有误、未登录），或所在月份已按保留期限删除。',
    id: '请求编号',
    admin: '管理员操作',
  },
  en: {
    record: 'Record',
    close: 'Close',
    before: 'Previous',
    after: 'Next',
    refresh: 'Refresh this record',
    none: 'There is no such record',
    noneText:
      'The number is wrong, the request was turned away before it was logged (bad input, not signed in), or retention has dropped its month.',
    id: 'Request',
    admin: 'For admins',
  },
};

interface RecordDrawerProps {
  id: string | undefined;
  /** As the list has it. */
  outcome: Outcome | undefined;
  /** Its neighbours in the list. */
  before: string | undefined;
  after: string | undefined;
  onClose: () => void;
  /** Where the list may show it as it was. */
  onRecord: (record: RecordLine) => void;
  onErased: () => void;
}

export function RecordDrawer(props: RecordDrawerProps) {
  const { id, outcome, before, after, onClose, onRecord, onErased } = props;
  const text = useWords(words);
  const [refreshed, setRefreshed] = useState(0);
  const narrow = useNarrow();
  const step = (to: string | undefined, name: string, drawing: 'up' | 'down') => (
    <Button
      type="text"
      size="small"
      aria-label={name}
      title={name}
      disabled={to === undefined}
      icon={<Icon of={drawing} />}
      onClick={() => to !== undefined && open({ ...route(), id: to })}
    />
  );
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      focusable={{ focusTriggerAfterClose: false }}
      placement={narrow ? 'bottom' : 'right'}
      size={narrow ? '94dvh' : 620}
      title={text.record}
      closeIcon={<Icon of="close" />}
      extra={
        <span className="steps">
          <Button
            type="text"
            size="small"
            aria-label={text.refresh}
            title={text.refresh}
            icon={<Icon of="refresh" />}
            onClick={() => setRefreshed((count) => count + 1)}
          />
          {step(before, text.before, 'up')}
          {step(after, text.after, 'down')}
        </span>
      }
      destroyOnHidden
      styles={{ mask: { background: 'rgb(8 20 18 / 24%)' } }}
    >
      {id !== undefined && (
        <RecordShown
          key={id}
          id={id}
          outcome={outcome}
          refreshed={refreshed}
          onRecord={onRecord}
          onErased={onErased}
        />
      )}
    </Drawer>
  );
}

type Whole = NonNullable<FindRecordQuery['auditRecord']>;

interface RecordShownProps extends Pick<RecordDrawerProps, 'outcome' | 'onRecord' | 'onErased'> {
  id: string;
  refreshed: number;
}

function RecordShown({ id, outcome, refreshed, onRecord, onErased }: RecordShownProps) {
  const text = useWords(words);
  const variables = useMemo(() => ({ id }), [id]);
  const { data, error, again } = useQuery(FindRecord, variables);
  useAgainWith(refreshed, again);
  const record = data?.auditRecord;
  // It was under way when it was asked for, and the list has heard since how it ended.
  const hasEnded = record?.outcome === 'PENDING' && outcome !== undefined && outcome !== 'PENDING';
  useEffect(() => {
    if (hasEnded) again();
  }, [hasEnded, again]);
  useEffect(() => {
    if (!record) return;
    const { entries: _, ...line } = record;
    onRecord(line);
  }, [record, onRecord]);

  if (record === null)
    return (
      <State drawing="search" title={text.none}>
        <p>{text.noneText}</p>
        <code>{id}</code>
      </State>
    );
  if (!record) return error ? <Failure error={error} onAgain={again} /> : <Skeleton lines={9} />;
  return (
    <>
      {error && <FailureLine floating error={error} onAgain={again} />}
      <Shown
        record={record}
        onErased={() => {
          again();
          onErased();
        }}
      />
    </>
  );
}

function Shown({ record, onErased }: { record: Whole; onErased: () => void }) {
  const text = useWords(words);
  const language = useLanguage();
  const { isAdmin } = session.use() ?? { isAdmin: false };
  const { id, kind, purpose, outcome, provider, entries } = record;
  return (
    <article className="record">
      <header className="record-head" data-outcome={outcome}>
        <OutcomeMark outcome={outcome} />
        <h2>
          {kindWords[language][kind]}
          {purpose && <small> {purposeWords(purpose, language)}</small>}
        </h2>
        <p>{provider ? providerName(provider, language) : record.operation}</p>
        <p className="record-id">
          <Copied name={text.id} value={id} />
        </p>
      </header>
      <Facts record={record} />
      <Timeline provider={provider} entries={entries} />
      <Proof id={id} entries={entries} />
      {isAdmin && (
        <section className="part">
          <h3>{text.admin}</h3>
          <Reveal id={id} erased={record.erasedAt !== null} />
          <EraseSubjectButton onErased={onErased} />
        </section>
      )}
    </article>
  );
}
