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
  const latest = useRef({ inSight, onEnded });
  latest.current = { inSight, onEnded };
  const follow = useCallback((record: RecordLine) => {
    if (record.outcome !== 'PENDING' || running.current.has(record.id)) return;
    running.current.set(record.id, { record, looks: 0 });
  }, []);

  useEffect(() => {
    if (!live) return;
    let wanted = true;
    // What is known at the end only does not tell yet whether a record will fit.
    const { outcomes: _, providerReference: __, ...asked } = filter;
    const look = async () => {
      latest.current.inSight.forEach(follow);
      const followed = [...running.current.values()].filter(
        ({ record, looks }) => looks < MOST_LOOKS && matches(record, asked),
      );
      if (followed.length === 0) return;
      for (const one of followed) one.looks += 1;
      const times = followed.map(({ record }) => Date.parse(record.createdAt));
      const span = {
        from: new Date(Math.min(...times)).toISOString(),
        to: new Date(Math.max(...times) + 1).toISOString(),
      };
      const page = await pageOf({ ...asked, ...span }, null).catch((cause: unknown) => {
        asApiError(cause);
        return null;
      });
      if (!wanted) return;
      for (const record of page?.rows ?? []) {
        if (record.outcome === 'PENDING' || !running.current.delete(record.id)) continue;
        latest.current.onEnded(record);
      }
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [live, filter, follow]);

  return follow;
}
