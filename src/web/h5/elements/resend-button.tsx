// Has another code sent, as soon as that is allowed.
import type { Asked } from '../asking/use-ask.js';
import { useCountdown } from '../asking/use-countdown.js';
import { useWords } from '../language.js';

const words = {
  zh: {
    wait: (seconds: number) => `${seconds} 秒后可重新获取`,
    resend: '重新获取验证码',
    asking: '正在发送…',
  },
  en: {
    wait: (seconds: number) => `Another code in ${seconds} s`,
    resend: 'Send another code',
    asking: 'Sending…',
  },
};

interface ResendButtonProps {
  asked: Asked<unknown>;
  /** Null: no word on it, so at once. */
  afterMs: number | null;
  since: number;
  onResend: () => void;
}

export function ResendButton({ asked, afterMs, since, onResend }: ResendButtonProps) {
  const { wait, resend, asking } = useWords(words);
  const seconds = useCountdown(afterMs, since);
  const pending = asked.status === 'ASKING';
  const rests = seconds > 0 || pending;
  return (
    <button
      type="button"
      className="button second"
      aria-disabled={rests}
      onClick={() => {
        if (!rests) onResend();
      }}
    >
      {pending ? asking : seconds > 0 ? wait(seconds) : resend}
    </button>
  );
}
