// What was asked for, and what an entry says, in words.
import type { AuditEntryKind, BankCodePurpose, RequestKind } from '../../client/schema-types.generated.js';
import { purposeWords as bankPurposes } from '../../h5/bank-code/purposes.js';
import type { Language } from '../language.js';

export const kinds = [
  'VERIFICATION_CODE',
  'OPERATOR_AUTHENTICATION',
  'PHONE_BINDING',
  'USER_TOKEN',
  'WEBHOOK',
  'AUDIT_ACCESS',
] as const satisfies RequestKind[];

export const kindWords: Record<Language, Record<RequestKind, string>> = {
  zh: {
    VERIFICATION_CODE: '验证码',
    OPERATOR_AUTHENTICATION: '运营商认证',
    PHONE_BINDING: '手机号绑定',
    USER_TOKEN: '用户令牌',
    WEBHOOK: '异常通知',
    AUDIT_ACCESS: '查阅日志',
  },
  en: {
    VERIFICATION_CODE: 'Verification code',
    OPERATOR_AUTHENTICATION: 'Operator authentication',
    PHONE_BINDING: 'Phone binding',
    USER_TOKEN: 'User token',
    WEBHOOK: 'Stray notice',
    AUDIT_ACCESS: 'Access to the log',
  },
};

export const entryWords: Record<Language, Record<AuditEntryKind, string>> = {
  zh: {
    INTENT: '请求',
    OUTCOME: '结果',
    CALLBACK: '服务商通知',
    READ: '查阅',
    REVEAL: '揭示',
    EXPORT: '导出',
    ERASE: '抹除',
  },
  en: {
    INTENT: 'Intent',
    OUTCOME: 'Outcome',
    CALLBACK: "Provider's notice",
    READ: 'Read',
    REVEAL: 'Revealed',
    EXPORT: 'Exported',
    ERASE: 'Erased',
  },
};

export const entryMeanings: Record<Language, Record<AuditEntryKind, string>> = {
  zh: {
    INTENT: '调用服务商之前写入',
    OUTCOME: '答复任何人之前写入',
    CALLBACK: '服务商发来的通知',
    READ: '审计员查阅了记录',
    REVEAL: '管理员查看了明文',
    EXPORT: '导出了记录',
    ERASE: '个人数据已不可读',
  },
  en: {
    INTENT: 'written before the provider is called',
    OUTCOME: 'written before anybody is told',
    CALLBACK: 'the provider told us of its own accord',
    READ: 'an auditor read records',
    REVEAL: 'an admin saw a record unmasked',
    EXPORT: 'records were exported',
    ERASE: "a person's data was made unreadable",
  },
};

type Texts = Record<string, Record<Language, string> | undefined>;

const otherPurposes: Texts = {
  REGISTER: { zh: '注册', en: 'Register' },
  RESET_PASSWORD: { zh: '找回密码', en: 'Reset the password' },
  OTHER: { zh: '其他场景', en: 'Another scene' },
  LEGAL_PERSON: { zh: '法人手机', en: 'Legal person' },
  ONLINE: { zh: '线上授权', en: 'Signed online' },
  OFFLINE: { zh: '线下授权', en: 'Signed on paper' },
  TEACHER: { zh: '老师', en: 'Teacher' },
  PARENT: { zh: '家长（学生）', en: 'Parent or student' },
  SUBMIT_PASSWORD: { zh: '提交服务密码', en: 'Service password' },
  SUBMIT_CAPTCHA: { zh: '提交短信验证码', en: 'SMS code' },
  RESEND_CAPTCHA: { zh: '重发短信验证码', en: 'Another SMS code' },
  SUBMIT_QUERY_PASSWORD: { zh: '提交查询密码', en: 'Query password' },
};

/** Those that have words; a provider may have more. */
export const purposes: readonly string[] = [...Object.keys(otherPurposes), ...Object.keys(bankPurposes)];

const accesses: Texts = {
  auditRecords: { zh: '查阅一页', en: 'Read a page' },
  auditRecord: { zh: '查看一条', en: 'Read one' },
  auditRecordAdded: { zh: '打开实时', en: 'Opened it live' },
  revealAuditRecord: { zh: '揭示明文', en: 'Revealed one' },
  eraseSubject: { zh: '抹除个人', en: 'Erased a person' },
  'audit:export': { zh: '导出', en: 'Exported' },
};

export function accessWords(operation: string, language: Language): string {
  return (Object.hasOwn(accesses, operation) && accesses[operation]?.[language]) || operation;
}

/** A purpose that nobody has put into words stands for itself. */
export function purposeWords(purpose: string, language: Language): string {
  if (Object.hasOwn(bankPurposes, purpose)) return bankPurposes[purpose as BankCodePurpose][language];
  return (Object.hasOwn(otherPurposes, purpose) && otherPurposes[purpose]?.[language]) || purpose;
}
