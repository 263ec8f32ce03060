// How calls ended that were still running when the live log told of them: it tells each record once, about a second
// after it began. While there are any, they are looked up now and then.
import { useCallback, useEffect, useRef } from 'react';
import { asApiError } from '../asking/use-query.js';
import { matches, type OpenFilter } from './filter.js';
import { pageOf, type RecordLine } from './use-records.js';

/** Each look is itself logged. */
const LOOK_EVERY_MS = 12_000;
/** Longer than any call takes. */
const MOST_LOOKS = 30;
/** Of one look. What began between those that are followed is read too. */
const MOST_PAGES = 3;

/**
 * @param inSight of the list: of these too the end is wanted
 * @param onEnded of each that has ended, whether or not it fits the filter
 * @returns to be told of each record that comes live
 */
export function useEndings(
  live: boolean,
  filter: OpenFilter,
  inSight: readonly RecordLine[],
  onEnded: (record: RecordLine) => void,
): (record: RecordLine) => void {
  const running = useRef(new Map<string, { record: RecordLine; looks: number }>());
  const latest = useRef({ filter, inSight, onEnded });
  latest.current = { filter, inSight, onEnded };
  const follow = useCallback((record: RecordLine) => {
    if (record.outcome !== 'PENDING' || running.current.has(record.id)) return;
    if (matches(record, knownAtOnce(latest.current.filter)))
      running.current.set(record.id, { record, looks: 0 });
  }, []);

  useEffect(() => {
    if (!live) return;
    let wanted = true;
    let busy = false;
    const asked = knownAtOnce(filter);
    const look = async () => {
      latest.current.inSight.forEach(follow);
      const followed = [...running.current.values()].filter(
        ({ record, looks }) => looks < MOST_LOOKS && matches(record, asked),
      );
      if (followed.length === 0) return;
      for (const one of followed) one.looks += 1;
      const times = followed.map(({ record }) => Date.parse(record.createdAt));
      const from = new Date(Math.min(...times)).toISOString();
      const to = new Date(Math.max(...times) + 1).toISOString();
      let after: string | null = null;
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const page: Awaited<ReturnType<typeof pageOf>> = await pageOf({ ...asked, from, to }, after);
        if (!wanted) return;
        for (const record of page.rows) {
          if (record.outcome === 'PENDING' || !running.current.delete(record.id)) continue;
          latest.current.onEnded(record);
        }
        if (!page.hasMore) return;
        after = page.cursor;
      }
    };
    const lookAgain = () => {
      // Whoever looks elsewhere needs no look, and the one before may take its time.
      if (busy || document.visibilityState !== 'visible') return;
      busy = true;
      // Where it fails, the next look may not.
      look()
        .catch(asApiError)
        .finally(() => {
          busy = false;
        });
    };
    const timer = setInterval(lookAgain, LOOK_EVERY_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [live, filter, follow]);

  return follow;
}

/** What is known at the end only does not tell yet whether a record will fit. */
function knownAtOnce({ outcomes: _, providerReference: __, ...filter }: OpenFilter): OpenFilter {
  return filter;
}
