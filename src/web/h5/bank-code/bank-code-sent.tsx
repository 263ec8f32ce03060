// What the bank's next operation needs of a code that was sent.
import { minutes, useCountdown } from '../asking/use-countdown.js';
import { Notice } from '../elements/notice.js';
import { useWords } from '../language.js';

const words = {
  zh: {
    title: (phone: string | null) => (phone ? `验证码已发送至 ${phone}` : '验证码已发送至银行预留的手机号'),
    valid: (time: string) => `${time} 内有效`,
    expired: '验证码已过期，请重新获取',
    task: '银行任务号',
    next: '请将任务号与短信中的验证码一并交给银行的下一步操作。',
  },
  en: {
    title: (phone: string | null) =>
      phone ? `A code was sent to ${phone}` : 'A code was sent to the phone that the bank holds',
    valid: (time: string) => `Valid for ${time}`,
    expired: 'The code has expired. Please ask for another',
    task: "The bank's task",
    next: "Hand the task and the code of the SMS to the bank's next operation.",
  },
};

export interface SentByBank {
  requestId: string;
  maskedPhone: string | null;
  expiresInMs: number | null;
  taskId: string | null;
  /** When the answer came. */
  at: number;
}

export function BankCodeSent({ sent }: { sent: SentByBank }) {
  const text = useWords(words);
  const seconds = useCountdown(sent.expiresInMs, sent.at);
  return (
    <Notice tone="good" title={text.title(sent.maskedPhone)} requestId={sent.requestId}>
      {sent.taskId && (
        <p className="task">
          {text.task} <code>{sent.taskId}</code>
        </p>
      )}
      <p>{text.next}</p>
      {sent.expiresInMs !== null && (
        <p className="notice-wait" aria-live="off">
          {seconds > 0 ? text.valid(minutes(seconds)) : text.expired}
        </p>
      )}
    </Notice>
  );
}
