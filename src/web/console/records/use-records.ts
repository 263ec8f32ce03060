// The records that fit a filter, page by page as they are scrolled to, and those that are added while one looks on.
import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { ApiError } from '../../client/api-error.js';
import type { AuditRecordFilter } from '../../client/schema-types.generated.js';
import { api } from '../api.js';
import { asApiError } from '../asking/use-query.js';
import { FindRecords } from './find-records.generated.js';
import type { RecordPartsFragment } from './record-parts.generated.js';

export type RecordLine = RecordPartsFragment;

export const PAGE = 100;
/** Records that wait for a reader who has stopped; where there are more, the list begins anew. */
export const MOST_WAITING = 999;
/** Records in memory; beyond it, the oldest make room for those that come live. */
const MOST_HELD = 20_000;
/** Pages that are read after a break; where more was missed, the list begins anew. */
const MOST_CAUGHT_UP = 5;

export interface Records {
  rows: readonly RecordLine[];
  /** Arrived live, newest first, not shown yet. */
  waiting: readonly RecordLine[];
  /** The first page is awaited. */
  loading: boolean;
  loadingMore: boolean;
  hasMore: boolean;
  /** The oldest made room for newer ones. */
  trimmed: boolean;
  error: ApiError | null;
  /** What the error is of. */
  failed: Failed | null;
}

/** The first page; one that follows; or what was added while nobody listened, which is missing then. */
export type Failed = 'FIRST' | 'MORE' | 'GAP';

type Page = { rows: readonly RecordLine[]; cursor: string | null; hasMore: boolean };

interface State extends Records {
  cursor: string | null;
  /** Of the question that is being answered: late answers to others are passed over. */
  turn: number;
}

type Event =
  | { type: 'ASKED'; turn: number; anew: boolean }
  | { type: 'ASKED_MORE' }
  | { type: 'CAME'; turn: number; page: Page }
  | { type: 'CAME_MORE'; turn: number; page: Page }
  | { type: 'FAILED'; turn: number; what: Failed; error: ApiError }
  | { type: 'ADDED'; record: RecordLine; hold: boolean }
  | { type: 'TAKEN' }
  | { type: 'CHANGED'; record: RecordLine };

const nothing: State = {
  rows: [],
  waiting: [],
  loading: true,
  loadingMore: false,
  hasMore: false,
  trimmed: false,
  error: null,
  failed: null,
  cursor: null,
  turn: 0,
};

const isIn = (rows: readonly RecordLine[], { id }: RecordLine) => {
  // Newest first: ids grow with time, so a look at the first few tells.
  for (const row of rows) {
    if (row.id === id) return true;
    if (row.id < id) return false;
  }
  return false;
};

/** What waits may have begun before what is shown: it was not known then whether it fits. */
const newestFirst = (one: RecordLine, other: RecordLine) => (one.id < other.id ? 1 : -1);

/** Newest first, each once. */
function inOrder(rows: readonly RecordLine[], record: RecordLine): RecordLine[] {
  const at = rows.findIndex(({ id }) => id < record.id);
  return at === -1 ? [...rows, record] : [...rows.slice(0, at), record, ...rows.slice(at)];
}

function held(rows: RecordLine[]): Pick<State, 'rows'> & Partial<State> {
  return rows.length > MOST_HELD
    ? { rows: rows.slice(0, MOST_HELD), hasMore: false, trimmed: true }
    : { rows };
}

function next(state: State, event: Event): State {
  switch (event.type) {
    case 'ASKED':
      return event.anew
        ? { ...nothing, turn: event.turn }
        : { ...state, loading: true, error: null, failed: null, turn: event.turn };
    case 'ASKED_MORE':
      // A gap stays one.
      return {
        ...state,
        loadingMore: true,
        ...(state.failed === 'GAP' ? {} : { error: null, failed: null }),
      };
    case 'CAME':
      if (event.turn !== state.turn) return state;
      return { ...nothing, ...event.page, loading: false, turn: state.turn };
    case 'CAME_MORE': {
      if (event.turn !== state.turn) return state;
      const { rows, ...page } = event.page;
      return { ...state, ...page, rows: [...state.rows, ...rows], loadingMore: false };
    }
    case 'FAILED':
      if (event.turn !== state.turn) return state;
      return {
        ...state,
        loading: event.what !== 'FIRST' && state.loading,
        loadingMore: event.what === 'GAP' && state.loadingMore,
        error: event.error,
        failed: state.failed === 'GAP' ? 'GAP' : event.what,
      };
    case 'ADDED': {
      const { record } = event;
      if (isIn(state.rows, record) || isIn(state.waiting, record)) return state;
      // Older than all that was paged to: it comes with its page.
      if (state.hasMore && record.id < (state.rows.at(-1)?.id ?? '')) return state;
      if (event.hold) return { ...state, waiting: inOrder(state.waiting, record).slice(0, MOST_WAITING + 1) };
      return { ...state, ...held(inOrder(state.rows, record)) };
    }
    case 'TAKEN':
      return { ...state, ...held([...state.waiting, ...state.rows].sort(newestFirst)), waiting: [] };
    case 'CHANGED': {
      const { record } = event;
      const { rows, waiting } = state;
      const known = [...waiting, ...rows].find(({ id }) => id === record.id);
      if (!known || JSON.stringify(known) === JSON.stringify(record)) return state;
      const changed = (row: RecordLine) => (row.id === record.id ? record : row);
      return { ...state, rows: rows.map(changed), waiting: waiting.map(changed) };
    }
  }
}

/** @param filter one and the same object for as long as it is the same question; null: nothing is asked */
export function useRecords(filter: AuditRecordFilter) {
  const [state, dispatch] = useReducer(next, nothing);
  const turn = useRef(0);

  const askFirst = useCallback(
    (anew: boolean) => {
      turn.current += 1;
      const mine = turn.current;
      dispatch({ type: 'ASKED', turn: mine, anew });
      return pageOf(filter, null).then(
        (page) => dispatch({ type: 'CAME', turn: mine, page }),
        (cause: unknown) => dispatch({ type: 'FAILED', turn: mine, what: 'FIRST', error: asApiError(cause) }),
      );
    },
    [filter],
  );

  useEffect(() => {
    void askFirst(true);
  }, [askFirst]);

  const { cursor, hasMore, loading, loadingMore, failed } = state;
  const more = useCallback(
    (insist = false) => {
      // A page by the cursor of before would follow another beginning.
      if (!hasMore || loading || loadingMore || (failed && !insist)) return;
      const mine = turn.current;
      dispatch({ type: 'ASKED_MORE' });
      pageOf(filter, cursor).then(
        (page) => dispatch({ type: 'CAME_MORE', turn: mine, page }),
        (cause: unknown) => dispatch({ type: 'FAILED', turn: mine, what: 'MORE', error: asApiError(cause) }),
      );
    },
    [filter, cursor, hasMore, loading, loadingMore, failed],
  );

  const known = useRef<State>(state);
  known.current = state;
  /** What was added while nobody listened. Where that is more than a few pages, the list begins anew. */
  const catchUp = useCallback(
    async (hold: boolean) => {
      const mine = turn.current;
      const missed: RecordLine[] = [];
      let after: string | null = null;
      for (let pages = 0; pages < MOST_CAUGHT_UP; pages += 1) {
        const page: Page | null = await pageOf(filter, after).catch((cause: unknown) => {
          dispatch({ type: 'FAILED', turn: mine, what: 'GAP', error: asApiError(cause) });
          return null;
        });
        if (!page || mine !== turn.current) return;
        missed.push(...page.rows);
        const { rows, waiting } = known.current;
        if (!page.hasMore || page.rows.some((row) => isIn(rows, row) || isIn(waiting, row))) {
          for (const record of missed.toReversed()) dispatch({ type: 'ADDED', record, hold });
          return;
        }
        after = page.cursor;
      }
      await askFirst(false);
    },
    [filter, askFirst],
  );

  const again = useCallback(() => void askFirst(false), [askFirst]);
  const add = useCallback(
    (record: RecordLine, hold: boolean) => dispatch({ type: 'ADDED', record, hold }),
    [],
  );
  /** Shows what waits. Where more came than were kept, they would leave a gap. */
  const take = useCallback(() => {
    if (known.current.waiting.length > MOST_WAITING) void askFirst(false);
    else dispatch({ type: 'TAKEN' });
  }, [askFirst]);
  const change = useCallback((record: RecordLine) => dispatch({ type: 'CHANGED', record }), []);
  return { records: state as Records, again, more, add, take, change, catchUp };
}

/** @throws ApiError */
export async function pageOf(filter: AuditRecordFilter, after: string | null): Promise<Page> {
  const { auditRecords } = await api.query(FindRecords, { filter, first: PAGE, after });
  const { edges, pageInfo } = auditRecords;
  return { rows: edges.map(({ node }) => node), cursor: pageInfo.endCursor, hasMore: pageInfo.hasNextPage };
}
