// Where the conversation stands: whom it is with, how long it can be gone on with, and its present step.
import { useEffect, useRef } from 'react';
import { api } from '../api.js';
import { minutes, useCountdown } from '../asking/use-countdown.js';
import { useFocusWithin } from '../elements/use-focus-within.js';
import { useLanguage, useWords } from '../language.js';
import { type Conversation, hear, isOver, lifeMs } from './conversation.js';
import { Ended } from './ended.js';
import { FindOperatorAuthentication } from './operator-authentication.generated.js';
import { Progress } from './progress.js';
import { PresentStep } from './steps/present-step.js';

const words = {
  zh: {
    left: (time: string) => `请在 ${time} 内完成`,
    lost: '此页面已无法继续',
    lostText: '为保护您的服务密码，续办凭据只保存在原页面的内存中。请重新申请。',
    expired: '本次认证已超时',
    expiredText: '运营商的会话只保留十分钟，请重新申请。',
  },
  en: {
    left: (time: string) => `${time} left`,
    lost: 'This page cannot go on',
    lostText:
      'To protect your service password, what it takes to go on stayed in the memory of the page before. Please apply anew.',
    expired: 'This took too long',
    expiredText: 'The operator keeps a conversation for ten minutes. Please apply anew.',
  },
};

export function ConversationView({ held }: { held: Conversation }) {
  const text = useWords(words);
  const { authentication, continuation, at } = held;
  const { step, dataSource, id } = authentication;
  const seconds = useCountdown(lifeMs(authentication), at);
  const over = isOver(step);
  const card = useRef<HTMLElement>(null);
  useInPresentLanguage(held);
  useFocusWithin(card, step);

  return (
    <>
      <Progress
        at={step.__typename === 'CollectionStarted' ? 'DONE' : 'ANSWERING'}
        failed={step.__typename === 'AuthenticationFailed'}
      />
      <section ref={card} className="card">
        <div className="source">
          <h2>{dataSource.name}</h2>
          {!over && continuation !== null && seconds > 0 && (
            <p aria-live="off">{text.left(minutes(seconds))}</p>
          )}
        </div>
        {continuation === null && !over ? (
          <Ended drawing="lock" title={text.lost} text={text.lostText} />
        ) : seconds === 0 && !over ? (
          <Ended drawing="clock" title={text.expired} text={text.expiredText} />
        ) : (
          <PresentStep
            step={step}
            answering={{ id, continuation: continuation ?? '' }}
            dataSource={dataSource}
          />
        )}
      </section>
    </>
  );
}

/** Prompts come in the language they were asked for in: for another one they are asked for anew. */
function useInPresentLanguage({ authentication: { id }, language: spoken }: Conversation) {
  const language = useLanguage();
  useEffect(() => {
    if (language === spoken) return;
    let wanted = true;
    api
      .query(FindOperatorAuthentication, { id })
      .then(({ operatorAuthentication: found }) => {
        if (wanted && found) hear(found);
      })
      // The old words will do.
      .catch(() => {});
    return () => {
      wanted = false;
    };
  }, [language, spoken, id]);
}
