// The code is on its way: where to, how long it counts, when another may be had, and where to enter it.
import { useRef, useState } from 'react';
import type { Asked } from '../asking/use-ask.js';
import { minutes, useCountdown } from '../asking/use-countdown.js';
import { CodeField, useCodeWords } from '../elements/code-field.js';
import { Form } from '../elements/form.js';
import { Notice } from '../elements/notice.js';
import { OutcomeNotice } from '../elements/outcome-notice.js';
import { ResendButton } from '../elements/resend-button.js';
import { useFocusWithin } from '../elements/use-focus-within.js';
import { useWords } from '../language.js';

const words = {
  zh: {
    sentTo: '验证码已发送至',
    another: '更换手机号',
    valid: (time: string) => `${time} 内有效`,
    expired: '验证码已过期，请重新获取',
    submit: '提交验证码',
    next: '验证码已填写',
    nextText: '验证码由账号系统自己校验：请将手机号与验证码一并提交给它的注册接口。本服务不保存验证码。',
    replayed: '这是同一请求的重复回应，没有再发一条短信。',
  },
  en: {
    sentTo: 'A code was sent to',
    another: 'Another number',
    valid: (time: string) => `Valid for ${time}`,
    expired: 'The code has expired. Please ask for another',
    submit: 'Submit the code',
    next: 'The code is entered',
    nextText:
      'The account system checks it: hand phone and code to its own registration. This service keeps no codes.',
    replayed: 'This repeats an earlier answer; no second SMS was sent.',
  },
};

export interface Sent {
  phone: string;
  maskedPhone: string | null;
  expiresInMs: number | null;
  resendAfterMs: number | null;
  requestId: string;
  replayed: boolean;
  /** When the answer came; its times count from then. */
  at: number;
}

interface CodeSentProps {
  sent: Sent;
  /** The request for the next code. */
  asked: Asked<{ __typename: string }>;
  onResend: () => void;
  onChange: () => void;
}

export function CodeSent({ sent, asked, onResend, onChange }: CodeSentProps) {
  const text = useWords(words);
  const { missing } = useCodeWords();
  const validFor = useCountdown(sent.expiresInMs, sent.at);
  const [entered, setEntered] = useState(false);
  const card = useRef<HTMLElement>(null);
  useFocusWithin(card, null);
  const validity = validFor > 0 ? text.valid(minutes(validFor)) : text.expired;

  return (
    <section ref={card} className="card">
      <div className="sent" role="status">
        <p>
          {text.sentTo} <strong>{sent.maskedPhone ?? sent.phone}</strong>
        </p>
        <button type="button" className="link" onClick={onChange}>
          {text.another}
        </button>
      </div>
      <Form check={({ code }) => ({ code: code ? null : missing })} onSubmit={() => setEntered(true)}>
        <CodeField hint={sent.expiresInMs === null ? undefined : validity} />
        <button type="submit" className="button">
          {text.submit}
        </button>
        <ResendButton asked={asked} afterMs={sent.resendAfterMs} since={sent.at} onResend={onResend} />
      </Form>
      <OutcomeNotice asked={asked} />
      <div className="outcome" role="status">
        {entered && (
          <Notice tone="good" title={text.next} requestId={sent.requestId}>
            <p>{text.nextText}</p>
          </Notice>
        )}
        {sent.replayed && <p className="field-hint">{text.replayed}</p>}
      </div>
    </section>
  );
}
