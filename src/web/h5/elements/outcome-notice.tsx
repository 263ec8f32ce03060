// Every outcome of a mutation but the hoped-for one, in words. Mounted always, so that it is read out when it comes.
import type { OutcomeUnknownPartsFragment, RefusalPartsFragment } from '../../client/outcomes.generated.js';
import type { Asked } from '../asking/use-ask.js';
import { minutes, useCountdown } from '../asking/use-countdown.js';
import { useWords } from '../language.js';
import { ErrorNotice } from './error-notice.js';
import { Notice } from './notice.js';

const words = {
  zh: {
    refusal: {
      RATE_LIMITED: '操作太频繁',
      BUDGET_EXHAUSTED: '今日额度已用完',
      DESTINATION_NOT_ALLOWED: '不支持该地区的号码',
      HUMAN_CHECK_REQUIRED: '需要人机验证',
      ALREADY_DONE: '已经办理过',
      WRONG_CREDENTIALS: '密码不正确',
      WRONG_CODE: '验证码不正确',
      CODE_EXPIRED: '验证码已过期',
      NOT_ELIGIBLE: '不符合办理条件',
      REFUSED_BY_PROVIDER: '服务方未受理',
    },
    unknown: '结果暂时未知',
    again: (time: string) => `${time} 后可重试`,
    now: '现在可以重试',
  },
  en: {
    refusal: {
      RATE_LIMITED: 'Too often',
      BUDGET_EXHAUSTED: 'No more today',
      DESTINATION_NOT_ALLOWED: 'This country is not served',
      HUMAN_CHECK_REQUIRED: 'A human check is needed',
      ALREADY_DONE: 'Done already',
      WRONG_CREDENTIALS: 'Wrong password',
      WRONG_CODE: 'Wrong code',
      CODE_EXPIRED: 'The code has expired',
      NOT_ELIGIBLE: 'Conditions not met',
      REFUSED_BY_PROVIDER: 'Not accepted',
    },
    unknown: 'Not known yet',
    again: (time: string) => `Try again in ${time}`,
    now: 'You can try again now',
  },
};

type Outcome =
  | ({ __typename: 'Refusal' } & RefusalPartsFragment)
  | ({ __typename: 'OutcomeUnknown' } & OutcomeUnknownPartsFragment);

export function OutcomeNotice({ asked }: { asked: Asked<Outcome | { __typename: string }> }) {
  return (
    <div className="outcome" role="status">
      {asked.status === 'FAILED' && <ErrorNotice error={asked.error} />}
      {asked.status === 'ANSWERED' && isOther(asked.outcome) && (
        <Other outcome={asked.outcome} at={asked.at} />
      )}
    </div>
  );
}

const isOther = (outcome: Outcome | { __typename: string }): outcome is Outcome =>
  outcome.__typename === 'Refusal' || outcome.__typename === 'OutcomeUnknown';

function Other({ outcome, at }: { outcome: Outcome; at: number }) {
  const { refusal, unknown, again, now } = useWords(words);
  const seconds = useCountdown(outcome.retryAfterMs, at);
  const refused = outcome.__typename === 'Refusal';
  return (
    <Notice
      tone={refused ? 'bad' : 'careful'}
      title={refused ? refusal[outcome.code] : unknown}
      requestId={outcome.requestId}
    >
      <p>{outcome.message}</p>
      {/* Not read out each second. */}
      {outcome.retryAfterMs != null && (
        <p className="notice-wait" aria-live="off">
          {seconds > 0 ? again(minutes(seconds)) : now}
        </p>
      )}
    </Notice>
  );
}
