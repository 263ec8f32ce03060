// A data source (an operator's or a shop's website) as Juxinli describes it, and as this server passes it on.
// Dates are a dump of Java's Calendar: the month counts from 0, and there is no zone.
import { z } from 'zod';
import type { Fields } from '../../audit/declared-fields.js';
import { wireCount, wireText } from '../json-answer.js';
import { shownWord, wireBoolean } from './wire.js';

/** @param org letters, digits, _ and - */
export function dataSourcesPath(org: string): string {
  return `/orgApi/rest/v2/orgs/${org}/datasources`;
}

export type DataSourceStatus = 'IN_DEVELOPMENT' | 'ONLINE' | 'OFFLINE' | 'UNKNOWN';

/** JSON-serialisable. What an older answer lacks, or what makes no sense, is undefined. */
export interface DataSource {
  id: string;
  /** Its key in later calls: chinamobilejs. */
  website: string;
  /** 江苏移动 */
  name: string;
  /** mobile, e_business … */
  category: string;
  categoryName?: string | undefined;
  status: DataSourceStatus;
  websiteCode?: number | undefined;
  smsRequired?: number | undefined;
  resetPasswordMethod?: number | undefined;
  resetPasswordFrozenTime?: number | undefined;
  captchaUserIdentified?: boolean | undefined;
  offlineTimes?: number | undefined;
  /** ISO 8601, UTC. */
  createdAt?: string | undefined;
  /** ISO 8601, UTC. */
  updatedAt?: string | undefined;
}

export const dataSourceFields: Fields<DataSource> = {
  id: 'clear',
  website: 'clear',
  name: 'clear',
  category: 'clear',
  categoryName: 'clear',
  status: 'clear',
  websiteCode: 'clear',
  smsRequired: 'clear',
  resetPasswordMethod: 'clear',
  resetPasswordFrozenTime: 'clear',
  captchaUserIdentified: 'clear',
  offlineTimes: 'clear',
  createdAt: 'clear',
  updatedAt: 'clear',
};

// None of these members decides anything, so an odd one is left out rather than the whole source.
const calendar = z
  .object({
    year: wireCount,
    /** 0 is January. */
    month: wireCount,
    dayOfMonth: wireCount,
    hourOfDay: wireCount,
    minute: wireCount,
    second: wireCount,
  })
  .optional()
  .catch(undefined);

type Calendar = z.output<typeof calendar>;

export const dataSourceShape = z.object({
  id: wireText,
  website: wireText.pipe(z.string().trim().min(1).max(64)),
  name: wireText,
  category: wireText,
  category_name: wireText,
  create_time: calendar,
  update_time: calendar,
  offline_times: wireCount,
  status: wireCount,
  website_code: wireCount,
  reset_pwd_method: wireCount,
  sms_required: wireCount,
  required_captcha_user_identified: wireBoolean.optional().catch(undefined),
  /** Absent in answers of 2016. */
  reset_pwd_frozen_time: wireCount,
});

const statuses: Readonly<Record<number, DataSourceStatus>> = {
  0: 'IN_DEVELOPMENT',
  1: 'ONLINE',
  2: 'OFFLINE',
};

/** @param utcOffsetMinutes of the clock that the dates were read from: 480 for Asia/Shanghai */
export function dataSourceOf(wire: z.output<typeof dataSourceShape>, utcOffsetMinutes: number): DataSource {
  return {
    id: shownWord(wire.id || wire.website),
    website: shownWord(wire.website),
    name: shownWord(wire.name || wire.website),
    category: shownWord(wire.category ?? ''),
    categoryName: shownWord(wire.category_name ?? '') || undefined,
    status: statuses[wire.status ?? -1] ?? 'UNKNOWN',
    websiteCode: wire.website_code,
    smsRequired: wire.sms_required,
    resetPasswordMethod: wire.reset_pwd_method,
    resetPasswordFrozenTime: wire.reset_pwd_frozen_time,
    captchaUserIdentified: wire.required_captcha_user_identified,
    offlineTimes: wire.offline_times,
    createdAt: instantOf(wire.create_time, utcOffsetMinutes),
    updatedAt: instantOf(wire.update_time, utcOffsetMinutes),
  };
}

function instantOf(wire: Calendar, utcOffsetMinutes: number): string | undefined {
  const { year, month, dayOfMonth: day } = wire ?? {};
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const { hourOfDay: hour = 0, minute = 0, second = 0 } = wire ?? {};
  const outside = year < 1970 || year > 9999 || month > 11 || day < 1 || day > 31;
  if (outside || hour > 23 || minute > 59 || second > 59) return undefined;
  return new Date(Date.UTC(year, month, day, hour, minute - utcOffsetMinutes, second)).toISOString();
}
