// Work that is done now and then again: never twice at once, and never the end of the process, whatever it throws.

/** @param failed told what the work threw; must not throw itself */
export function regularly(
  everyMs: number,
  work: () => Promise<void>,
  failed: (error: unknown) => void,
): { stop(): Promise<void> } {
  let working: Promise<void> | null = null;
  const begin = () => {
    working ??= work()
      .catch(failed)
      .finally(() => {
        working = null;
      });
  };
  const timer = setInterval(begin, everyMs);
  begin();
  return {
    stop: async () => {
      clearInterval(timer);
      await working;
    },
  };
}
