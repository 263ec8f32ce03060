// What a person reads at each state of the conversation: the provider's words in Chinese where it gave any,
// ours otherwise.
import type { Language, Text } from '../../language.js';
import type { CaptchaReason, Conversation } from './conversation.js';

const captchaWords: Readonly<Record<CaptchaReason, Text>> = {
  FIRST: { zh: '请输入短信验证码', en: 'Enter the code from the SMS' },
  SECOND: { zh: '请再次输入新收到的短信验证码', en: 'Enter the code from the second SMS' },
  WRONG: { zh: '短信验证码错误，请重新输入', en: 'The code is wrong; enter it again' },
  EXPIRED_AND_RESENT: {
    zh: '短信验证码已失效，新的验证码已发送',
    en: 'The code has expired; enter the new one',
  },
  RESENT: { zh: '短信验证码已重新发送', en: 'A new code was sent; enter it' },
};

const bySms: Text = {
  zh: '请用本机发送短信 CXXD 到 10001 获取验证码',
  en: 'Text CXXD to 10001 from this phone to get a code, then enter it',
};

function ownWords(state: Conversation): Text {
  const { name } = state.source;
  switch (state.kind) {
    case 'AWAITING_PASSWORD':
      return state.retry
        ? { zh: `${name}密码错误，请重新输入`, en: `The password for ${name} is wrong; enter it again` }
        : { zh: `请输入${name}的服务密码`, en: `Enter the service password for ${name}` };
    case 'AWAITING_CAPTCHA':
      return state.requestBySms && state.reason !== 'WRONG' ? bySms : captchaWords[state.reason];
    case 'AWAITING_QUERY_PASSWORD':
      return state.retry
        ? { zh: '查询密码错误，请重新输入', en: 'The query password is wrong; enter it again' }
        : { zh: '请输入查询密码', en: 'Enter the query password' };
    case 'WAITING':
      return { zh: '正在处理，请稍候', en: 'Still being processed' };
    case 'PASSWORD_RESET_REQUIRED':
      return {
        zh: '服务密码过于简单或为初始密码，请修改后再提交',
        en: 'The password is too simple or still the initial one; change it at the operator, then submit it',
      };
    case 'COLLECTION_STARTED':
      return { zh: '认证成功，已开始采集', en: 'Authenticated; collecting has begun' };
    case 'FAILED':
      return { zh: '认证失败，请重新申请', en: 'The authentication failed; apply again' };
  }
}

/** The `prompt` or `message` of a step. */
export function wordsOf(state: Conversation, language: Language): string {
  const theirs = 'prompt' in state ? state.prompt : 'message' in state ? state.message : '';
  const ours = ownWords(state)[language];
  if (language === 'zh') return theirs || ours;
  // Only the provider knows why it failed.
  return state.kind === 'FAILED' && theirs ? `${ours} (${theirs})` : ours;
}
