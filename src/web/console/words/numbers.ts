// Times and numbers, as people read them in each language.
import type { Language } from '../language.js';

const two = (value: number) => String(value).padStart(2, '0');

export interface ShownTime {
  /** 11-29 */
  day: string;
  /** 20:38:52 */
  time: string;
  /** .706 */
  fraction: string;
}

/** In the browser's own zone. */
export function shownTime(iso: string): ShownTime {
  const at = new Date(iso);
  return {
    day: `${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`,
    fraction: `.${String(at.getMilliseconds()).padStart(3, '0')}`,
  };
}

/** 2026-11-29 20:38:52.706 */
export function wholeTime(iso: string): string {
  const { day, time, fraction } = shownTime(iso);
  return `${new Date(iso).getFullYear()}-${day} ${time}${fraction}`;
}

/** 453 ms, 2.1 s, 3 min 20 s, 2 h 5 min */
export function duration(ms: number, language: Language): string {
  const [milli, second, minute, hour] =
    language === 'zh' ? ['毫秒', '秒', '分', '小时'] : ['ms', 's', 'min', 'h'];
  if (ms < 1_000) return `${Math.round(ms)} ${milli}`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} ${second}`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms % 60_000) / 1_000);
  if (minutes < 60) return seconds ? `${minutes} ${minute} ${seconds} ${second}` : `${minutes} ${minute}`;
  return `${Math.floor(minutes / 60)} ${hour} ${minutes % 60} ${minute}`;
}

/** 12,345 */
export const count = (value: number) => value.toLocaleString('en-US');

/** 1 record, 12,345 records; in English, of the languages here the one with a plural. */
export const recordsOf = (shown: string) => `${shown} ${shown === '1' ? 'record' : 'records'}`;

/** 98.7 %; whole where nothing is missing of it. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '—';
  const percent = (100 * part) / whole;
  // 99.97 % is not everything.
  const shown = percent > 99.9 && part < whole ? Math.floor(percent * 10) / 10 : percent;
  return `${Number.isInteger(shown) ? shown : shown.toFixed(1)}%`;
}

export function ago(at: number, now: number, language: Language): string {
  const s = Math.max(0, Math.round((now - at) / 1_000));
  const zh = language === 'zh';
  if (s < 60) return zh ? `${s} 秒前` : `${s} s ago`;
  if (s < 3_600) return zh ? `${Math.floor(s / 60)} 分钟前` : `${Math.floor(s / 60)} min ago`;
  if (s < 86_400) return zh ? `${Math.floor(s / 3_600)} 小时前` : `${Math.floor(s / 3_600)} h ago`;
  return zh ? `${Math.floor(s / 86_400)} 天前` : `${Math.floor(s / 86_400)} d ago`;
}
