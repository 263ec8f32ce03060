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
  EVERYBODY: { zh: '已登录者全体发送过快', en: 'Too many messages by all who are signed in' },
  EVERYBODY_ANONYMOUS: { zh: '匿名者全体发送过快', en: 'Too many messages by all the anonymous' },
  DESTINATION: { zh: '发往该国家（地区）过多', en: 'Too many messages to one country' },
  DESTINATION_ANONYMOUS: { zh: '匿名发往该国家（地区）过多', en: 'Too many to one country by the anonymous' },
  CLIENT: { zh: '该前端发送过多', en: 'Too many messages by one front-end' },
  NETWORK: { zh: '同一网段发送过多', en: 'Too many messages from one network' },
  ADDRESS: { zh: '同一地址发送过多', en: 'Too many messages from one address' },
  ADDRESS_CHECK: { zh: '同一地址较多，须人机验证', en: 'Many from one address: a human check is wanted' },
  SERVICE: { zh: '该服务发送过多', en: 'Too many messages by one service' },
  ACTOR: { zh: '该用户发送过多', en: 'Too many messages by one person' },
  PHONE: { zh: '该号码发送过多', en: 'Too many messages to one phone' },
  PHONE_CHECKED: { zh: '该号码发送过多（已人机验证）', en: 'Too many to one phone, human check passed' },
  PHONE_ANONYMOUS: { zh: '该号码发送过多（匿名）', en: 'Too many to one phone by the anonymous' },
  GUESSES_ADDRESS: { zh: '同一地址尝试过多', en: 'Too many guesses from one address' },
  GUESSES_ACTOR: { zh: '该用户尝试过多', en: 'Too many guesses by one person' },
  GUESSES_ACCOUNT: { zh: '该账号的密码尝试过多', en: 'Too many guesses of one account' },
  GUESSES: { zh: '验证码或密码尝试过多', en: 'Too many guesses of one code or password' },
  POLLS_SERVICE: { zh: '该服务询问过多', en: 'Asked too often by one service' },
  POLLS: { zh: '该用户询问过多', en: 'Asked too often by one person' },
  CALLS_SERVICE: { zh: '该服务调用过多', en: 'Too many calls by one service' },
  CALLS: { zh: '该用户调用过多', en: 'Too many calls by one person' },
  DESTINATION_NOT_ALLOWED: { zh: '不向该国家（地区）发送', en: 'Numbers of this country are not served' },
  BUDGET: { zh: '今日短信预算已用尽', en: "Today's budget of messages is used up" },
  BUDGET_ANONYMOUS: { zh: '余下预算留给已登录者', en: 'The rest of the budget is for who is signed in' },
  BUDGET_CHECK: { zh: '预算过半，匿名须人机验证', en: 'Half the budget is gone: a human check is wanted' },
  HUMAN_CHECK_USED: { zh: '人机验证结果已用过', en: 'A solution of a human check was used before' },
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
