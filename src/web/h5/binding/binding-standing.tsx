// Where a binding stands, as it changes, and what the person can do about it.
import { useRef } from 'react';
import { Empty } from '../elements/empty.js';
import { ErrorNotice } from '../elements/error-notice.js';
import type { Drawing } from '../elements/icon.js';
import { Loading } from '../elements/loading.js';
import { useFocusWithin } from '../elements/use-focus-within.js';
import { useLanguage, useWords } from '../language.js';
import { addressOf } from '../route.js';
import { canConfirm } from '../settings.js';
import { ConfirmCode } from './confirm-code.js';
import { LiveMark } from './live-mark.js';
import { hasEnded, type Standing } from './standing.js';
import { useStanding } from './use-standing.js';

const words = {
  zh: {
    none: '没有找到这次申请',
    noneText: '它不存在，或不属于当前登录的用户。',
    apply: '重新申请',
    another: '再绑定一个',
    sign: '去签约',
    signText: '将打开服务方的签约页面，签署后自动返回。',
    elsewhere: '请在收到短信的页面按提示完成验证，结果会自动显示在这里。',
    titles: {
      CODE_SENT: '验证码已发送',
      AWAITING_SIGNATURE: '等待签约',
      UNDER_REVIEW: '审核中',
      BOUND: '绑定成功',
      FAILED: '绑定未成功',
    },
    member: '会员编号',
    phone: '手机号',
    trace: '申请流水号',
    updated: '更新时间',
    request: '请求编号',
    erased: '已删除',
  },
  en: {
    none: 'There is no such application',
    noneText: 'It does not exist, or belongs to somebody else.',
    apply: 'Apply anew',
    another: 'Bind another one',
    sign: 'Go and sign',
    signText: "This opens the provider's signing page, which leads back here.",
    elsewhere: 'Please finish where the SMS tells you to; the result shows here by itself.',
    titles: {
      CODE_SENT: 'A code was sent',
      AWAITING_SIGNATURE: 'Waiting for the signature',
      UNDER_REVIEW: 'Under review',
      BOUND: 'Bound',
      FAILED: 'Not bound',
    },
    member: 'Member',
    phone: 'Phone',
    trace: 'Trace number',
    updated: 'Updated',
    request: 'Request',
    erased: 'erased',
  },
};

const looks: Record<Standing['status'], { drawing: Drawing; tone: 'good' | 'plain' | 'bad' }> = {
  CODE_SENT: { drawing: 'phone', tone: 'plain' },
  AWAITING_SIGNATURE: { drawing: 'pen', tone: 'plain' },
  UNDER_REVIEW: { drawing: 'clock', tone: 'plain' },
  BOUND: { drawing: 'done', tone: 'good' },
  FAILED: { drawing: 'refused', tone: 'bad' },
};

export function BindingStanding({ id }: { id: string }) {
  const text = useWords(words);
  const { standing, live, error, hear } = useStanding(id);
  const card = useRef<HTMLElement>(null);
  useFocusWithin(card, standing?.status);

  if (standing === null)
    return (
      <Empty drawing="search" title={text.none}>
        <p>{text.noneText}</p>
        <a className="button" href={addressOf('binding')}>
          {text.apply}
        </a>
      </Empty>
    );
  if (standing === undefined) return error ? <ErrorNotice error={error} /> : <Loading lines={14} />;

  const { drawing, tone } = looks[standing.status];
  return (
    <section ref={card} className="card">
      <LiveMark live={live} ended={hasEnded(standing)} />
      <div className="standing" data-tone={tone} role="status">
        <Empty drawing={drawing} title={text.titles[standing.status]}>
          <p>{standing.words}</p>
        </Empty>
      </div>
      <NextAct standing={standing} onHeard={hear} />
      {!asksForCode(standing) && <Details standing={standing} />}
      {hasEnded(standing) && (
        <a className="button second" href={addressOf('binding')}>
          {standing.status === 'BOUND' ? text.another : text.apply}
        </a>
      )}
    </section>
  );
}

/** Then nothing else is shown that would have to move when the code is answered. */
const asksForCode = ({ status }: Standing) => status === 'CODE_SENT' && canConfirm();

function NextAct({ standing, onHeard }: { standing: Standing; onHeard: (standing: Standing) => void }) {
  const text = useWords(words);
  switch (standing.status) {
    case 'AWAITING_SIGNATURE':
      return standing.signingUrl ? (
        <>
          <a className="button" href={standing.signingUrl}>
            {text.sign}
          </a>
          <p className="field-hint">{text.signText}</p>
        </>
      ) : null;
    case 'CODE_SENT':
      return asksForCode(standing) ? (
        <ConfirmCode id={standing.id} onHeard={onHeard} />
      ) : (
        <p className="field-hint">{text.elsewhere}</p>
      );
    default:
      return null;
  }
}

function Details({ standing }: { standing: Standing }) {
  const text = useWords(words);
  const language = useLanguage();
  const time = new Date(standing.updatedAt).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB');
  const rows = [
    [text.member, standing.memberId ?? text.erased],
    [text.phone, standing.maskedPhone ?? text.erased],
    [text.trace, standing.traceNumber ?? '—'],
    [text.request, standing.id],
    [text.updated, time],
  ];
  return (
    <dl className="details">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
