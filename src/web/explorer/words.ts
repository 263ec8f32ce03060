// Every word of the bar, in both languages; Chinese unless asked otherwise.
import type { Role } from './operations.js';

export type Language = 'zh' | 'en';

/** The value of Accept-Language and of html lang. */
export const languageTag: Record<Language, string> = { zh: 'zh-CN', en: 'en' };

interface Words {
  examples: string;
  role: string;
  roleHint: string;
  roles: Record<Role, string>;
  token: string;
  tokenHint: string;
  tokenPlaceholder: string;
  noToken: string;
  inbox: string;
  inboxHint: string;
  otherLanguage: string;
}

export const words: Record<Language, Words> = {
  zh: {
    examples: '示例',
    role: '身份',
    roleHint: '每个标签页各有身份；请求带上该身份的开发令牌',
    roles: { anonymous: '匿名', user: '用户', service: '服务', auditor: '审计员', admin: '管理员' },
    token: '令牌',
    tokenHint: '此处不签发开发令牌：请粘贴自己的令牌；留空即匿名。只留在内存里',
    tokenPlaceholder: '粘贴令牌',
    noToken: '没拿到令牌',
    inbox: '短信收件箱',
    inboxHint: '沙箱“送达”的短信，在新标签页打开',
    otherLanguage: 'English',
  },
  en: {
    examples: 'Examples',
    role: 'Role',
    roleHint: 'Each tab keeps its own role; requests carry a development token for it',
    roles: { anonymous: 'anonymous', user: 'user', service: 'service', auditor: 'auditor', admin: 'admin' },
    token: 'Token',
    tokenHint: 'No development tokens here: paste your own; empty is anonymous. Kept in memory only',
    tokenPlaceholder: 'Paste a token',
    noToken: 'No token received',
    inbox: 'SMS inbox',
    inboxHint: 'The SMS that the sandbox "delivered", in a new tab',
    otherLanguage: '中文',
  },
};
