// Which rule of ours denied a request, or why its outcome is not known, in words.
import type { Language } from '../language.js';

const rules: Record<string, Record<Language, string> | undefined> = {
  DEADLINE: { zh: '超过时限没有答复', en: 'No answer within the deadline' },
  UNREADABLE: { zh: '答复无法解读', en: 'The answer cannot be read' },
  INTERNAL: { zh: '我方内部错误', en: 'An error of our own' },
  IN_DOUBT: { zh: '进程中断，事后发现', en: 'The process was cut off; found afterwards' },
  BREAKER_OPEN: { zh: '熔断中，未发出', en: 'The breaker is open: not sent' },
  ECONNREFUSED: { zh: '连接被拒绝，未发出', en: 'Connection refused: not sent' },
  ENOTFOUND: { zh: '域名解析失败，未发出', en: 'Address not found: not sent' },
  EAI_AGAIN: { zh: '域名解析失败，未发出', en: 'Address not found: not sent' },
  ECONNRESET: { zh: '连接被重置', en: 'The connection was reset' },
  EPIPE: { zh: '连接已断开', en: 'The connection was closed' },
  UND_ERR_SOCKET: { zh: '连接中途断开', en: 'The connection broke off' },
  UND_ERR_CONNECT_TIMEOUT: { zh: '连接超时，未发出', en: 'Connecting took too long: not sent' },
  UND_ERR_HEADERS_OVERFLOW: { zh: '响应头过大', en: "The answer's headers are too large" },
  HPE_INVALID_CONSTANT: { zh: '不是 HTTP 答复', en: 'The answer is no HTTP' },
  FORGED_NOTICE: { zh: '通知签名无效', en: 'A notice with a wrong signature' },
  MALFORMED_NOTICE: { zh: '通知格式错误', en: 'A malformed notice' },
  UNMATCHED_NOTICE: { zh: '通知与任何申请都不对应', en: 'A notice that belongs to nothing' },
  DUPLICATE_NOTICE: { zh: '重复的通知', en: 'A notice that came before' },
};

/** Null where the rule stands for itself. */
export function ruleWords(rule: string, language: Language): string | null {
  const status = /^HTTP_(\d{3})$/.exec(rule)?.[1];
  if (status) return language === 'zh' ? `服务商返回 HTTP ${status}` : `The provider answered HTTP ${status}`;
  return (Object.hasOwn(rules, rule) && rules[rule]?.[language]) || null;
}
