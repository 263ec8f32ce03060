// Shows what a record hides, to an admin who says why, and says it twice; hidden again after a while.
import { Button, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { ApiError } from '../../client/api-error.js';
import { api } from '../api.js';
import { asApiError } from '../asking/use-query.js';
import { FailureLine } from '../elements/failure.js';
import { Icon } from '../elements/icon.js';
import { useWords } from '../language.js';
import { Value } from './detail.js';
import { isReason, ReasonField } from './reason-field.js';
import { RevealRecord, type RevealRecordMutation } from './reveal-record.generated.js';

const words = {
  zh: {
    open: '揭示明文',
    lead: '查看这条记录里的个人信息。您的身份与理由会先写入日志。',
    erased: '个人数据已抹除，没有可揭示的内容。',
    title: '揭示明文',
    next: '下一步',
    cancel: '取消',
    back: '返回修改',
    sure: '确定揭示？',
    sureText: '确定后，日志里会永久留下一条“揭示”条目：',
    reveal: '确定揭示',
    shown: '明文',
    request: '请求',
    result: '应答',
    nothing: '没有内容',
    hide: '立即隐藏',
    hiding: '两分钟后自动隐藏；请勿截屏或转发。',
  },
  en: {
    open: 'Reveal',
    lead: 'See the personal data in this record. Who you are and why is written to the log first.',
    erased: "The person's data was erased; there is nothing to reveal.",
    title: 'Reveal this record',
    next: 'Go on',
    cancel: 'Cancel',
    back: 'Back',
    sure: 'Reveal it?',
    sureText: 'The log will keep this for good:',
    reveal: 'Yes, reveal it',
    shown: 'In the clear',
    request: 'Request',
    result: 'Answer',
    nothing: 'nothing',
    hide: 'Hide now',
    hiding: 'Hidden again after two minutes; please take no pictures of it.',
  },
};

const SHOWN_MS = 120_000;
type Revealed = RevealRecordMutation['revealAuditRecord'];

export function Reveal({ id, erased }: { id: string; erased: boolean }) {
  const text = useWords(words);
  const [asking, setAsking] = useState<'NO' | 'REASON' | 'SURE' | 'WAITING'>('NO');
  const [reason, setReason] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const [revealed, setRevealed] = useState<Revealed | null>(null);
  useEffect(() => {
    if (!revealed) return;
    const timer = setTimeout(() => setRevealed(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [revealed]);

  const reveal = async () => {
    setAsking('WAITING');
    setError(null);
    try {
      setRevealed(await api.mutate(RevealRecord, { id, reason: reason.trim() }));
      setAsking('NO');
      setReason('');
    } catch (cause) {
      setError(asApiError(cause));
      setAsking('SURE');
    }
  };
  const close = () => {
    setAsking('NO');
    setError(null);
  };
  const shown = erased ? null : revealed;
  const sure = asking === 'SURE' || asking === 'WAITING';
  return (
    <div className="act">
      <p>{erased ? text.erased : text.lead}</p>
      {!shown && (
        <Button icon={<Icon of="eye" />} disabled={erased} onClick={() => setAsking('REASON')}>
          {text.open}
        </Button>
      )}
      {shown && <Shown revealed={shown} onHide={() => setRevealed(null)} />}
      <Modal
        open={asking !== 'NO'}
        title={sure ? text.sure : text.title}
        onCancel={close}
        closeIcon={<Icon of="close" />}
        destroyOnHidden
        footer={
          sure ? (
            <>
              <Button onClick={() => setAsking('REASON')}>{text.back}</Button>
              <Button key="reveal" type="primary" danger loading={asking === 'WAITING'} onClick={reveal}>
                {text.reveal}
              </Button>
            </>
          ) : (
            <>
              <Button onClick={close}>{text.cancel}</Button>
              <Button
                key="next"
                type="primary"
                disabled={!isReason(reason)}
                onClick={() => setAsking('SURE')}
              >
                {text.next}
              </Button>
            </>
          )
        }
      >
        {sure ? (
          <>
            <p>{text.sureText}</p>
            <SaidReason>{reason.trim()}</SaidReason>
            {error && <FailureLine error={error} />}
          </>
        ) : (
          <ReasonField value={reason} onChange={setReason} />
        )}
      </Modal>
    </div>
  );
}

/** Takes the focus: the Enter that led here, held or pressed twice, must not confirm. */
function SaidReason({ children }: { children: string }) {
  const said = useRef<HTMLQuoteElement>(null);
  useEffect(() => said.current?.focus(), []);
  return (
    <blockquote className="said-reason" ref={said} tabIndex={-1}>
      {children}
    </blockquote>
  );
}

function Shown({ revealed, onHide }: { revealed: Revealed; onHide: () => void }) {
  const text = useWords(words);
  return (
    <section className="revealed" aria-label={text.shown}>
      <p className="revealed-head">
        <Icon of="eye" />
        <strong>{text.shown}</strong>
        <Button size="small" onClick={onHide}>
          {text.hide}
        </Button>
      </p>
      <dl className="facts">
        {(['request', 'result'] as const).map((name) => (
          <div key={name} data-whole={revealed[name] !== null}>
            <dt>{text[name]}</dt>
            <dd>
              {revealed[name] === null ? (
                <span className="quiet">{text.nothing}</span>
              ) : (
                <Value value={revealed[name]} />
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p className="part-lead">{text.hiding}</p>
    </section>
  );
}
