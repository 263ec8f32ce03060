// Any number of records, of which only those in sight are drawn. A grid to who can't see it: arrows move, Enter opens.
// biome-ignore-all lint/a11y/useSemanticElements: only rows in sight exist, which the elements of a table cannot say
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus, and says which row is meant
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useLanguage, useWords } from '../language.js';
import { recordsOf } from '../words/numbers.js';
import { HeadCell } from './grid-cell.js';
import { RecordRow } from './record-row.js';
import type { RecordLine } from './use-records.js';

const words = {
  zh: {
    list: '记录',
    columns: ['时间', '结果', '请求', '服务商', '手机号', '说明', '耗时（毫秒）', '操作者'],
    more: '载入更多',
    loading: '正在载入…',
    end: (shown: string) => `共 ${shown} 条，已到最早一条`,
    trimmed: (shown: string) => `最新 ${shown} 条；更早的已让位，刷新后可再载入`,
    hidden: (count: string) => `另有 ${count} 条查阅日志的记录未显示`,
  },
  en: {
    list: 'Records',
    columns: ['Time', 'Outcome', 'Request', 'Provider', 'Phone', 'What it means', 'Latency (ms)', 'Actor'],
    more: 'Load more',
    loading: 'Loading…',
    end: (shown: string) => `${recordsOf(shown)}; this is the earliest`,
    trimmed: (shown: string) => `The newest ${shown}; older ones made room, refresh to load them`,
    hidden: (count: string) => `${count} not shown: who looked into the log`,
  },
};

const AROUND = 12;
const NEAR_THE_END = 40;
const heights = { wide: 34, narrow: 78 };

export interface RecordListProps {
  rows: readonly RecordLine[];
  narrow: boolean;
  /** Loaded, and not to be shown. */
  hidden: number;
  hasMore: boolean;
  /** The oldest are not in `rows` any more. */
  trimmed: boolean;
  loadingMore: boolean;
  /** The record that is open. */
  openId: string | undefined;
  onOpen: (id: string) => void;
  onMore: (insist?: boolean) => void;
  onTop: (atTop: boolean) => void;
  /** Changes where the list begins anew, at its top. */
  question: unknown;
  /** Over the list. */
  children?: ReactNode;
}

export function RecordList(props: RecordListProps) {
  const {
    rows,
    narrow,
    hidden,
    hasMore,
    trimmed,
    loadingMore,
    openId,
    onOpen,
    onMore,
    onTop,
    question,
    children,
  } = props;
  const text = useWords(words);
  const language = useLanguage();
  const scroller = useRef<HTMLDivElement>(null);
  const height = narrow ? heights.narrow : heights.wide;
  const [seen, setSeen] = useState({ from: 0, to: 40 });
  const [active, setActive] = useState<string | null>(null);

  const look = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    onTop(box.scrollTop < height);
    const from = Math.max(0, Math.floor(box.scrollTop / height) - AROUND);
    const to = Math.ceil((box.scrollTop + box.clientHeight) / height) + AROUND;
    setSeen((before) => (before.from === from && before.to === to ? before : { from, to }));
  }, [height, onTop]);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const watcher = new ResizeObserver(look);
    watcher.observe(box);
    return () => watcher.disconnect();
  }, [look]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at its top
  useLayoutEffect(() => {
    scroller.current?.scrollTo(0, 0);
    setActive(null);
  }, [question]);

  const { length } = rows;
  useEffect(() => {
    if (seen.to + NEAR_THE_END >= length) onMore();
  }, [seen.to, length, onMore]);

  const show = (index: number) => {
    const box = scroller.current;
    const row = rows[index];
    if (!box || !row) return;
    setActive(row.id);
    const head = narrow ? 0 : height;
    const top = index * height;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + height + head > box.scrollTop + box.clientHeight)
      box.scrollTop = top + height + head - box.clientHeight;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const at = active === null ? -1 : rows.findIndex(({ id }) => id === active);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      show(Math.min(length - 1, Math.max(0, to)));
    } else if ((event.key === 'Enter' || event.key === ' ') && active !== null) {
      event.preventDefault();
      onOpen(active);
    }
  };

  const shown = rows.slice(seen.from, seen.to);
  const isShown = shown.some(({ id }) => id === active);
  return (
    <div className="list" data-narrow={narrow}>
      {children}
      <div
        className="rows"
        ref={scroller}
        onScroll={look}
        onKeyDown={onKeyDown}
        role="grid"
        tabIndex={0}
        aria-label={text.list}
        aria-rowcount={hasMore ? -1 : length + 1}
        aria-activedescendant={active !== null && isShown ? `record-${active}` : undefined}
      >
        <div role="row" className="row head" aria-rowindex={1} hidden={narrow}>
          {text.columns.map((column) => (
            <HeadCell key={column}>{column}</HeadCell>
          ))}
        </div>
        <div role="rowgroup" className="rows-all" style={{ height: length * height }}>
          {shown.map((record, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
            <div
              role="row"
              key={record.id}
              id={`record-${record.id}`}
              className="row"
              data-kind={record.kind}
              data-outcome={record.outcome}
              data-active={record.id === active}
              aria-selected={record.id === openId}
              aria-rowindex={seen.from + index + 2}
              style={{ transform: `translateY(${(seen.from + index) * height}px)`, height }}
              onClick={() => {
                setActive(record.id);
                onOpen(record.id);
              }}
            >
              <RecordRow record={record} language={language} narrow={narrow} />
            </div>
          ))}
        </div>
      </div>
      <div className="list-foot">
        {loadingMore && <span role="status">{text.loading}</span>}
        {!loadingMore && hasMore && (
          <button type="button" className="plain" onClick={() => onMore(true)}>
            {text.more}
          </button>
        )}
        {!hasMore && <span>{(trimmed ? text.trimmed : text.end)(length.toLocaleString('en-US'))}</span>}
        {hidden > 0 && <span className="list-hidden">{text.hidden(hidden.toLocaleString('en-US'))}</span>}
      </div>
    </div>
  );
}
