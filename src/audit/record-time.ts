// Record ids are UUIDv7, so that their order is the order of time and a span of time is a range of ids.

/** The smallest id of a moment; ids of earlier moments are smaller. */
export function firstIdAt(at: Date): string {
  const milliseconds = Math.min(Math.max(at.getTime(), 0), 0xffff_ffff_ffff);
  const hex = milliseconds.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** The greatest id of the moments before this one. */
export function lastIdBefore(at: Date): string {
  const moment = firstIdAt(new Date(at.getTime() - 1)).slice(0, 14);
  return `${moment}ffff-ffff-ffffffffffff`;
}

/** The moment that an id was made. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
