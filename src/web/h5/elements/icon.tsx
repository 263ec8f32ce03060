// The page's drawings: lines on a grid of 24.

const drawings = {
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  phone: 'M8 3h8a2 2 0 012 2v14a2 2 0 01-2 2H8a2 2 0 01-2-2V5a2 2 0 012-2zM11 18h2',
  bank: 'M4 10h16L12 4 4 10zM6 10v7M10 10v7M14 10v7M18 10v7M4 20h16',
  signal:
    'M12 13v8M9 21h6M12 13a2 2 0 100-4 2 2 0 000 4zM7.8 15.2a6 6 0 010-8.4M16.2 6.8a6 6 0 010 8.4M5 18a10 10 0 010-14M19 4a10 10 0 010 14',
  company:
    'M4 21V5a1 1 0 011-1h8a1 1 0 011 1v16M14 10h5a1 1 0 011 1v10M2.5 21h19M8 8h2M8 12h2M8 16h2M17 14h.01M17 17.5h.01',
  lock: 'M7 11V8a5 5 0 0110 0v3M6 11h12a1 1 0 011 1v7a1 1 0 01-1 1H6a1 1 0 01-1-1v-7a1 1 0 011-1z',
  done: 'M5 12.5l4.5 4.5L19 7.5',
  refused: 'M7 7l10 10M17 7L7 17',
  warning:
    'M12 8v5M12 16.5v.01M10.3 4.2L2.9 17.5A2 2 0 004.6 20.5h14.8a2 2 0 001.7-3L13.7 4.2a2 2 0 00-3.4 0z',
  clock: 'M12 7v5l3 2M12 21a9 9 0 100-18 9 9 0 000 18z',
  offline: 'M3 3l18 18M8.5 16a5 5 0 015-1.3M5 12.5A10 10 0 019 10M12 6c3.2 0 6.2 1.2 8.5 3.3M12 20h.01',
  pen: 'M4 20h4L19 9l-4-4L4 16v4zM13 7l4 4',
  inbox: 'M4 13l3-8h10l3 8v5a1 1 0 01-1 1H5a1 1 0 01-1-1v-5zM4 13h4.5a3.5 3.5 0 007 0H20',
  search: 'M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l4.5 4.5',
  code: 'M8 7l-5 5 5 5M16 7l5 5-5 5',
} as const;

export type Drawing = keyof typeof drawings;

/** Says nothing to who can't see it: what it means stands beside it. */
export function Icon({ of, size = 24 }: { of: Drawing; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={drawings[of]} />
    </svg>
  );
}
