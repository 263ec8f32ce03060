// The SMS that the sandbox "delivered", newest first, as long as somebody looks.
import { useEffect, useState } from 'react';
import { codeDraft } from '../elements/draft.js';
import { Empty } from '../elements/empty.js';
import { Loading } from '../elements/loading.js';
import { useLanguage, useWords } from '../language.js';

interface Message {
  provider: string;
  phone: string;
  code: string;
  text: string;
  at: string;
}

const words = {
  zh: {
    title: '短信收件箱',
    none: '还没有短信',
    noneText: '获取验证码后，短信会出现在这里。',
    away: '沙箱没有运行',
    fill: (code: string) => `填入 ${code}`,
  },
  en: {
    title: 'SMS inbox',
    none: 'No SMS yet',
    noneText: 'Ask for a code, and the SMS shows here.',
    away: 'The sandbox is not running',
    fill: (code: string) => `Fill in ${code}`,
  },
};

const LOOK_EVERY_MS = 2_000;
const SHOWN = 20;

export function Inbox({ onTaken }: { onTaken: () => void }) {
  const text = useWords(words);
  const language = useLanguage();
  const messages = useMessages();

  return (
    <section className="inbox" aria-labelledby="inbox-title">
      <h3 id="inbox-title">{text.title}</h3>
      {messages === undefined && <Loading lines={2} />}
      {messages === null && <Empty drawing="offline" title={text.away} />}
      {messages?.length === 0 && (
        <Empty drawing="inbox" title={text.none}>
          <p>{text.noneText}</p>
        </Empty>
      )}
      <ul>
        {messages?.map((message) => (
          <li key={`${message.at} ${message.code}`} className="message">
            <p className="message-head">
              <strong>{message.phone}</strong>
              <time dateTime={message.at}>
                {new Date(message.at).toLocaleTimeString(language === 'zh' ? 'zh-CN' : 'en-GB')}
              </time>
            </p>
            <p lang="zh-CN">{message.text}</p>
            <button
              type="button"
              className="button second small"
              onClick={() => {
                codeDraft.set(message.code);
                onTaken();
              }}
            >
              {text.fill(message.code)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Undefined until known; null where there is no sandbox. */
function useMessages(): readonly Message[] | null | undefined {
  const [messages, setMessages] = useState<readonly Message[] | null>();
  useEffect(() => {
    let wanted = true;
    const look = async () => {
      try {
        const response = await fetch('/sandbox/inbox', { cache: 'no-store' });
        const all = response.ok ? ((await response.json()) as Message[]) : null;
        if (wanted) setMessages(all?.slice(0, SHOWN) ?? null);
      } catch {
        if (wanted) setMessages(null);
      }
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, []);
  return messages;
}
