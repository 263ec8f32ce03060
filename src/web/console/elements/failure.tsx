// Why nothing could be learned, in words for people; and what to do.
import { Button } from 'antd';
import type { ApiError } from '../../client/api-error.js';
import { useOnline } from '../asking/use-online.js';
import { useWords } from '../language.js';
import { signOut } from '../signing-in/session.js';
import { Icon } from './icon.js';
import { State } from './state.js';

const words = {
  zh: {
    again: '重试',
    request: '请求编号',
    other: '换一个令牌',
    offline: ['网络已断开', '联网后可继续；已载入的内容仍可查看。'],
    NO_ANSWER: ['没有收到回应', '服务可能正在重启，或网络不通。'],
    FORBIDDEN: ['没有审计权限', '此令牌的角色里没有 auditor 或 admin。记录只对审计员开放。'],
    AUDIT_UNAVAILABLE: ['日志暂时不可用', '查阅须先写入日志；现在写不进去，所以什么也不显示。'],
    OVERLOADED: ['服务繁忙', '请稍候再试。'],
    BAD_USER_INPUT: ['有一项条件不被接受', '请检查筛选条件。'],
    unknown: ['出错了', '请重试；若仍不行，请把请求编号交给运维。'],
  },
  en: {
    again: 'Try again',
    request: 'Request',
    other: 'Use another token',
    offline: ['You are offline', 'Go on when the network is back; what was loaded can still be read.'],
    NO_ANSWER: ['No answer came', 'The server may be restarting, or the network is down.'],
    FORBIDDEN: [
      'Not allowed',
      'This token has neither the role auditor nor admin. Records are for auditors only.',
    ],
    AUDIT_UNAVAILABLE: [
      'The log cannot be written',
      'Reading is itself logged first. As that cannot be done now, nothing is shown.',
    ],
    OVERLOADED: ['The server is busy', 'Please try again in a moment.'],
    BAD_USER_INPUT: ['A condition was not taken', 'Please check the filters.'],
    unknown: ['Something went wrong', 'Try again; if it stays so, hand the request number to operations.'],
  },
};

export function useFailureWords(error: ApiError): readonly [title: string, text: string] {
  const text = useWords(words);
  const online = useOnline();
  const { code } = error;
  const [title = '', what = ''] =
    code === 'NO_ANSWER' && !online
      ? text.offline
      : Object.hasOwn(text, code)
        ? (text[code as 'NO_ANSWER'] ?? text.unknown)
        : text.unknown;
  return [title, what];
}

/** In place of what could not be loaded. */
export function Failure({ error, onAgain }: { error: ApiError; onAgain: () => void }) {
  const text = useWords(words);
  const [title, what] = useFailureWords(error);
  const forbidden = error.code === 'FORBIDDEN';
  return (
    <div role="alert">
      <State
        drawing={forbidden ? 'lock' : error.code === 'NO_ANSWER' ? 'offline' : 'warning'}
        tone={forbidden || error.code === 'NO_ANSWER' ? 'careful' : 'bad'}
        title={title}
      >
        <p>{what}</p>
        {forbidden ? (
          <Button onClick={signOut}>{text.other}</Button>
        ) : (
          <Button onClick={onAgain} icon={<Icon of="refresh" />}>
            {text.again}
          </Button>
        )}
        {error.requestId && (
          <p className="state-request">
            {text.request} <code>{error.requestId}</code>
          </p>
        )}
      </State>
    </div>
  );
}

interface FailureLineProps {
  error: ApiError;
  onAgain?: () => void;
  /** Over what is still shown of before, which stays where it is. */
  floating?: boolean;
}

export function FailureLine({ error, onAgain, floating = false }: FailureLineProps) {
  const text = useWords(words);
  const [title, what] = useFailureWords(error);
  return (
    <div className="line" data-tone="bad" data-floating={floating} role="alert">
      <Icon of="warning" />
      <span>
        <strong>{title}</strong> {what}
        {error.requestId && (
          <>
            {' '}
            {text.request} <code>{error.requestId}</code>
          </>
        )}
      </span>
      {onAgain && (
        <Button size="small" onClick={onAgain}>
          {text.again}
        </Button>
      )}
    </div>
  );
}
