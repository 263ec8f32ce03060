// The drawings of the page, in lines of the text's own colour. They say nothing that the text beside them does not.
const drawings = {
  records: 'M4 6h16M4 12h16M4 18h10',
  summary: 'M5 20V11M12 20V4M19 20v-6',
  providers: 'M12 3v5M12 16v5M3 12h5M16 12h5M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8',
  integrity: 'M12 3 5 6v5.5c0 4.4 2.9 7.8 7 9.5 4.1-1.7 7-5.1 7-9.5V6zM9 12l2.2 2.2L15.2 10',
  filter: 'M4 6h16M7 12h10M10 18h4',
  close: 'M6 6l12 12M18 6 6 18',
  refresh: 'M20 11a8 8 0 1 0-1.6 5.8M20 5v6h-6',
  download: 'M12 4v11M7.5 10.8 12 15.3l4.5-4.5M5 20h14',
  play: 'M8 5.5v13l10-6.5z',
  pause: 'M8.5 5v14M15.5 5v14',
  copy: 'M9 9h10v11H9zM6 15H5V4h10v2',
  done: 'M5 12.5 10 17.5 19.5 7',
  refused: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9 9l6 6M15 9l-6 6',
  warning: 'M12 4 2.8 19.5h18.4zM12 10v4M12 17v.2',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6',
  erase: 'M8 20h12M14.5 4.5l5 5L10 19H6l-2.5-2.5z',
  offline:
    'M3 3l18 18M5 12.5a10 10 0 0 1 4.2-2.6M19 12.5a10 10 0 0 0-3.6-2.4M8.5 16a5 5 0 0 1 7 0M12 19.5v.1',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16.2 16.2 20.5 20.5',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.5V12l3 2',
  up: 'M6 14.5 12 8.5 18 14.5',
  down: 'M6 9.5 12 15.5 18 9.5',
  out: 'M14 4h5v16h-5M4 12h10M10.5 8.5 14 12l-3.5 3.5',
} as const;

export type Drawing = keyof typeof drawings;

export function Icon({ of, size = 16 }: { of: Drawing; size?: number }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={drawings[of]} />
    </svg>
  );
}
