// A fault in words, by its code: its message is for developers.
import type { ReactNode } from 'react';
import type { ApiError } from '../../client/api-error.js';
import { useWords } from '../language.js';
import { Notice } from './notice.js';

interface Told {
  title: string;
  text: string;
}

const words: Record<'zh' | 'en', Record<string, Told> & { other: Told }> = {
  zh: {
    NO_ANSWER: {
      title: '没有收到回应',
      text: '请求可能已经送达。请再点一次：同一请求不会重复发送。',
    },
    UNAUTHENTICATED: { title: '请先登录', text: '登录后即可继续。' },
    FORBIDDEN: { title: '无权办理', text: '当前登录的身份不能为填写的编号办理。' },
    BAD_USER_INPUT: { title: '请检查填写的内容', text: '有一项内容未被接受。' },
    PROVIDER_UNAVAILABLE: { title: '服务方暂时无法连接', text: '没有发出任何请求，请稍后再试。' },
    PROVIDER_NOT_CONFIGURED: { title: '此功能尚未开通', text: '请联系系统管理员。' },
    AUDIT_UNAVAILABLE: { title: '系统暂时不可用', text: '没有发出任何请求，请稍后再试。' },
    OVERLOADED: { title: '当前使用的人较多', text: '请稍后再试。' },
    other: { title: '出了点问题', text: '请稍后再试；再次提交不会重复办理。' },
  },
  en: {
    NO_ANSWER: {
      title: 'No answer came',
      text: 'The request may have arrived. Just tap again: the same request is never carried out twice.',
    },
    UNAUTHENTICATED: { title: 'Please sign in', text: 'You can go on when you have signed in.' },
    FORBIDDEN: {
      title: 'Not allowed',
      text: 'You are signed in as somebody who may not act for these numbers.',
    },
    BAD_USER_INPUT: { title: 'Please check what you entered', text: 'Something was not accepted.' },
    PROVIDER_UNAVAILABLE: {
      title: 'The provider cannot be reached',
      text: 'Nothing was sent. Please try again later.',
    },
    PROVIDER_NOT_CONFIGURED: {
      title: 'Not available here',
      text: 'Please ask the people who run this service.',
    },
    AUDIT_UNAVAILABLE: { title: 'Not available just now', text: 'Nothing was sent. Please try again later.' },
    OVERLOADED: { title: 'Very busy just now', text: 'Please try again shortly.' },
    other: { title: 'Something went wrong', text: 'Please try again; nothing is carried out twice.' },
  },
};

interface ErrorNoticeProps {
  error: ApiError;
  /** Instead of the usual advice, where nothing has to be done. */
  children?: ReactNode;
}

export function ErrorNotice({ error, children }: ErrorNoticeProps) {
  const told = useWords(words);
  const { title, text } = told[error.code] ?? told.other;
  const tone = children || error.code === 'NO_ANSWER' ? 'careful' : 'bad';
  return (
    <Notice tone={tone} title={title} requestId={error.requestId}>
      {children ?? <p>{text}</p>}
    </Notice>
  );
}
