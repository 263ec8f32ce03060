// What the log keeps of a question that was asked of it. Erasing a person must not leave the question behind that finds
// their records again: of whom it was about, and of what leads to one person, only that it was asked for is kept.

const leadsToOne = new Set(['actor', 'flow', 'providerReference']);

/** @param filter its subject by kind, or absent */
export function filterToKeep(filter: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [
        name,
        leadsToOne.has(name) ? true : value instanceof Date ? value.toISOString() : value,
      ]),
  );
}
