// The log: what is looked for, the list, and one record open beside it.
import { Button, Drawer } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useNarrow } from '../asking/use-media.js';
import { Failure, FailureLine } from '../elements/failure.js';
import { Icon } from '../elements/icon.js';
import { Skeleton } from '../elements/skeleton.js';
import { State } from '../elements/state.js';
import { ExportButton } from '../export/export-button.js';
import { useWords } from '../language.js';
import { RecordDrawer } from '../record/record-drawer.js';
import { open, replace, route, useRoute } from '../route.js';
import { ActiveFilters } from './active-filters.js';
import {
  ACCESSES,
  filterOf,
  matches,
  type OpenFilter,
  queryOf,
  type Subject,
  showsAccesses,
  subjectInput,
  subject as subjectStore,
} from './filter.js';
import { FilterPanel } from './filter-panel.js';
import { LiveBar, WaitingButton } from './live-bar.js';
import { RecordList } from './record-list.js';
import { useEndings } from './use-endings.js';
import { useLive } from './use-live.js';
import { PAGE, type RecordLine, useRecords } from './use-records.js';

const words = {
  zh: {
    title: '记录',
    filters: '筛选',
    filtersOf: (count: number) => (count > 0 ? `筛选（${count}）` : '筛选'),
    show: '查看结果',
    refresh: '刷新',
    empty: '日志里还没有记录',
    emptyText: '有请求经过时，会在这里出现。',
    none: '没有符合条件的记录',
    noneText: '放宽时间或去掉一个条件试试。',
    nonePerson: '没有关于此人的记录；若曾抹除，也查不到。',
    clear: '清除全部条件',
  },
  en: {
    title: 'Records',
    filters: 'Filters',
    filtersOf: (count: number) => (count > 0 ? `Filters (${count})` : 'Filters'),
    show: 'Show the records',
    refresh: 'Refresh',
    empty: 'There are no records yet',
    emptyText: 'They appear here as requests come in.',
    none: 'No record fits these conditions',
    noneText: 'Try a longer time, or take a condition away.',
    nonePerson: 'There is no record of this person; after erasure there is nothing to find either.',
    clear: 'Clear all conditions',
  },
};

/** Pages without anything to show that are asked for in a row. */
const MOST_BARREN = 4;

export function Records() {
  const text = useWords(words);
  const narrow = useNarrow();
  const { id, query } = useRoute();
  const subject = subjectStore.use();
  const asked = query.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(asked)), [asked]);
  const question = useMemo(
    () => ({ ...filter, ...(subject ? { subject: subjectInput(subject) } : {}) }),
    [filter, subject],
  );
  const { records, again, more, add, take, change, catchUp } = useRecords(question);
  const { rows, loading, loadingMore, hasMore, trimmed, error, failed } = records;

  const [wantsLive, setWantsLive] = useState(false);
  const [paused, setPaused] = useState(false);
  const [atTop, setAtTop] = useState(true);
  // Whom a record is about cannot be told from its mask.
  const canBeLive = subject === null;
  const withAccesses = showsAccesses(query);
  const isWanted = useCallback(
    ({ kind }: RecordLine) => withAccesses || kind !== 'AUDIT_ACCESS',
    [withAccesses],
  );
  const wanted = useMemo(() => rows.filter(isWanted), [rows, isWanted]);
  // A list of nothing has a top only.
  const hold = paused || (!atTop && wanted.length > 0);
  const waiting = useMemo(() => records.waiting.filter(isWanted), [records.waiting, isWanted]);
  const show = (record: RecordLine) => matches(record, filter) && isWanted(record) && add(record, hold);
  const listening = useLive(
    wantsLive && canBeLive,
    (record) => {
      follow(record);
      show(record);
    },
    () => void catchUp(hold),
  );
  const inSight = [...waiting.slice(0, PAGE), ...wanted.slice(0, PAGE)];
  const follow = useEndings(listening.live === 'ON', filter, inSight, (record) => {
    show(record);
    change(record);
  });
  const waits = records.waiting.length > 0;
  useEffect(() => {
    if (!hold && waits) take();
  }, [hold, waits, take]);

  // Where page after page holds nothing to show, it is for a person to say that they want to go on.
  const barren = useRef({ pages: 0, rows: 0, wanted: 0 });
  if (barren.current.rows !== rows.length) {
    const found = rows.length === 0 || barren.current.wanted !== wanted.length;
    const pages = found ? 0 : barren.current.pages + 1;
    barren.current = { pages, rows: rows.length, wanted: wanted.length };
  }
  const onMore = useCallback(
    (insist = false) => {
      if (insist) barren.current.pages = 0;
      if (barren.current.pages < MOST_BARREN) more(insist);
    },
    [more],
  );

  const [filtersOpen, setFiltersOpen] = useState(false);
  const onFilter = useCallback((change: (present: OpenFilter) => OpenFilter) => {
    const { query: present } = route();
    const query = queryOf(change(filterOf(present)));
    if (present.has(ACCESSES)) query.set(ACCESSES, '1');
    open({ view: 'records', query });
  }, []);
  const onAccesses = useCallback((shown: boolean) => {
    const query = new URLSearchParams(route().query);
    if (shown) query.set(ACCESSES, '1');
    else query.delete(ACCESSES);
    replace({ view: 'records', query });
  }, []);
  const onSubject = useCallback((next: Subject | null) => subjectStore.set(next), []);
  const onOpen = useCallback((next: string) => open({ ...route(), id: next }), []);
  const onClose = useCallback(() => {
    const { view, query: present } = route();
    open({ view, query: present });
  }, []);
  const onLookedUp = (next: string) => {
    setFiltersOpen(false);
    onOpen(next);
  };
  const filters = { filter, subject, onFilter, onSubject, withAccesses, onAccesses, onOpen: onLookedUp };
  const conditions = Object.keys(filter).length + (subject ? 1 : 0);

  const list = useRef<HTMLElement>(null);
  const isOpen = id !== undefined;
  // Back where one was. antd's drawer does so only once its motion was seen to end, and some want no motion.
  useEffect(() => {
    if (!isOpen) return;
    return () => list.current?.querySelector<HTMLElement>('.rows')?.focus({ preventScroll: true });
  }, [isOpen]);

  const at = wanted.findIndex((row) => row.id === id);
  return (
    <div className="records">
      {!narrow && (
        <aside className="side" aria-label={text.filters}>
          <FilterPanel {...filters} />
        </aside>
      )}
      <main className="main" ref={list}>
        <h1 className="unseen">{text.title}</h1>
        <div className="bar">
          {narrow && (
            <Button icon={<Icon of="filter" />} onClick={() => setFiltersOpen(true)}>
              {text.filtersOf(conditions)}
            </Button>
          )}
          <LiveBar
            listening={listening}
            wanted={wantsLive}
            paused={paused}
            narrow={narrow}
            possible={canBeLive}
            onWanted={setWantsLive}
            onPaused={setPaused}
          />
          <span className="bar-space" />
          <Button
            type="text"
            aria-label={text.refresh}
            title={text.refresh}
            icon={<Icon of="refresh" />}
            loading={loading && rows.length > 0}
            onClick={again}
          />
          <ExportButton
            filter={question}
            withAccesses={withAccesses}
            narrow={narrow}
            disabled={wanted.length === 0}
          />
        </div>
        <ActiveFilters {...filters} />
        {error && rows.length > 0 && (
          <FailureLine floating error={error} onAgain={() => (failed === 'MORE' ? more(true) : again())} />
        )}
        {wanted.length > 0 || (rows.length > 0 && hasMore) ? (
          <RecordList
            rows={wanted}
            hidden={rows.length - wanted.length}
            narrow={narrow}
            hasMore={hasMore}
            trimmed={trimmed}
            loadingMore={loadingMore}
            openId={id}
            onOpen={onOpen}
            onMore={onMore}
            onTop={setAtTop}
            question={question}
          >
            {hold && waiting.length > 0 && (
              <WaitingButton
                count={waiting.length}
                onShow={() => {
                  setPaused(false);
                  list.current?.querySelector('.rows')?.scrollTo(0, 0);
                }}
              />
            )}
          </RecordList>
        ) : loading ? (
          <Skeleton lines={narrow ? 8 : 16} />
        ) : error ? (
          <Failure error={error} onAgain={again} />
        ) : conditions > 0 ? (
          <State drawing="search" title={text.none}>
            <p>{subject ? text.nonePerson : text.noneText}</p>
            <Button
              onClick={() => {
                onSubject(null);
                onFilter(() => ({}));
              }}
            >
              {text.clear}
            </Button>
          </State>
        ) : (
          <State drawing="records" title={text.empty}>
            <p>{text.emptyText}</p>
          </State>
        )}
      </main>
      {narrow && (
        <Drawer
          title={text.filters}
          placement="bottom"
          size="86dvh"
          open={filtersOpen}
          onClose={() => setFiltersOpen(false)}
          footer={
            <Button type="primary" block onClick={() => setFiltersOpen(false)}>
              {text.show}
            </Button>
          }
        >
          <FilterPanel {...filters} />
        </Drawer>
      )}
      <RecordDrawer
        id={id}
        outcome={wanted[at]?.outcome}
        onClose={onClose}
        onRecord={change}
        onErased={again}
        before={at > 0 ? wanted[at - 1]?.id : undefined}
        after={at >= 0 ? wanted[at + 1]?.id : undefined}
      />
    </div>
  );
}
