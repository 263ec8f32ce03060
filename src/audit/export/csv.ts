// Records as CSV (RFC 4180) that opens right in a spreadsheet: UTF-8 with a byte order mark, headings in Chinese and
// English. What a spreadsheet would run as a formula, or read as another value than is written, gets a ' before it.
import { type RecordMember, recordMembers, type ShownRecord } from './record-members.js';

const headings: Record<RecordMember, string> = {
  id: '请求编号',
  kind: '类型',
  provider: '服务商',
  operation: '操作',
  purpose: '用途',
  outcome: '结果',
  maskedPhone: '手机号（掩码）',
  actor: '操作者',
  client: '前端',
  flow: '流程',
  providerCode: '服务商代码',
  providerReference: '服务商流水号',
  rule: '规则',
  retryAfterMs: '重试间隔（毫秒）',
  replays: '重复次数',
  createdAt: '创建时间（UTC）',
  settledAt: '完成时间（UTC）',
  latencyMs: '耗时（毫秒）',
  erasedAt: '抹除时间（UTC）',
};

const BYTE_ORDER_MARK = '\ufeff';

export function csvHead(): string {
  const named = recordMembers.map((name) => `${headings[name]} ${name}`);
  return BYTE_ORDER_MARK + row([...named, '请求（掩码） request', '应答（掩码） result', '链上位置 entries']);
}

export interface CsvEntry {
  chain: string;
  position: number;
  kind: string;
  detail: Record<string, unknown> | null;
}

export function csvRow(record: ShownRecord, entries: readonly CsvEntry[]): string {
  const masked = (kind: string, member: string) => {
    const value = entries.find((entry) => entry.kind === kind && entry.detail?.[member] !== undefined)
      ?.detail?.[member];
    return value === undefined ? null : JSON.stringify(value);
  };
  const places = entries.map(({ chain, position }) => `${chain}:${position}`).join(' ');
  return row([
    ...recordMembers.map((name) => record[name]),
    masked('INTENT', 'request'),
    masked('OUTCOME', 'result'),
    places,
  ]);
}

function row(values: readonly (string | number | null)[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/**
 * Begins like a formula, also in full-width signs and after space, or like what is no text to a spreadsheet; or has a
 * part that does, where a spreadsheet takes semicolons or tabs for the ends of cells.
 */
const formula = /(?:^|[;\t])[\s\u00a0\u3000]*[=+\-@＝＋－＠\t\r\n]/;
/** Twelve digits are shown rounded, leading zeros are dropped, and 1E5 is a hundred thousand. */
const reread = /^(\d{12,}|0\d+|\d+[eE]\d+)$/;

export function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = formula.test(value) || reread.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
